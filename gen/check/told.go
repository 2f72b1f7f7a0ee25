package check

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// told checks what the connection makes of the facts that the machines below
// tell it: one that has ended is fed no more, and one that is fed no more has
// ended.
func (c *checker) told(machines []*machine) {
	i := slices.IndexFunc(machines, func(m *machine) bool { return c.v.Coupled(m.Name) })
	if i < 0 {
		return
	}
	connection := machines[i]
	for _, m := range machines {
		switch m.Name {
		case spec.MachineHandshake:
			m.tells(connection, spec.InputHandshake)
		case spec.MachineFrame, spec.MachineMessage:
			m.tells(connection, spec.InputFrame)
		}
	}
}

// tells checks what comes of the facts that a machine tells the connection, which
// feeds it in states of that input.
func (m *machine) tells(connection *machine, input string) {
	answers, said := connection.answersIn(input), map[string]bool{}
	for _, s := range m.States {
		for _, r := range m.allArrows(s) {
			fact := m.v.Tells(m.Machine, r)
			if fact == "" {
				continue
			}
			ended, fed := m.State(r.To).Final, false
			for _, answer := range answers[fact] {
				fed = true
				if ended && !said[fact] {
					m.Add(FedOn, answer.At.Of("to", answer.Pos), "", "%q feeds the machine %s, which has ended where it tells %q", answer.To, m.Name, fact)
				}
			}
			said[fact] = said[fact] || ended
			if !ended && !fed {
				m.Add(FedOn, r.At.Of("to", r.Pos), "", "%q is no final state, but where %q tells %q the machine %s is fed no more", r.To, s.Name, fact, m.Name)
			}
		}
	}
}

// answersIn are the rows of the connection from states of an input to states of the
// same input, by event.
func (m *machine) answersIn(input string) map[string][]*spec.Rule {
	answers := make(map[string][]*spec.Rule)
	for _, s := range m.States {
		if s.Input != input {
			continue
		}
		for _, r := range m.allArrows(s) {
			if m.State(r.To).Input == input {
				answers[r.Event] = append(answers[r.Event], r)
			}
		}
	}
	return answers
}

// alternates checks that the message machine takes frame heads and contents in
// turn: behind a head comes what the frame has, behind its end the next head.
func (m *machine) alternates() {
	if m.Name != spec.MachineMessage || len(m.v.Reads) == 0 {
		return
	}
	for _, s := range m.States {
		if s.Read == nil {
			continue
		}
		for _, r := range m.allArrows(s) {
			want := spec.ReadContent
			if s.Read.Kind == spec.ReadContent && r.Event != spec.EventPart {
				want = spec.ReadFrame
			}
			if to := m.State(r.To); r.Fail == "" && (to.Read == nil || to.Read.Kind != want) {
				m.Add(OutOfTurn, r.At.Of("to", r.Pos), "", "%q comes next, and %q reads none", want, r.To)
			}
		}
	}
}

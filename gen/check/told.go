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
		input := spec.InputFrame
		switch m.Name {
		case spec.MachineHandshake:
			input = spec.InputHandshake
		case spec.MachineFrame, spec.MachineMessage:
		default:
			continue
		}
		for _, s := range m.States {
			for _, r := range m.allArrows(s) {
				if fact := c.v.Tells(m.Machine, r); fact != "" {
					connection.hears(m, s, r, fact, input)
				}
			}
		}
	}
}

// hears checks the answers of the connection to a fact that a row of another
// machine tells it.
func (m *machine) hears(of *machine, s *spec.State, r *spec.Rule, fact, input string) {
	ended, fed := of.State(r.To).Final, false
	for _, in := range m.States {
		if in.Input != input {
			continue
		}
		for _, answer := range m.allArrows(in) {
			if answer.Event != fact || m.State(answer.To).Input != input {
				continue
			}
			fed = true
			if ended {
				m.Add(FedOn, answer.At.Of("to", answer.Pos), "", "%q feeds the machine %s, which has ended where it tells %q", answer.To, of.Name, fact)
			}
		}
	}
	if !ended && !fed {
		of.Add(FedOn, r.At.Of("to", r.Pos), "", "%q is no final state, but where %q tells %q the machine %s is fed no more", r.To, s.Name, fact, of.Name)
	}
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

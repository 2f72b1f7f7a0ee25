package check

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// meets are the events that a state can meet in any role, each once.
func (m *machine) meets(s *spec.State) []spec.Meeting {
	var all []spec.Meeting
	for _, role := range m.roles {
		for _, met := range m.meetsAs(s, role) {
			if !isMet(all, met.Event) {
				all = append(all, met)
			}
		}
	}
	return all
}

// meetsAs are the events that a state can meet in a role.
func (m *machine) meetsAs(s *spec.State, role string) []spec.Meeting {
	asked := question{s, role}
	met, known := m.asked[asked]
	if !known {
		met = m.meetings.Of(s, role)
		m.asked[asked] = met
	}
	return met
}

func isMet(list []spec.Meeting, event string) bool {
	return slices.ContainsFunc(list, func(met spec.Meeting) bool { return met.Event == event })
}

// answers checks that each state answers exactly what it can meet.
func (m *machine) answers() {
	needed := make(map[string]bool) // events of the machine's own rows that somebody meets
	for _, s := range m.States {
		met := m.meets(s)
		for _, one := range met {
			switch answered, byMachine := m.answered(s, one.Event); {
			case byMachine:
				needed[one.Event] = true
			case !answered:
				m.Add(Unanswered, s.Pos, "", "the state %q does not answer %q, which %s", s.Name, one.Event, one.Why)
			}
		}
		m.superfluous(s, met)
	}
	for _, r := range m.When {
		if !needed[r.Event] {
			m.Add(NeverMet, r.Pos, "", "no state of the machine %s can meet %q", m.Name, r.Event)
		}
	}
}

// answered reports whether a state has an answer to an event, and whether it
// is the machine's answer for all states.
func (m *machine) answered(s *spec.State, event string) (answered, byMachine bool) {
	isFor := func(r *spec.Rule) bool { return r.Event == event }
	byMachine = !s.Final && slices.ContainsFunc(m.When, isFor)
	answered = byMachine || slices.ContainsFunc(s.When, isFor) || slices.Contains(s.Refuse, event) || slices.Contains(s.Ignore, event)
	return answered, byMachine
}

// superfluous refuses answers to events that never come.
func (m *machine) superfluous(s *spec.State, met []spec.Meeting) {
	for _, r := range s.When {
		if !s.Final && !isMet(met, r.Event) {
			m.Add(NeverMet, r.Pos, "", "the state %q can never meet %q", s.Name, r.Event)
		}
	}
	for key, events := range map[string][]string{"refuse": s.Refuse, "ignore": s.Ignore} {
		for _, e := range events {
			if right := key == "refuse" && m.kindOf(e) == spec.KindCommand || key == "ignore" && m.kindOf(e) == spec.KindWorld; right && !isMet(met, e) {
				m.Add(NeverMet, s.At.Of(key+"."+e, s.Pos), "", "the state %q can never meet %q", s.Name, e)
			}
		}
	}
}

// arrows are the rows of a state that can happen in a role, the machine's own
// included. The list is for all who ask.
func (m *machine) arrows(s *spec.State, role string) []*spec.Rule {
	if s.Final {
		return nil
	}
	list, known := m.taken[question{s, role}]
	if known {
		return list
	}
	met := m.meetsAs(s, role)
	for _, r := range slices.Concat(s.When, m.When) {
		if isMet(met, r.Event) {
			list = append(list, r)
		}
	}
	m.taken[question{s, role}] = list
	return list
}

package check

import (
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// graph checks where the rows lead.
func (m *machine) graph() {
	m.reachable()
	m.ends()
	for _, role := range m.roles {
		if cycle := m.hungerless(role); cycle != nil {
			m.Add(EatsNothing, m.State(cycle[0]).Pos, "", "a cycle eats no input: %s", strings.Join(append(cycle, cycle[0]), " > "))
			return
		}
	}
}

// reached are the states that a role can come to.
func (m *machine) reached(role string) map[string]bool {
	initial := m.Initial[role]
	seen := map[string]bool{initial: true}
	for todo := []string{initial}; len(todo) > 0; todo = todo[1:] {
		s := m.State(todo[0])
		if s == nil {
			continue
		}
		for _, r := range m.arrows(s, role) {
			if !seen[r.To] {
				seen[r.To] = true
				todo = append(todo, r.To)
			}
		}
	}
	return seen
}

func (m *machine) reachable() {
	seen := make(map[string]bool)
	for _, role := range m.roles {
		for s := range m.reached(role) {
			seen[s] = true
		}
	}
	for _, s := range m.States {
		if !seen[s.Name] {
			m.Add(Unreachable, s.Pos, "", "no role reaches the state %q", s.Name)
		}
	}
}

// ends finds states from which no final one can be reached. A machine without
// final states runs forever.
func (m *machine) ends() {
	ends := make(map[string]bool)
	for _, s := range m.States {
		ends[s.Name] = s.Final
	}
	if !slices.ContainsFunc(m.States, func(s *spec.State) bool { return s.Final }) {
		return
	}
	for grown := true; grown; {
		grown = false
		for _, s := range m.States {
			leads := func(r *spec.Rule) bool { return ends[r.To] }
			if !ends[s.Name] && (slices.ContainsFunc(s.When, leads) || slices.ContainsFunc(m.When, leads) && m.leadsOn(s, leads)) {
				ends[s.Name], grown = true, true
			}
		}
	}
	for _, s := range m.States {
		if !ends[s.Name] {
			m.Add(NeverEnds, s.Pos, "", "no final state can be reached from %q", s.Name)
		}
	}
}

// leadsOn reports whether a row that the state can take, the machine's own
// included, leads where it should.
func (m *machine) leadsOn(s *spec.State, leads func(*spec.Rule) bool) bool {
	return slices.ContainsFunc(m.roles, func(role string) bool {
		return slices.ContainsFunc(m.arrows(s, role), leads)
	})
}

// hungerless finds a cycle of rows that can be taken without input, and nil if
// there is none: such a machine would never come to rest.
func (m *machine) hungerless(role string) []string {
	const (
		unseen = iota
		open
		done
	)
	mark := make(map[string]int)
	var path []string
	var visit func(name string) []string
	visit = func(name string) []string {
		switch s := m.State(name); {
		case s == nil || mark[name] == done:
			return nil
		case mark[name] == open:
			return slices.Clone(path[slices.Index(path, name):])
		default:
			mark[name] = open
			path = append(path, name)
			for _, r := range m.free(s, role) {
				if cycle := visit(r.To); cycle != nil {
					return cycle
				}
			}
			path = path[:len(path)-1]
			mark[name] = done
			return nil
		}
	}
	for _, s := range m.States {
		if cycle := visit(s.Name); cycle != nil {
			return cycle
		}
	}
	return nil
}

// free are the rows of a state that its read can yield without an octet.
func (m *machine) free(s *spec.State, role string) []*spec.Rule {
	kind := m.kindOfRead(s.Read)
	never := kind.Eats == spec.EatsNever
	maybe := kind.Eats == spec.EatsMaybe || kind.Takes == spec.TakesCount && s.Read.Argument[role] == "0"
	if !never && !maybe {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(m.arrows(s, role)), func(r *spec.Rule) bool {
		inside := m.kindOf(r.Event) == spec.KindClass || m.kindOf(r.Event) == spec.KindCheck
		return !inside || maybe && r.Event == spec.EventPart || m.watched(r.Event)
	})
}

// watched reports whether an event is the verdict of a limit that is watched
// at each octet.
func (m *machine) watched(event string) bool {
	return slices.ContainsFunc(m.v.Limits, func(l spec.Yielder) bool {
		return slices.Contains(m.Limits, l.Name) && slices.Contains(l.Yields, event)
	})
}

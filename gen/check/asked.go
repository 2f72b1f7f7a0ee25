package check

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// asks finds limits that are asked in vain: behind the same question, with
// nothing on the way that could make the answer another one.
func (m *machine) asks() {
	for _, role := range m.roles {
		for _, s := range m.States {
			limit := m.asksFor(s, role)
			if limit == nil || len(limit.Uses) == 0 && limit.Counts == "" {
				continue
			}
			if again := m.asksAgain(s, limit, role); again != nil {
				m.Add(AskedInVain, again.Read.Pos, "", "the limit %q was asked in %q, and nothing on the way here changes the answer", limit.Name, s.Name)
				return
			}
		}
	}
}

// asksFor is the limit that a state asks in a role; nil if it asks none.
func (m *machine) asksFor(s *spec.State, role string) *spec.Yielder {
	if m.takes(s.Read) != spec.TakesLimit {
		return nil
	}
	for i := range m.v.Limits {
		if m.v.Limits[i].Name == s.Read.Argument[role] {
			return &m.v.Limits[i]
		}
	}
	return nil
}

// asksAgain finds a state behind another that asks for the same, before a row
// does what the limit counts or a state stores a field that it uses.
func (m *machine) asksAgain(s *spec.State, limit *spec.Yielder, role string) *spec.State {
	seen := map[string]bool{}
	for todo := []*spec.State{s}; len(todo) > 0; todo = todo[1:] {
		if r := todo[0].Read; r != nil && slices.Contains(limit.Uses, m.field(r.As)) {
			continue
		}
		for _, r := range m.arrows(todo[0], role) {
			if seen[r.To] || limit.Counts != "" && r.Do == limit.Counts {
				continue
			}
			to := m.State(r.To)
			if m.asksFor(to, role) == limit {
				return to
			}
			seen[r.To] = true
			todo = append(todo, to)
		}
	}
	return nil
}

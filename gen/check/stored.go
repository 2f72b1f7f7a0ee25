package check

import (
	"maps"
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// fieldSet is a set of fields.
type fieldSet map[string]bool

// ways are the fields stored on every way to a state; nil for a state that
// nothing has led to yet.
type ways map[string]fieldSet

// meet notes a way to a state with some fields stored, and reports whether
// that leaves fewer.
func (w ways) meet(state string, stored fieldSet) bool {
	before := w[state]
	if before == nil {
		w[state] = maps.Clone(stored)
		return true
	}
	kept := len(before)
	maps.DeleteFunc(before, func(field string, _ bool) bool { return !stored[field] })
	return len(before) < kept
}

// stores checks that a field is stored on every way to where it is used, and
// used on some way from where it is stored.
func (m *machine) stores() {
	stored := m.storedBefore()
	for _, s := range m.States {
		for _, use := range m.uses(s) {
			if before := stored[s.Name]; before != nil && !before[use.field] && !(use.after && s.Read != nil && m.field(s.Read.As) == use.field) {
				m.Add(NotStored, use.pos, "", "the field %q is used in %q, but not stored on every way there", use.field, s.Name)
			}
		}
	}
	used := make(map[string]bool) // or stored for its own sake, without a verdict
	for _, f := range m.v.Fields {
		used[m.field(f.Name)] = used[m.field(f.Name)] || len(f.Yields) == 0
	}
	for _, s := range m.States {
		for _, use := range m.uses(s) {
			used[use.field] = true
		}
	}
	for _, s := range m.States {
		if s.Read != nil && used[m.field(s.Read.As)] && !m.usedLater(s) {
			m.Add(StoredInVain, s.Read.At.Of("as", s.Read.Pos), "", "nothing uses the field %q after %q stores it", s.Read.As, s.Name)
		}
	}
}

// field is the field whose value another one makes, or itself.
func (c *checker) field(name string) string {
	for _, f := range c.v.Fields {
		if f.Name == name && f.Sets != "" {
			return f.Sets
		}
	}
	return name
}

// use is one use of a field by a state.
type use struct {
	field string
	pos   spec.Pos
	after bool // by an action of the state, after its read
}

// uses are the fields that a state uses.
func (m *machine) uses(s *spec.State) []use {
	var list []use
	add := func(field string, pos spec.Pos, after bool) {
		for _, f := range m.v.Fields {
			if f.Name == field {
				list = append(list, use{field, pos, after})
			}
		}
	}
	add(s.Through, s.At.Of("through", s.Pos), false)
	if r := s.Read; r != nil {
		for _, role := range m.roles {
			if m.takes(r) == spec.TakesField {
				add(r.Argument[role], r.At.Of("argument."+role, r.At.Of("argument", r.Pos)), false)
			}
		}
		if r.Kind == spec.ReadBody {
			add(spec.FieldHead, r.Pos, false)
			add(spec.FieldLength, r.Pos, false)
		}
	}
	for _, r := range s.When {
		for _, a := range m.words.Actions {
			if a.Name != r.Do {
				continue
			}
			for _, field := range a.Uses {
				add(field, r.At.Of("do", r.Pos), true)
			}
		}
	}
	return list
}

// storedBefore are, for each state, the fields stored on every way to it, in
// whatever role.
func (m *machine) storedBefore() ways {
	before := make(ways)
	for _, role := range m.roles {
		before[m.Initial[role]] = fieldSet{}
	}
	for changed := true; changed; {
		changed = false
		for _, s := range m.States {
			if before[s.Name] == nil {
				continue
			}
			after := maps.Clone(before[s.Name])
			if s.Read != nil && s.Read.As != "" {
				after[m.field(s.Read.As)] = true
			}
			for _, role := range m.roles {
				for _, r := range m.arrows(s, role) {
					changed = before.meet(r.To, after) || changed
				}
			}
		}
	}
	return before
}

// usedLater reports whether a state that follows uses the field that this one
// stores, before another one stores it again.
func (m *machine) usedLater(s *spec.State) bool {
	field := m.field(s.Read.As)
	if slices.ContainsFunc(m.uses(s), func(u use) bool { return u.field == field && u.after }) {
		return true
	}
	seen := make(map[string]bool)
	for todo := m.next(s); len(todo) > 0; todo = todo[1:] {
		switch s := todo[0]; {
		case s == nil || seen[s.Name]:
		case m.usesField(s, field):
			return true
		default:
			seen[s.Name] = true
			if s.Read == nil || m.field(s.Read.As) != field {
				todo = append(todo, m.next(s)...)
			}
		}
	}
	return false
}

// usesField reports whether a state uses what was stored before it in a field.
func (m *machine) usesField(s *spec.State, field string) bool {
	stores := s.Read != nil && m.field(s.Read.As) == field
	return slices.ContainsFunc(m.uses(s), func(u use) bool { return u.field == field && !(u.after && stores) })
}

// next are the states that a state leads to in any role.
func (m *machine) next(s *spec.State) []*spec.State {
	var list []*spec.State
	for _, role := range m.roles {
		for _, r := range m.arrows(s, role) {
			list = append(list, m.State(r.To))
		}
	}
	return list
}

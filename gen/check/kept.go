package check

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// octetSet is a set of octets.
type octetSet [256]bool

// add adds the octets of another set and reports whether there were new ones.
func (o *octetSet) add(more *octetSet) (grown bool) {
	for i, is := range more {
		if is && !o[i] {
			o[i], grown = true, true
		}
	}
	return grown
}

// sink is a class table over the kept head, with the heads that can come to it.
type sink struct {
	table *spec.ClassTable
	heads *octetSet
}

// kept composes the class tables that sort kept heads with the table by which
// the frame machine let them through: what they call never must never come,
// and the rest must be able to come.
func (c *checker) kept(ver *spec.Version, machines []*machine) {
	i := slices.IndexFunc(machines, func(m *machine) bool { return m.Name == spec.MachineFrame })
	if i < 0 {
		return
	}
	m := machines[i]
	var sinks []*sink
	for _, role := range c.roles {
		for _, owner := range owners() {
			heads := m.headsAt(role, owner)
			sinks = m.bodies(sinks, heads, role)
			sinks = c.frames(sinks, ver, m.begun(heads, role, owner), role)
		}
	}
	for _, s := range sinks {
		c.sink(s)
	}
}

// owners are the two ways to own the reserved bits that show every event of an
// octet: what patterns match grows with what extensions own, what is left over
// shrinks.
func owners() []spec.Ownership {
	return []spec.Ownership{{}, everyFrame}
}

// headsAt are, for each state, the kept heads with which a role can come to it.
func (m *machine) headsAt(role string, owner spec.Ownership) map[string]*octetSet {
	heads := map[string]*octetSet{m.Initial[role]: {}}
	for todo := []string{m.Initial[role]}; len(todo) > 0; todo = todo[1:] {
		s := m.State(todo[0])
		if s == nil {
			continue
		}
		for _, r := range m.arrows(s, role) {
			first := heads[r.To] == nil
			if first {
				heads[r.To] = &octetSet{}
			}
			if grown := heads[r.To].add(m.headsAfter(s, r, heads[s.Name], role, owner)); grown || first {
				todo = append(todo, r.To)
			}
		}
	}
	return heads
}

// headsAfter are the kept heads with which a row leaves a state.
func (m *machine) headsAfter(s *spec.State, r *spec.Rule, before *octetSet, role string, owner spec.Ownership) *octetSet {
	if s.Read == nil || s.Read.As != spec.FieldHead || s.Read.Kind != spec.ReadOctet {
		return before
	}
	after := &octetSet{}
	if class := m.Class(s.Read.Argument[role]); class != nil && class.Roles[role] != nil {
		table := class.Roles[role]
		for octet, entry := range table.Sort(owner) {
			after[octet] = table.Event(entry) == r.Event
		}
	}
	return after
}

// bodies adds the classes that bodies of the frame machine are sorted by.
func (m *machine) bodies(sinks []*sink, heads map[string]*octetSet, role string) []*sink {
	for _, s := range m.States {
		if s.Read != nil && s.Read.Kind == spec.ReadBody && heads[s.Name] != nil {
			sinks = flow(sinks, m.Class(s.Read.Argument[role]), role, heads[s.Name])
		}
	}
	return sinks
}

// begun are the heads that the frame machine hands to the message machine.
func (m *machine) begun(heads map[string]*octetSet, role string, owner spec.Ownership) *octetSet {
	begun := &octetSet{}
	for _, s := range m.States {
		for _, r := range m.arrows(s, role) {
			if r.Do == spec.ActionBegin && heads[s.Name] != nil {
				begun.add(m.headsAfter(s, r, heads[s.Name], role, owner))
			}
		}
	}
	return begun
}

// frames adds the classes by which the message machine sorts heads.
func (c *checker) frames(sinks []*sink, ver *spec.Version, begun *octetSet, role string) []*sink {
	message := ver.Machine(spec.MachineMessage)
	if message == nil {
		return sinks
	}
	for _, s := range message.States {
		if s.Read != nil && s.Read.Kind == spec.ReadFrame {
			sinks = flow(sinks, message.Class(s.Read.Argument[role]), role, begun)
		}
	}
	return sinks
}

// flow adds heads to the sink of a class.
func flow(sinks []*sink, class *spec.Class, role string, heads *octetSet) []*sink {
	if class == nil || class.Roles[role] == nil {
		return sinks
	}
	table := class.Roles[role]
	i := slices.IndexFunc(sinks, func(s *sink) bool { return s.table == table })
	if i < 0 {
		i = len(sinks)
		sinks = append(sinks, &sink{table: table, heads: &octetSet{}})
	}
	sinks[i].heads.add(heads)
	return sinks
}

// sink checks one class table against the heads that can come to it.
func (c *checker) sink(s *sink) {
	t := s.table
	otherwise := t.At.Of(spec.Otherwise, t.Pos)
	left := false
	for octet, entry := range t.Sort(everyFrame) {
		if entry >= 0 || !s.heads[octet] {
			continue
		}
		if !left && t.Otherwise == spec.Never {
			c.Add(WrongNever, otherwise, "", "%s is left over, but the frame machine lets it through", octetName(octet))
		}
		left = true
	}
	if !left && t.Otherwise != "" && t.Otherwise != spec.Never {
		c.Add(UnreachableEntry, otherwise, "write never", "the frame machine lets through nothing that is left over")
	}
	for _, e := range t.Entries {
		for _, p := range e.Patterns {
			set, err := p.Octets()
			if err != nil || anyHead(s.heads, set) {
				continue
			}
			c.Add(UnreachableEntry, p.Pos, "", "the frame machine lets through no head that %q of %s matches", p.Text, e.Event)
		}
	}
}

func anyHead(heads *octetSet, set spec.Octets) bool {
	for octet, is := range heads {
		if is && set.Has(byte(octet), everyFrame) {
			return true
		}
	}
	return false
}

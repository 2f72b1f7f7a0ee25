package check

import (
	"fmt"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// everyFrame is the ownership under which class tables match most.
var everyFrame = spec.Ownership{PerFrame: spec.Reserved}

// classes checks that each class sorts every octet into exactly one event and
// is read by a state.
func (m *machine) classes() {
	for _, class := range m.Classes {
		done := make(map[*spec.ClassTable]bool)
		for _, role := range m.roles {
			if table := class.Roles[role]; table != nil && !done[table] {
				done[table] = true
				m.disjoint(table)
				m.covered(table)
			}
		}
		if !m.reads(spec.TakesClass, class.Name) {
			m.Add(UnusedClass, class.Pos, "", "no state of the machine %s reads the class %q", m.Name, class.Name)
		}
	}
}

// reads reports whether a state reads a class or a head.
func (m *machine) reads(takes, name string) bool {
	for _, s := range m.States {
		for _, role := range m.roles {
			if s.Read != nil && m.takes(s.Read) == takes && s.Read.Argument[role] == name {
				return true
			}
		}
	}
	return false
}

// disjoint refuses octets that two patterns match. Patterns match most where
// extensions own all reserved bits, so that one look is enough.
func (m *machine) disjoint(table *spec.ClassTable) {
	type match struct {
		event, pattern string
	}
	var matches [256]*match
	for _, e := range table.Entries {
		for _, p := range e.Patterns {
			set, err := p.Octets()
			if err != nil {
				continue
			}
			this, reported := &match{e.Event, p.Text}, false
			for octet := range matches {
				switch other := matches[octet]; {
				case !set.Has(byte(octet), everyFrame):
				case other == nil:
					matches[octet] = this
				case !reported:
					m.Add(Overlap, p.Pos, "", "%s is matched by %q of %s and by %q of %s", octetName(octet), other.pattern, other.event, p.Text, e.Event)
					reported = true
				}
			}
		}
	}
}

// covered refuses octets that nothing matches, and otherwise where nothing is
// left. Patterns match least where no extension owns a reserved bit.
func (m *machine) covered(table *spec.ClassTable) {
	first, left := 0, 0
	for octet, entry := range table.Sort(spec.Ownership{}) {
		if entry < 0 {
			if left == 0 {
				first = octet
			}
			left++
		}
	}
	switch {
	case left == 0 && table.Otherwise != "":
		m.Add(NothingLeft, table.At.Of(spec.Otherwise, table.Pos), "", "the patterns match every octet: nothing is left for otherwise")
	case left > 0 && table.Otherwise == "":
		m.Add(Uncovered, table.Pos, "say what they are, or use otherwise", "%s is matched by no pattern, nor are %d others", octetName(first), left-1)
	}
}

// octetName is an octet in hexadecimal and in bits.
func octetName(octet int) string {
	return fmt.Sprintf("octet 0x%02X (%08b)", octet, octet)
}

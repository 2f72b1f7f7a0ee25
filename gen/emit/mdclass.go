package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// classes writes the class tables of a machine, with the octets of each event.
func (p *page) classes(d view) {
	if len(d.machine.Classes) == 0 {
		return
	}
	p.linef("### Classes of the %s machine\n", d.machine.Name)
	p.linef("A class sorts octets into events. Patterns are those of the spec file.")
	if slices.ContainsFunc(d.machine.Classes, func(c lower.Class) bool { return c.Owned }) {
		p.linef("A bit `m` is 0 unless an extension owns it on the first frame of a message, `f` unless one owns it on every")
		p.linef("data frame; the octets listed are those without extensions.")
	}
	p.linef("")
	for _, c := range d.machine.Classes {
		for role, tables := range c.Tables {
			if earlier := slices.IndexFunc(c.Tables[:role], func(t [][256]uint8) bool { return slices.Equal(t, tables) }); earlier >= 0 {
				continue
			}
			p.class(d, c, role)
		}
	}
}

func (p *page) class(d view, c lower.Class, role int) {
	title := "Class " + code(c.Name)
	if named := rolesAlike(c, role); len(named) < len(c.Tables) {
		title += ", " + strings.Join(d.roleNames(named), " and ")
	}
	p.linef("%s:\n", title)
	declared := d.classTable(c.Name, at(d.Vocabulary.Roles, role).Name)
	var rows [][]string
	for _, event := range eventsOf(&c.Tables[role][0]) {
		name := d.eventName(event)
		if name == "" {
			name = "never"
		}
		rows = append(rows, []string{code(name), patterns(declared, name), octetText(&c.Tables[role][0], event)})
	}
	p.table([]string{"Event", "Patterns", "Octets"}, rows)
}

// rolesAlike are the roles whose tables equal those of one.
func rolesAlike(c lower.Class, role int) []int {
	var list []int
	for other, tables := range c.Tables {
		if slices.Equal(tables, c.Tables[role]) {
			list = append(list, other)
		}
	}
	return list
}

// eventsOf lists the events of a table, ascending; what never happens is last.
func eventsOf(table *[256]uint8) []uint8 {
	list := slices.Compact(slices.Sorted(slices.Values(table[:])))
	if list[0] == 0 {
		list = append(list[1:], 0)
	}
	return list
}

// classTable is a class as the spec says it.
func (d view) classTable(name, role string) *spec.ClassTable {
	if c := d.spec.Class(name); c != nil {
		return c.Roles[role]
	}
	return nil
}

// patterns are those of an event; what is left over is said to be.
func patterns(t *spec.ClassTable, event string) string {
	if t == nil {
		return ""
	}
	var list []string
	for _, e := range t.Entries {
		if e.Event == event {
			for _, p := range e.Patterns {
				list = append(list, p.Text)
			}
		}
	}
	switch {
	case t.Otherwise != event:
		return code(strings.Join(list, " "))
	case len(list) == 0:
		return "otherwise"
	}
	return code(strings.Join(list, " ")) + " and otherwise"
}

// octetText lists the octets of an event.
func octetText(table *[256]uint8, event uint8) string {
	var list []string
	for _, r := range ranges(table) {
		switch {
		case r.event != event:
		case r.first == r.last:
			list = append(list, fmt.Sprintf("0x%02X", r.first))
		case r.first+1 == r.last:
			list = append(list, fmt.Sprintf("0x%02X", r.first), fmt.Sprintf("0x%02X", r.last))
		default:
			list = append(list, fmt.Sprintf("0x%02X–0x%02X", r.first, r.last))
		}
	}
	return strings.Join(list, " ")
}

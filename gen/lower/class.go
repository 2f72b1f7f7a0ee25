package lower

import (
	"fmt"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// Ownership returns who owns the reserved bits in one of the HeadTables.
func Ownership(table int) spec.Ownership {
	var owner spec.Ownership
	for bit := byte(0x40); bit&spec.Reserved != 0; bit >>= 1 {
		switch table % 3 {
		case PerMessage:
			owner.PerMessage |= bit
		case PerFrame:
			owner.PerFrame |= bit
		}
		table /= 3
	}
	return owner
}

func (m *machine) allClasses() {
	if len(m.spec.Classes) >= widest || len(m.spec.Heads) >= widest {
		m.fail(fmt.Errorf("more than %d classes or heads", widest-1))
		return
	}
	for i, c := range m.spec.Classes {
		m.classes[c.Name] = uint8(i + 1)
		m.Classes = append(m.Classes, m.class(c))
	}
}

// class expands a class into tables: one per role, or HeadTables of them if
// the table of any role depends on the owners of reserved bits.
func (m *machine) class(c *spec.Class) Class {
	class := Class{Name: c.Name}
	for _, t := range c.Roles {
		class.Owned = class.Owned || t.Owned()
	}
	expanded := make(map[*spec.ClassTable][][256]uint8)
	for _, role := range m.roles {
		table := c.Roles[role]
		if table == nil {
			m.fail(fmt.Errorf("class %s has no table for role %q", c.Name, role))
			continue
		}
		if expanded[table] == nil {
			expanded[table] = m.tables(table, class.Owned)
		}
		class.Tables = append(class.Tables, expanded[table])
	}
	return class
}

func (m *machine) tables(t *spec.ClassTable, owned bool) [][256]uint8 {
	tables := make([][256]uint8, 1)
	if owned {
		tables = make([][256]uint8, HeadTables)
	}
	events := make(map[int]uint8, len(t.Entries)+1)
	for i := -1; i < len(t.Entries); i++ {
		if event := t.Event(i); event != spec.Never {
			events[i] = m.of(m.events, event, "event")
		}
	}
	for i := range tables {
		for octet, entry := range t.Sort(Ownership(i)) {
			tables[i][octet] = events[entry]
		}
	}
	return tables
}

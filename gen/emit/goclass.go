package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
)

func (m goMachine) classes() string {
	b := new(strings.Builder)
	for _, c := range m.Classes {
		fmt.Fprintf(b, "{Name: %q, Tables: [states.RoleCount][]*[256]states.%sEvent{%s}},\n",
			c.Name, goName(m.Name), strings.Join(m.declareTables(c), ", "))
	}
	return b.String()
}

// declareTables declares the tables of a class and returns for each role the
// list of pointers to them.
func (m goMachine) declareTables(c lower.Class) []string {
	alike := len(c.Tables) < 2 || slices.Equal(c.Tables[0], c.Tables[1])
	lists := make([]string, len(c.Tables))
	for role, tables := range c.Tables {
		name := m.local(goName(c.Name) + "Class")
		if !alike {
			name += goName(at(m.in.Vocabulary.Roles, role).Name)
		}
		name = m.declareClass(name, tables)
		pointers := make([]string, len(tables))
		for i := range tables {
			pointers[i] = fmt.Sprintf("&%s[%d]", name, i)
		}
		lists[role] = "{" + pointerLines(pointers) + "}"
		if len(pointers) > 1 {
			lists[role] = m.sharePointers(name, lists[role])
		}
	}
	return lists
}

// sharePointers declares a long list of pointers once.
func (m goMachine) sharePointers(name, list string) string {
	return m.share(name+"Tables", fmt.Sprintf("%sTables are pointers to the tables of %s.", name, name),
		fmt.Sprintf("[]*[256]states.%sEvent", goName(m.Name)), list)
}

// declareClass declares the tables of a class for one role and returns their name.
func (m goMachine) declareClass(name string, tables [][256]uint8) string {
	kind := fmt.Sprintf("[%d][256]states.%sEvent", len(tables), goName(m.Name))
	b := new(strings.Builder)
	b.WriteString("{\n")
	for i := range tables {
		b.WriteString("{")
		if len(tables) == lower.HeadTables {
			fmt.Fprintf(b, " // RSV1 %s, RSV2 %s, RSV3 %s", modeName(i), modeName(i/3), modeName(i/9))
		}
		b.WriteString("\n")
		octets(b, &tables[i])
		b.WriteString("},\n")
	}
	b.WriteString("}")
	comment := fmt.Sprintf("%s sorts octets: %s.", name, m.legend(tables))
	return m.share(name, comment, kind, b.String())
}

// octets writes the numbers of 256 events, 16 to a line.
func octets(b *strings.Builder, table *[256]uint8) {
	for o, event := range table {
		fmt.Fprintf(b, "%d,", event)
		if o%16 == 15 {
			b.WriteString("\n")
		} else {
			b.WriteString(" ")
		}
	}
}

// legend says which numbers in the tables stand for which events.
func (m goMachine) legend(tables [][256]uint8) string {
	var used [256]bool
	for _, t := range tables {
		for _, event := range t {
			used[event] = true
		}
	}
	var list []string
	for number, is := range used {
		switch {
		case is && number == 0:
			list = append(list, "0 never")
		case is:
			list = append(list, fmt.Sprintf("%d %s", number, wordOf(m.in.words(m.Name).Events, eventWord, uint8(number))))
		}
	}
	return strings.Join(list, ", ")
}

// modeName names the mode of a reserved bit by the lowest digit of i in base 3.
func modeName(i int) string {
	return [...]string{lower.Unowned: "unowned", lower.PerMessage: "per message", lower.PerFrame: "per frame"}[i%3]
}

// pointerLines joins pointers; a long list has several to a line.
func pointerLines(pointers []string) string {
	if len(pointers) < 4 {
		return strings.Join(pointers, ", ")
	}
	b := new(strings.Builder)
	for line := range slices.Chunk(pointers, 3) {
		b.WriteString("\n" + strings.Join(line, ", ") + ",")
	}
	return b.String() + "\n"
}

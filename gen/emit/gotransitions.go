package emit

import (
	"fmt"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// transitions is the Go file of the protocols in the making. What is equal is
// written once, under the name of the first version that has it.
type transitions struct {
	goSource
	in     Input
	shared map[string]string // name of a declaration by its text
	later  []string          // declarations that come after the protocols
}

// GoTransitions writes the protocols of all versions as static data, the types
// of their tables, and for each machine a method that calls the hand of an
// action. The module's packages fsm and states are imported; the types that
// are filled belong to the package itself.
func GoTransitions(in Input, pkg, module string) ([]byte, error) {
	t := &transitions{in: in, shared: make(map[string]string)}
	if err := in.checkShapes(); err != nil {
		return nil, err
	}
	files := []string{in.vocabularyFile()}
	for _, v := range in.Versions {
		files = append(files, in.Dir+v.Spec.Pos.File)
	}
	t.linef("// %s", in.mark(files...))
	t.linef("\npackage %s\n\nimport (\n%q\n%q\n)", pkg, module+"/fsm", module+"/states")
	t.tableTypes()
	for _, m := range in.Vocabulary.Machines {
		t.dispatchActions(m, in.failing(m.Name))
	}
	t.dispatchForms(in.Vocabulary.Forms)
	t.dispatchValues(in.Vocabulary.Values)
	t.protocols()
	for _, text := range t.later {
		t.WriteString(text)
	}
	return t.bytes()
}

// checkShapes makes sure that a machine's tables have one shape in all
// versions, which the type of the table says.
func (in Input) checkShapes() error {
	for _, v := range in.Versions {
		for _, m := range v.Lowered.Machines {
			words := in.words(m.Name)
			if s, e := width(len(words.States)), width(len(words.Events)); m.StateWidth != s || m.EventWidth != e {
				return fmt.Errorf("%s %s: table of %d by %d where the vocabulary asks for %d by %d",
					v.Lowered.Name, m.Name, m.StateWidth, m.EventWidth, s, e)
			}
		}
	}
	return nil
}

// width is the side of a table for so many words besides none: a power of two
// from 8.
func width(words int) int {
	side := 8
	for side < words+1 {
		side *= 2
	}
	return side
}

// failing reports whether a machine has an action that reports a violation, in
// any version.
func (in Input) failing(machine string) bool {
	for _, v := range in.Versions {
		m := v.machine(machine)
		if m == nil {
			continue
		}
		for _, row := range m.Rows {
			for _, c := range row {
				if c.Do > lower.FailBase {
					return true
				}
			}
		}
	}
	return false
}

// tableTypes names the type of each machine's tables.
func (t *transitions) tableTypes() {
	t.linef("\n// The tables of the machines.")
	t.linef("type (")
	for _, m := range t.in.Vocabulary.Machines {
		name := goName(m.Name)
		t.declare(name+"Table", "a type")
		t.linef("// %sTable holds the transitions of the %s machine.", name, m.Name)
		t.linef("%[1]sTable = fsm.Table[states.%[1]sState, states.%[1]sEvent, states.%[1]sAction, %[2]s, [%[3]d]%[2]s]",
			name, t.row(m), width(len(m.States)))
	}
	t.linef("")
	for _, m := range t.in.Vocabulary.Machines {
		t.declare(t.row(m), "a type")
		t.linef("%s = [%d]fsm.Cell[states.%[3]sState, states.%[3]sAction]", t.row(m), width(len(m.Events)), goName(m.Name))
	}
	t.linef(")")
}

func (t *transitions) row(m spec.MachineWords) string { return goLocal(m.Name) + "Row" }

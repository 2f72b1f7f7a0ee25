package emit

import (
	"fmt"
	"strconv"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// goEnum is a Go type with one constant per word.
type goEnum struct {
	Type   string // FrameState
	Prefix string // of its constants: Frame
	Doc    string // what follows the type's name in its comment
	Words  []spec.Word
}

// goNumbering is said once for each type.
const goNumbering = "Numbers count from 1; 0 is none."

// enum writes a type, its constants, their number and its String method.
func (s *goSource) enum(e goEnum) {
	s.enumType(e)
	s.enumConstants(e)
	s.enumNames(e)
	s.linef("\n// String returns the word as the spec files write it.")
	s.linef("func (n %s) String() string { return nameOf(%s[:], uint8(n), %q) }", e.Type, e.names(), e.Type)
}

// names is the Go name of the table of names.
func (e goEnum) names() string { return lowerFirst(e.Type) + "Names" }

func (s *goSource) enumType(e goEnum) {
	s.declare(e.Type, "a type")
	s.declare(e.Type+"Count", "a number of words")
	s.comment("%s %s %s", e.Type, e.Doc, goNumbering)
	s.linef("type %s uint8", e.Type)
	s.linef("\n// %sCount is the number of the last %s.", e.Type, e.Type)
	s.linef("const %sCount = %d", e.Type, len(e.Words))
}

func (s *goSource) enumConstants(e goEnum) {
	if len(e.Words) == 0 {
		return
	}
	s.linef("\n// The values of %s.", e.Type)
	s.linef("const (")
	for _, w := range e.Words {
		name := e.Prefix + goName(w.Name)
		s.declare(name, fmt.Sprintf("%s %q", e.Type, w.Name))
		s.linef("%s %s = %d // %s", name, e.Type, w.Number, w.Means)
	}
	s.linef(")")
}

func (s *goSource) enumNames(e goEnum) {
	s.declare(e.names(), "a table of names")
	s.linef("\nvar %s = [...]string{", e.names())
	s.WriteString(`"none"`)
	column := 6
	for _, w := range e.Words {
		name := strconv.Quote(w.Name)
		if column += len(name) + 2; column > 110 {
			s.WriteString(",\n" + name)
			column = len(name)
			continue
		}
		s.WriteString(", " + name)
	}
	s.linef(",\n}")
}

func lowerFirst(name string) string {
	for _, i := range initialisms {
		if n := len(i[1]); len(name) > n && name[:n] == i[1] {
			return i[0] + name[n:]
		}
	}
	return string(name[0]|0x20) + name[1:]
}

// nameFunction is what the String methods call.
const nameFunction = `
// nameOf returns a word by its number, or what stands for a number without one.
func nameOf(names []string, number uint8, kind string) string {
	if int(number) < len(names) {
		return names[number]
	}
	return kind + "(" + strconv.Itoa(int(number)) + ")"
}
`

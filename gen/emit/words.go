package emit

import (
	"strconv"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// argumentName is the argument of a read as the spec files write it.
func argumentName(v *spec.Vocabulary, m *lower.Machine, takes string, number uint8) string {
	switch takes {
	case "class":
		return at(m.Classes, int(number)).Name
	case "head":
		return at(m.Heads, int(number)).Name
	case "field":
		return wordOf(v.Fields, yielderWord, number)
	case "limit":
		return wordOf(v.Limits, yielderWord, number)
	case "coding":
		return wordOf(v.Codings, yielderWord, number)
	}
	return strconv.Itoa(int(number))
}

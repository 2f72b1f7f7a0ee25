package emit

import (
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
)

func (m goMachine) reads() string {
	return m.byState("{}", func(s int) string {
		r := at(m.Reads, s)
		if r.Kind == 0 {
			return ""
		}
		return m.read(r)
	})
}

func (m goMachine) read(r lower.Read) string {
	v := m.in.Vocabulary
	args := make([]string, len(r.Args))
	for i, a := range r.Args {
		args[i] = m.argument(r.Kind, a)
	}
	b := new(strings.Builder)
	fmt.Fprintf(b, "{Kind: states.Read%s, Args: [states.RoleCount]uint8{%s}",
		goName(wordOf(v.Reads, readWord, r.Kind)), strings.Join(args, ", "))
	if r.Field != 0 {
		fmt.Fprintf(b, ", Field: states.Field%s", goName(wordOf(v.Fields, yielderWord, r.Field)))
	}
	if r.Through != 0 {
		fmt.Fprintf(b, ", Through: states.Field%s", goName(wordOf(v.Fields, yielderWord, r.Through)))
	}
	b.WriteString("}")
	return b.String()
}

// argument is a number, with a word where the vocabulary has one.
func (m goMachine) argument(kind, number uint8) string {
	v := m.in.Vocabulary
	word := func(prefix, name string) string { return fmt.Sprintf("uint8(states.%s%s)", prefix, goName(name)) }
	switch at(v.Reads, int(kind)-1).Takes {
	case "class":
		return fmt.Sprintf("%d /* %s */", number, at(m.Classes, int(number)).Name)
	case "head":
		return fmt.Sprintf("%d /* %s */", number, at(m.Heads, int(number)).Name)
	case "field":
		return word("Field", wordOf(v.Fields, yielderWord, number))
	case "limit":
		return word("Limit", wordOf(v.Limits, yielderWord, number))
	case "coding":
		return word("Coding", wordOf(v.Codings, yielderWord, number))
	}
	return fmt.Sprint(number)
}

func (m goMachine) inputs() string {
	return m.byState("0", func(s int) string {
		if name := wordOf(m.in.Vocabulary.Inputs, plainWord, at(m.Inputs, s)); name != "" {
			return "states.Input" + goName(name)
		}
		return ""
	})
}

func (m goMachine) waits() string {
	return m.byState("{}", func(s int) string {
		list, some := make([]string, len(at(m.Waits, s))), false
		for i, w := range at(m.Waits, s) {
			list[i] = "0"
			if name := wordOf(m.in.Vocabulary.Waits, plainWord, w); name != "" {
				list[i], some = "states.Wait"+goName(name), true
			}
		}
		if !some {
			return ""
		}
		return "{" + strings.Join(list, ", ") + "}"
	})
}

func (m goMachine) limits() string {
	list := make([]string, len(m.Limits))
	for i, l := range m.Limits {
		list[i] = "states.Limit" + goName(wordOf(m.in.Vocabulary.Limits, yielderWord, l))
	}
	return strings.Join(list, ", ")
}

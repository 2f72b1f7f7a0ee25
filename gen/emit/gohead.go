package emit

import (
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
)

func (m goMachine) heads() string {
	b := new(strings.Builder)
	for _, h := range m.Heads {
		name := m.local(goName(h.Name) + "Head")
		lines := new(strings.Builder)
		lines.WriteString("{\n")
		for _, l := range h.Lines {
			fmt.Fprintf(lines, "{%s},\n", m.headLine(l))
		}
		lines.WriteString("}")
		name = m.share(name, fmt.Sprintf("%s are the lines of the %s.", name, h.Name), "[]HeadLine", lines.String())
		fmt.Fprintf(b, "{Name: %q, Lines: %s},\n", h.Name, name)
	}
	return b.String()
}

func (m goMachine) headLine(l lower.HeadLine) string {
	list := []string{fmt.Sprintf("Name: %q", l.Name), fmt.Sprintf("Count: %d", l.Count)}
	flag := func(name string, set bool) {
		if set {
			list = append(list, name+": true")
		}
	}
	text := func(name, value string) {
		if value != "" {
			list = append(list, fmt.Sprintf("%s: %q", name, value))
		}
	}
	word := func(name, value string) {
		if value != "" {
			list = append(list, name+": "+value)
		}
	}
	flag("Optional", l.Optional)
	flag("Fold", l.Fold)
	text("Is", l.Is)
	if len(l.OneOf) > 0 {
		list = append(list, "OneOf: "+goStrings(l.OneOf))
	}
	text("Has", l.Has)
	text("AtLeast", l.AtLeast)
	text("Send", l.Send)
	v := m.in.Vocabulary
	word("Form", named("states.Form", wordOf(v.Forms, plainWord, l.Form)))
	word("Equals", named("states.Value", wordOf(v.Values, plainWord, l.Equals)))
	word("From", named("states.Value", wordOf(v.Values, plainWord, l.From)))
	if l.Else != 0 {
		word("Else", m.event(int(l.Else)))
	}
	return strings.Join(list, ", ")
}

// goStrings is a list of texts as Go writes it.
func goStrings(texts []string) string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = fmt.Sprintf("%q", text)
	}
	return "[]string{" + strings.Join(list, ", ") + "}"
}

// named is the Go name of a word; "" if there is no word.
func named(prefix, word string) string {
	if word == "" {
		return ""
	}
	return prefix + goName(word)
}

package emit

import (
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
)

// protocols writes the protocols and a list of them.
func (t *transitions) protocols() {
	t.linef("\n// protocols are all versions, in the order of their names.")
	t.linef("var protocols = []*Protocol{")
	for _, v := range t.in.Versions {
		t.linef("&%s,", goLocal(v.Lowered.Name))
	}
	t.linef("}")
	for _, v := range t.in.Versions {
		t.protocol(v.Lowered)
	}
}

func (t *transitions) protocol(p *lower.Protocol) {
	name := goLocal(p.Name)
	t.declare(name, "version "+p.Name)
	t.linef("\nvar %s = Protocol{", name)
	t.linef("Name: %q,\nTitle: %q,\nWireVersion: %d,", p.Name, p.Title, p.WireVersion)
	if p.RecogniseHeader != "" {
		values := ""
		if len(p.RecogniseValues) > 0 {
			values = ", Values: " + goStrings(p.RecogniseValues)
		}
		t.linef("Recognise: Recognition{Header: %q%s},", p.RecogniseHeader, values)
	}
	if p.CloseBody != 0 {
		t.linef("Close: CloseRules{\nBody: states.CloseBody%s,", goName(wordOf(t.in.Vocabulary.Closes, yielderWord, p.CloseBody)))
		if p.CloseOwn != nil {
			t.linef("Own: [states.RoleCount]string%s,", strings.TrimPrefix(goStrings(p.CloseOwn), "[]string"))
		}
		t.codes("Received", p.CloseReceived)
		t.codes("Sent", p.CloseSent)
		t.linef("},")
	}
	if p.TooBig != 0 {
		t.linef("TooBig: %d,", p.TooBig)
	}
	for i := range p.Machines {
		m := t.machine(p, &p.Machines[i])
		t.linef("%s: %s,", goName(m.Name), m.value())
	}
	t.linef("}")
}

func (t *transitions) machine(p *lower.Protocol, m *lower.Machine) goMachine {
	naming := goNaming{input: t.in, machine: m.Name, pkg: "states.", prefix: goName(m.Name)}
	return goMachine{transitions: t, Machine: m, goNaming: naming, version: p.Name}
}

func (t *transitions) codes(field string, ranges [][2]uint16) {
	if len(ranges) == 0 {
		return
	}
	list := make([]string, len(ranges))
	for i, r := range ranges {
		list[i] = fmt.Sprintf("{%d, %d}", r[0], r[1])
	}
	t.linef("%s: []CodeRange{%s},", field, strings.Join(list, ", "))
}

// share declares a variable for a value, unless an equal one of the same type
// is there, and returns its name.
func (t *transitions) share(name, comment, kind, value string) string {
	key := kind + value
	if known, ok := t.shared[key]; ok {
		return known
	}
	t.shared[key] = name
	t.declare(name, comment)
	t.later = append(t.later, fmt.Sprintf("\n%svar %s = %s%s\n", goComment(comment), name, kind, value))
	return name
}

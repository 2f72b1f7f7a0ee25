package emit

import (
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
)

// goMachine writes one machine of one version.
type goMachine struct {
	*transitions
	*lower.Machine
	goNaming
	version string
}

// value is the machine as a Go value, whose parts are declared beside it. It
// stands in the protocol itself: a variable that is copied is no static data.
func (m goMachine) value() string {
	name := goName(m.Name)
	b := new(strings.Builder)
	fmt.Fprintf(b, "%sMachine{\nMachine: Machine[states.%[1]sState, states.%[1]sEvent, %[1]sTable]{\n", name)
	fmt.Fprintf(b, "Table: &%s,\n", m.declareTable())
	fmt.Fprintf(b, "Initial: [states.RoleCount]states.%sState{%s},\n", name, m.initial())
	fmt.Fprintf(b, "Final: %s,\n", m.part("Final", "final states", "[]bool", m.final()))
	fmt.Fprintf(b, "Reads: %s,\n", m.part("Reads", "reads", "[]Read", m.reads()))
	if len(m.Classes) > 0 {
		kind := fmt.Sprintf("[]Class[states.%sEvent]", name)
		fmt.Fprintf(b, "Classes: %s,\n", m.part("Classes", "classes", kind, m.classes()))
	}
	b.WriteString("},\n")
	m.extras(b)
	b.WriteString("}")
	return b.String()
}

// part declares one list of the machine and returns its name.
func (m goMachine) part(suffix, what, kind, elements string) string {
	name := m.local(suffix)
	return m.share(name, fmt.Sprintf("%s are the %s.", name, what), kind, "{\n"+elements+"}")
}

// local is the name of a variable of this machine in this version.
func (m goMachine) local(suffix string) string {
	return goLocal(m.version) + goName(m.Name) + suffix
}

// extras are the fields that only some machines have.
func (m goMachine) extras(b *strings.Builder) {
	if len(m.Inputs) > 0 {
		fmt.Fprintf(b, "Inputs: %s,\n", m.part("Inputs", "stages that are fed", "[]states.Input", m.inputs()))
	}
	if len(m.Waits) > 0 {
		fmt.Fprintf(b, "Waits: %s,\n", m.part("Waits", "things to wait for", "[][states.RoleCount]states.Wait", m.waits()))
	}
	if len(m.Limits) > 0 {
		fmt.Fprintf(b, "Limits: []states.Limit{%s},\n", m.limits())
	}
	if len(m.Heads) > 0 {
		fmt.Fprintf(b, "Heads: []Head{\n%s},\n", m.heads())
	}
}

func (m goMachine) initial() string {
	list := make([]string, len(m.Initial))
	for i, s := range m.Initial {
		list[i] = m.state(int(s))
	}
	return strings.Join(list, ", ")
}

func (m goMachine) final() string {
	return m.byState("false", func(s int) string {
		if !at(m.Final, s) {
			return ""
		}
		return "true"
	})
}

// byState writes a list by state, as long as the table; element returns "" for
// what is left out.
func (m goMachine) byState(zero string, element func(s int) string) string {
	var list []string
	for s := range m.StateWidth {
		switch value := element(s); {
		case value != "":
			list = append(list, m.state(s)+": "+value)
		case s == m.StateWidth-1:
			list = append(list, fmt.Sprintf("%d: %s", s, zero))
		}
	}
	return strings.Join(list, ",\n") + ",\n"
}

// declareTable declares the table of transitions and returns its name.
func (m goMachine) declareTable() string {
	rows := fmt.Sprintf("{Rows: [%d]%s{\n%s}}", m.StateWidth, goLocal(m.Name)+"Row", m.rows(m.Rows))
	return m.share(m.local("Table"), fmt.Sprintf("%s has the transitions.", m.local("Table")), goName(m.Name)+"Table", rows)
}

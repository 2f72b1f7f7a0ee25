package emit

import (
	"fmt"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// GoPackage writes bare machines, which read nothing, as a Go package of one
// file: their words, the tables of all versions for the package fsm of module,
// and for each machine an interface with one method per action. Where there is
// one machine only, names are not prefixed with it; likewise for versions.
func GoPackage(in Input, pkg, module string) ([]byte, error) {
	if err := in.checkShapes(); err != nil {
		return nil, err
	}
	if err := in.checkBare(); err != nil {
		return nil, err
	}
	g := &goPackage{in: in}
	files := []string{in.vocabularyFile()}
	for _, v := range in.Versions {
		files = append(files, in.Dir+v.Spec.Pos.File)
	}
	g.linef("// %s", in.mark(files...))
	g.linef("\n// Package %s holds state machines as tables for package fsm.", pkg)
	g.linef("package %s\n\nimport (\n\"strconv\"\n\n%q\n)", pkg, module+"/fsm")
	g.text(nameFunction)
	if len(in.Vocabulary.Roles)+len(in.Vocabulary.Failures) > 0 {
		g.sharedWords(in)
	}
	for _, m := range in.Vocabulary.Machines {
		g.machine(m)
	}
	for _, v := range in.Versions {
		for i := range v.Lowered.Machines {
			g.transitions(v, &v.Lowered.Machines[i])
		}
	}
	return g.bytes()
}

// goPackage is the file in the making.
type goPackage struct {
	goSource
	in Input
}

// checkBare makes sure that no state reads anything, which would need hands
// that the package does not have.
func (in Input) checkBare() error {
	for _, v := range in.Versions {
		for _, m := range v.Lowered.Machines {
			for s, r := range m.Reads {
				if r.Kind != 0 {
					return fmt.Errorf("%s: state %s of machine %s reads input: a package of its own needs bare machines",
						in.Dir+v.Spec.Pos.File, wordOf(in.words(m.Name).States, plainWord, uint8(s)), m.Name)
				}
			}
		}
	}
	return nil
}

// prefix is what the names of a machine begin with.
func (g *goPackage) prefix(machine string) string {
	if len(g.in.Vocabulary.Machines) == 1 {
		return ""
	}
	return goName(machine)
}

// machine writes the words of a machine and the types that stand on them.
func (g *goPackage) machine(m spec.MachineWords) {
	prefix := g.prefix(m.Name)
	for _, e := range machineEnums(prefix, m) {
		g.enum(e)
	}
	failures := len(g.in.Vocabulary.Failures) > 0
	g.goSource.actions(prefix, m, failures)
	for _, name := range []string{"Table", "Machine", "Actions"} {
		g.declare(prefix+name, "a type")
	}
	g.linef("\n// %sTable holds transitions of the %s machine.", prefix, m.Name)
	g.linef("type %[1]sTable = fsm.Table[%[1]sState, %[1]sEvent, %[1]sAction, %[2]s, [%[3]d]%[2]s]", prefix, g.row(m), width(len(m.States)))
	g.linef("\n// %sMachine is one run of a %[1]sTable.", prefix)
	g.linef("type %[1]sMachine = fsm.Machine[%[1]sState, %[1]sEvent, %[1]sAction, %[2]s, [%[3]d]%[2]s]", prefix, g.row(m), width(len(m.States)))
	g.linef("\ntype %s = [%d]fsm.Cell[%[3]sState, %[3]sAction]", g.row(m), width(len(m.Events)), prefix)
	g.hands(prefix, m, failures)
}

func (g *goPackage) row(m spec.MachineWords) string { return goLocal(m.Name) + "Row" }

// hands writes the interface of a machine's actions and the method that calls it.
func (g *goPackage) hands(prefix string, m spec.MachineWords, failures bool) {
	g.linef("\n// %sActions carries out the actions of the %s machine.", prefix, m.Name)
	g.linef("type %sActions interface {", prefix)
	for _, a := range m.Actions {
		g.linef("%s() // %s", goName(a.Name), a.Means)
	}
	if failures {
		g.linef("Fail(v Violation) // a rule was broken")
	}
	g.linef("}")
	g.linef("\n// Do carries out the action; nothing for an action without a name.")
	g.linef("func (a %[1]sAction) Do(hands %[1]sActions) {\nswitch a {", prefix)
	for _, a := range m.Actions {
		g.linef("case %sDo%s:\nhands.%s()", prefix, goName(a.Name), goName(a.Name))
	}
	if failures {
		g.linef("default:\nif v := a.Violation(); v != 0 {\nhands.Fail(v)\n}")
	}
	g.linef("}\n}")
}

// transitions writes the table of a machine in one version, and the function
// that starts it.
func (g *goPackage) transitions(v Version, m *lower.Machine) {
	prefix, version, title := g.prefix(m.Name), "", ""
	if len(g.in.Versions) > 1 {
		version, title = goName(v.Lowered.Name), " in "+v.Lowered.Title
	}
	table := version + prefix + "Transitions"
	g.declare(table, "a table")
	g.linef("\n// %s are the transitions of the %s machine%s.", table, m.Name, title)
	g.linef("var %s = %sTable{Rows: [%d]%s{", table, prefix, m.StateWidth, goLocal(m.Name)+"Row")
	names := goNaming{input: g.in, machine: m.Name, prefix: prefix}
	g.WriteString(names.rows(m.Rows))
	g.linef("}}")
	g.start(version+prefix, prefix, table, names, m)
}

func (g *goPackage) start(name, prefix, table string, names goNaming, m *lower.Machine) {
	g.declare("Start"+name, "a function")
	if len(g.in.Vocabulary.Roles) == 0 {
		g.linef("\n// Start%s returns a machine in its initial state.", name)
		g.linef("func Start%s() %sMachine { return %s.Start(%s) }", name, prefix, table, names.state(int(at(m.Initial, 0))))
		return
	}
	g.linef("\n// Start%s returns a machine in the initial state of a role; one that refuses\n// every event if there is no such role.", name)
	g.linef("func Start%s(role Role) %sMachine {\nswitch role {", name, prefix)
	for i, s := range m.Initial {
		g.linef("case %s:\nreturn %s.Start(%s)", goName(at(g.in.Vocabulary.Roles, i).Name), table, names.state(int(s)))
	}
	g.linef("}\nreturn %sMachine{}\n}", prefix)
}

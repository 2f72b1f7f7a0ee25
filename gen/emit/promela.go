package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// modelled is the machine that the models are made of.
const modelled = "connection"

// Generations sorts the versions by how they close: those of one generation have
// the same connection machine, and all of them or none have close frames. The
// newest generation comes first, and in each its newest version. Versions without
// a connection machine are left out.
func (in Input) Generations() [][]Version {
	var list [][]Version
	known := make(map[string]int)
	for _, v := range slices.Backward(in.Versions) {
		m := v.machine(modelled)
		if m == nil {
			continue
		}
		key := fmt.Sprint(m.Rows, m.Initial, m.Final, m.Inputs, m.Waits, v.Lowered.CloseBody != 0)
		i, there := known[key]
		if !there {
			i = len(list)
			known[key] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], v)
	}
	return list
}

// Promela writes the model of two ends of a connection for the model checker
// SPIN, from the connection machine of a generation (see Generations). Each row
// of the machine is one line of the model.
func Promela(in Input, generation []Version) []byte {
	newest := generation[0]
	m := newest.machine(modelled)
	p := promela{view: in.view(newest, m), used: in.view(newest, m).use(), generation: generation}
	p.head()
	p.words()
	p.predicates()
	p.b.WriteString(promelaActions)
	p.b.WriteString(promelaSteps)
	p.received()
	p.b.WriteString(promelaTable)
	p.rows()
	p.b.WriteString(promelaTransport)
	return []byte(p.b.String())
}

// promela writes one model.
type promela struct {
	view
	used       *usage
	generation []Version
	b          strings.Builder
}

func (p *promela) head() {
	names := make([]string, len(p.generation))
	for i, v := range slices.Backward(p.generation) {
		names[len(names)-1-i] = v.Lowered.Name
	}
	fmt.Fprintf(&p.b, "/* %s */\n\n", p.mark(p.files(p.version)...))
	fmt.Fprintf(&p.b, "/* Two ends of a connection in %s. */\n", strings.Join(names, ", "))
	p.b.WriteString(promelaAbout)
}

// words defines roles, states and events.
func (p *promela) words() {
	for i, role := range p.Vocabulary.Roles {
		fmt.Fprintf(&p.b, "#define %s %d\n", role.Name, i)
	}
	var states, events []string
	for _, w := range p.machineWords().States {
		if p.used.states[w.Number] {
			states = append(states, stateID(w.Name))
		}
	}
	for _, w := range p.machineWords().Events {
		events = append(events, eventID(w.Name))
	}
	fmt.Fprintf(&p.b, "\nmtype = { %s }\nmtype = { %s }\n", strings.Join(states, ", "), strings.Join(events, ", "))
}

func (p *promela) machineWords() *spec.MachineWords { return p.view.words }

// predicates defines what the table says of a state besides its rows.
func (p *promela) predicates() {
	frames := 0
	if p.version.Lowered.CloseBody != 0 {
		frames = 1
	}
	fmt.Fprintf(&p.b, "\n#define CLOSE_FRAMES %d\n", frames)
	fmt.Fprintf(&p.b, "#define initial(end) %s\n", p.byRole(func(role int) string { return stateID(p.state(p.machine.Initial[role])) }))
	p.define("final(s)", p.holds("s", func(s int) bool { return at(p.machine.Final, s) }))
	p.define("resting(s)", p.holds("s", p.resting))
	p.define("begun(s)", p.holds("s", func(s int) bool { // to close, or to fail
		return !p.resting(s) && !slices.Contains(p.machine.Initial, uint8(s))
	}))
	p.define("spent(s)", p.holds("s", p.spent))
	p.define("over(s)", p.holds("s", func(s int) bool { return at(p.machine.Final, s) && p.next(s) == nil }))
	for i, w := range p.Vocabulary.Inputs {
		p.define("eats_"+promelaID(w.Name)+"(s)", p.holds("s", func(s int) bool { return at(p.machine.Inputs, s) == uint8(i+1) }))
	}
	p.define("waits(end)", p.byRole(func(role int) string {
		return p.holds("at[end]", func(s int) bool { return at(at(p.machine.Waits, s), role) != 0 })
	}))
	for i, w := range p.Vocabulary.Waits {
		p.define("waits_"+promelaID(w.Name)+"(end)", p.byRole(func(role int) string {
			return p.holds("at[end]", func(s int) bool { return at(at(p.machine.Waits, s), role) == uint8(i+1) })
		}))
	}
	for _, w := range p.machineWords().Events {
		if w.Kind == spec.KindCommand || w.Kind == spec.KindWorld {
			p.define("takes_"+promelaID(w.Name)+"(s)", p.holds("s", func(s int) bool { return p.machine.Rows[s][w.Number].To != 0 }))
		}
	}
}

// resting reports whether nothing bounds the time that is spent in a state.
func (p *promela) resting(s int) bool {
	return !at(p.machine.Final, s) && !slices.ContainsFunc(at(p.machine.Waits, s), func(w uint8) bool { return w != 0 })
}

// next are the states that the rows of a state lead to.
func (p *promela) next(s int) (list []int) {
	for _, c := range p.machine.Rows[s] {
		if c.To != 0 {
			list = append(list, int(c.To))
		}
	}
	return list
}

// spent reports whether no command is taken and no handshake read any more, from
// a state on.
func (p *promela) spent(s int) bool {
	ahead := []int{s}
	for i := 0; i < len(ahead); i++ {
		if at(p.machine.Inputs, ahead[i]) == p.handshake() || p.commanded(ahead[i]) {
			return false
		}
		for _, to := range p.next(ahead[i]) {
			if !slices.Contains(ahead, to) {
				ahead = append(ahead, to)
			}
		}
	}
	return true
}

// handshake is the number of the input of that name.
func (p *promela) handshake() uint8 {
	return uint8(1 + slices.IndexFunc(p.Vocabulary.Inputs, func(w spec.Word) bool { return w.Name == "handshake" }))
}

// commanded reports whether a state takes a command.
func (p *promela) commanded(s int) bool {
	return slices.ContainsFunc(p.machineWords().Events, func(w spec.EventWord) bool {
		return w.Kind == spec.KindCommand && p.machine.Rows[s][w.Number].To != 0
	})
}

func (p *promela) define(what, as string) { fmt.Fprintf(&p.b, "#define %s %s\n", what, as) }

// holds is an expression that is true in the states chosen; of is the expression
// of the state.
func (p *promela) holds(of string, chosen func(state int) bool) string {
	var list []string
	for _, w := range p.machineWords().States {
		if p.used.states[w.Number] && chosen(w.Number) {
			list = append(list, of+" == "+stateID(w.Name))
		}
	}
	if list == nil {
		return "(false)"
	}
	return "(" + strings.Join(list, " || ") + ")"
}

// byRole is an expression that depends on the role of end.
func (p *promela) byRole(of func(role int) string) string {
	return fmt.Sprintf("(end == %s -> %s : %s)", p.Vocabulary.Roles[0].Name, of(0), of(1))
}

// received writes what control frames are to the table. A generation that never
// sends a kind of them does not know the event.
func (p *promela) received() {
	for _, w := range p.machineWords().Events {
		frame, received := strings.CutSuffix(promelaID(w.Name), "_received")
		if received && p.used.events[w.Number] {
			fmt.Fprintf(&p.b, "\t\t\t\t:: frame == f_%s -> event = %s", frame, eventID(w.Name))
			if frame == "close" {
				p.b.WriteString("; got_close[me] = true")
			}
			p.b.WriteString("\n")
		}
	}
}

// rows writes the table, a row in a line.
func (p *promela) rows() {
	for s, row := range p.machine.Rows {
		for e, c := range row {
			if c.To != 0 {
				p.row(s, e, c)
			}
		}
	}
}

func (p *promela) row(s, e int, c lower.Cell) {
	from, to, do := p.state(uint8(s)), p.state(c.To), wordOf(p.machineWords().Actions, actionWord, c.Do)
	event := wordOf(p.machineWords().Events, eventWord, uint8(e))
	said, act := do, "; do_"+promelaID(do)+"()"
	if do == "" {
		said, act = "-", ""
	}
	fmt.Fprintf(&p.b, "\t\t:: at[me] == %s && event == %s -> printf(\"%%d row %s %s %s %s\\n\", me); at[me] = %s%s\n",
		stateID(from), eventID(event), from, event, to, said, stateID(to), act)
}

func (p *promela) state(number uint8) string {
	return wordOf(p.machineWords().States, plainWord, number)
}

// Words of one kind never clash with those of another.

func stateID(name string) string { return "s_" + promelaID(name) }

func eventID(name string) string { return "e_" + promelaID(name) }

func promelaID(name string) string { return strings.ReplaceAll(name, "-", "_") }

package lower

import (
	"fmt"
	"strconv"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// machine lowers one machine. The first error ends the work on it.
type machine struct {
	*Machine
	*numbers
	spec     *spec.Machine
	meetings *spec.Meetings
	states   map[string]uint8
	events   map[string]uint8
	actions  map[string]uint8
	classes  map[string]uint8
	heads    map[string]uint8
	err      error
}

func lowerMachine(n *numbers, v *spec.Vocabulary, ver *spec.Version, s *spec.Machine) (*Machine, error) {
	m := &machine{Machine: &Machine{Name: s.Name}, numbers: n, spec: s, meetings: spec.NewMeetings(v, ver, s),
		states: make(map[string]uint8), events: make(map[string]uint8), actions: make(map[string]uint8),
		classes: make(map[string]uint8), heads: make(map[string]uint8)}
	if err := m.number(v.Machine(s.Name)); err != nil {
		return nil, err
	}
	m.Rows = make([][]Cell, m.StateWidth)
	for i := range m.Rows {
		m.Rows[i] = make([]Cell, m.EventWidth)
	}
	m.Final = make([]bool, m.StateWidth)
	m.Reads = make([]Read, m.StateWidth)
	m.initial()
	for _, l := range s.Limits {
		m.Limits = append(m.Limits, m.of(m.limits, l, "limit"))
	}
	m.allClasses()
	m.allHeads()
	m.connection()
	for _, state := range s.States {
		m.state(state)
	}
	return m.Machine, m.err
}

// number numbers the words of the machine and measures its tables.
func (m *machine) number(words *spec.MachineWords) error {
	var err error
	if m.StateWidth, err = width(len(words.States)); err != nil {
		return fmt.Errorf("states: %w", err)
	}
	if m.EventWidth, err = width(len(words.Events)); err != nil {
		return fmt.Errorf("events: %w", err)
	}
	if len(words.Actions) > mostActions {
		return fmt.Errorf("%d actions: at most %d have a number", len(words.Actions), mostActions)
	}
	for i, w := range words.States {
		m.states[w.Name] = uint8(i + 1)
	}
	for i, w := range words.Events {
		m.events[w.Name] = uint8(i + 1)
	}
	m.Spans = make([]bool, len(words.Actions)+1)
	for i, w := range words.Actions {
		m.actions[w.Name] = uint8(i + 1)
		m.Spans[i+1] = w.Spans
	}
	return nil
}

// of is the number of a word, 0 for "". An unknown word is the machine's error.
func (m *machine) of(words map[string]uint8, name, what string) uint8 {
	n, err := number(words, name, what)
	m.fail(err)
	return n
}

// fail keeps the first error.
func (m *machine) fail(err error) {
	if m.err == nil {
		m.err = err
	}
}

func (m *machine) initial() {
	for _, role := range m.roles {
		state := m.of(m.states, m.spec.Initial[role], "state")
		if state == 0 {
			m.fail(fmt.Errorf("no initial state for role %q", role))
		}
		m.Initial = append(m.Initial, state)
	}
}

// connection makes room for what only a machine with inputs has.
func (m *machine) connection() {
	for _, s := range m.spec.States {
		if s.Input == "" && s.Waits == nil {
			continue
		}
		m.Inputs = make([]uint8, m.StateWidth)
		m.Waits = make([][]uint8, m.StateWidth)
		for i := range m.Waits {
			m.Waits[i] = make([]uint8, len(m.roles))
		}
		return
	}
}

func (m *machine) state(s *spec.State) {
	i := m.of(m.states, s.Name, "state")
	m.Final[i] = s.Final
	if s.Read != nil {
		m.Reads[i] = m.read(s.Read)
	}
	m.Reads[i].Through = m.of(m.fields, s.Through, "field")
	if m.Inputs != nil {
		m.Inputs[i] = m.of(m.inputs, s.Input, "input")
		for role, name := range m.roles {
			m.Waits[i][role] = m.of(m.waits, s.Waits[name], "wait")
		}
	}
	for _, r := range s.When {
		m.row(i, r)
	}
	if s.Final || len(m.spec.When) == 0 {
		return
	}
	met := m.meets(s)
	for _, r := range m.spec.When {
		if met[r.Event] {
			m.row(i, r)
		}
	}
}

// meets are the events that a state can meet in any role.
func (m *machine) meets(s *spec.State) map[string]bool {
	events := make(map[string]bool)
	for _, role := range m.roles {
		for _, met := range m.meetings.Of(s, role) {
			events[met.Event] = true
		}
	}
	return events
}

func (m *machine) row(state uint8, r *spec.Rule) {
	cell := Cell{To: m.of(m.states, r.To, "state"), Do: m.of(m.actions, r.Do, "action")}
	if failure := m.of(m.failures, r.Fail, "failure"); failure != 0 {
		cell.Do = FailBase + failure
	}
	m.Rows[state][m.of(m.events, r.Event, "event")] = cell
}

// read numbers what a state eats.
func (m *machine) read(r *spec.Read) Read {
	kind, ok := m.numbers.reads[r.Kind]
	if !ok {
		m.fail(fmt.Errorf("unknown kind of read %q", r.Kind))
	}
	read := Read{Kind: uint8(kind.Number), Field: m.of(m.fields, r.As, "field")}
	for _, role := range m.roles {
		read.Args = append(read.Args, m.argument(kind.Takes, r.Argument[role]))
	}
	return read
}

// argument is the number of what a read takes. Classes and heads count from 0.
func (m *machine) argument(takes, name string) uint8 {
	switch takes {
	case spec.TakesClass:
		return m.of(m.classes, name, "class") - 1
	case spec.TakesHead:
		return m.of(m.heads, name, "head") - 1
	case spec.TakesField:
		return m.of(m.fields, name, "field")
	case spec.TakesLimit:
		return m.of(m.limits, name, "limit")
	case spec.TakesCoding:
		return m.of(m.codings, name, "coding")
	}
	count, err := strconv.ParseUint(name, 10, 8)
	if err != nil {
		m.fail(fmt.Errorf("%q is no count from 0 to 255", name))
	}
	return uint8(count)
}

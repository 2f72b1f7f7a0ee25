package fsm

import (
	"errors"
	"strconv"
)

// Transition is one cell that does not refuse, with its place in the table.
type Transition struct {
	From, Event uint8 // the place: state and event
	To, Action  uint8 // the cell; To is never zero
}

// String writes the transition in numbers, as "1 --2--> 3 / 4": in state 1,
// event 2 leads to state 3 with action 4.
func (t Transition) String() string {
	number := func(n uint8) string { return strconv.Itoa(int(n)) }
	return number(t.From) + " --" + number(t.Event) + "--> " + number(t.To) + " / " + number(t.Action)
}

// Names says how to write the numbers of a graph. A nil function, and an empty
// name, stand for the decimal number.
type Names struct {
	State, Event, Action func(uint8) string
}

// Graph is a machine as plain data, without type parameters: what can be said
// about a table is computed on it. It always knows states 0 to 255: one that
// lies outside its table answers nothing. Apart from Names, which the owner
// may set before sharing it, a Graph is immutable and may be used by any number
// of goroutines. The zero Graph has no transitions.
//
// In the costs given below, n is the number of transitions, at most 65,536.
type Graph struct {
	Names Names

	states, events int
	cells          []Cell[uint8, uint8] // by state, then event; what refuses is the zero Cell
	answered       [256][]uint8         // by state: the events it answers, ascending
}

// GraphOf returns the graph of a table. Names come from the String methods of
// the state, event and action types, where they have one. A nil table gives a
// graph of the same size without transitions. Cost: one visit of each cell.
func GraphOf[S, E, A ~uint8, R Row[S, A], T Rows[S, A, R]](t *Table[S, E, A, R, T]) *Graph {
	if t == nil {
		t = new(Table[S, E, A, R, T])
	}
	g := emptyGraph(len(t.Rows), len(t.Rows[0]))
	g.Names = Names{State: namer[S](), Event: namer[E](), Action: namer[A]()}
	for s := range g.states {
		for e := range g.events {
			if c := t.At(S(s), E(e)); c.To != 0 {
				g.set(Transition{uint8(s), uint8(e), uint8(c.To), uint8(c.Do)})
			}
		}
	}
	g.index()
	return g
}

// NewGraph returns the graph of a machine that exists as a list only, of so
// many states and events (0 to 256 of each; their numbers begin at zero). It
// copies the list, whose order means nothing. A size out of range, a From, To
// or Event outside the size, a To of zero, and a second transition for the same
// state and event are errors. Cost: O(states × events + length of the list).
func NewGraph(states, events int, list []Transition) (*Graph, error) {
	if states < 0 || states > 256 || events < 0 || events > 256 {
		return nil, errors.New("fsm: a graph of " + strconv.Itoa(states) + " states and " +
			strconv.Itoa(events) + " events: each must be 0 to 256")
	}
	g := emptyGraph(states, events)
	for i, t := range list {
		if fault := g.fault(t); fault != "" {
			return nil, errors.New("fsm: transition " + strconv.Itoa(i) + " (" + t.String() + "): " + fault)
		}
		g.set(t)
	}
	g.index()
	return g, nil
}

func emptyGraph(states, events int) *Graph {
	return &Graph{states: states, events: events, cells: make([]Cell[uint8, uint8], states*events)}
}

func (g *Graph) set(t Transition) {
	g.cells[int(t.From)*g.events+int(t.Event)] = Cell[uint8, uint8]{To: t.To, Do: t.Action}
}

// fault says what is wrong with adding t, if anything.
func (g *Graph) fault(t Transition) string {
	switch {
	case int(t.From) >= g.states:
		return "the state it leaves lies outside the graph"
	case int(t.To) >= g.states:
		return "the state it leads to lies outside the graph"
	case int(t.Event) >= g.events:
		return "the event lies outside the graph"
	case t.To == 0:
		return "no transition leads to state 0"
	case g.At(t.From, t.Event).To != 0:
		return "the state already answers the event"
	}
	return ""
}

// index fills answered from cells.
func (g *Graph) index() {
	all := make([]uint8, 0, len(g.cells))
	for s := range g.states {
		first := len(all)
		for e := range g.events {
			if g.At(uint8(s), uint8(e)).To != 0 {
				all = append(all, uint8(e))
			}
		}
		g.answered[s] = all[first:len(all):len(all)]
	}
}

// States returns the number of rows of the table.
func (g *Graph) States() int { return g.states }

// Events returns the number of cells in each row of the table.
func (g *Graph) Events() int { return g.events }

// At returns the cell of a state and an event; the zero Cell where the state
// refuses the event or where either lies outside the table.
func (g *Graph) At(state, event uint8) Cell[uint8, uint8] {
	if int(state) >= g.states || int(event) >= g.events {
		return Cell[uint8, uint8]{}
	}
	return g.cells[int(state)*g.events+int(event)]
}

// Transitions returns all transitions by state, then event. The slice is the
// caller's. Cost: O(n).
func (g *Graph) Transitions() []Transition {
	var list []Transition
	for s := range g.states {
		for _, e := range g.answered[s] {
			c := g.At(uint8(s), e)
			list = append(list, Transition{uint8(s), e, c.To, c.Do})
		}
	}
	return list
}

// StateName returns the name of a state, or its number in decimal.
func (g *Graph) StateName(state uint8) string { return name(g.Names.State, state) }

// EventName returns the name of an event, or its number in decimal.
func (g *Graph) EventName(event uint8) string { return name(g.Names.Event, event) }

// ActionName returns the name of an action, or its number in decimal.
func (g *Graph) ActionName(action uint8) string { return name(g.Names.Action, action) }

func name(of func(uint8) string, number uint8) string {
	if of != nil {
		if text := of(number); text != "" {
			return text
		}
	}
	return strconv.Itoa(int(number))
}

func namer[V ~uint8]() func(uint8) string {
	if _, ok := any(V(0)).(stringer); !ok {
		return nil
	}
	return func(number uint8) string { return nameOf(V(number)) }
}

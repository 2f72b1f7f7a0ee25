package looplab

import (
	"errors"
	"fmt"

	lfsm "github.com/looplab/fsm"

	"github.com/wsfsm/wsfsm/fsm"
)

// Transition is one transition by name: in state From, Event leads to state To,
// and Action is to be carried out. An empty Action is none; the other names may
// not be empty. Names are compared as they are, case included.
type Transition struct {
	From, Event, To, Action string
}

// Definition is a machine by name. New only reads it.
type Definition struct {
	// Initial is the state to begin in: one of States, or if that is empty, one
	// that a transition names.
	Initial string

	// Transitions are in any order, at most one for each state and event.
	Transitions []Transition

	// States and Events list every name that transitions may use, each once.
	// An empty list allows any name, so that a misspelt one goes unnoticed.
	States, Events []string

	// Callbacks are looplab's, under looplab's keys: before_EVENT, leave_STATE,
	// enter_STATE, after_EVENT, the four with event or state in place of a name,
	// which stand for all of them, and a bare name for enter_STATE or
	// after_EVENT. Every key must name a state or event that some transition
	// uses, in one way only.
	Callbacks lfsm.Callbacks

	// Actions, unless nil, holds a callback for each action that transitions
	// name, and no others. It is called once for every event that is taken, also
	// on a transition to its own state: after the machine has moved and the
	// enter_ and after_EVENT callbacks have run, before after_event.
	Actions lfsm.Callbacks
}

// Define returns the definition of a graph, under the names it gives to states,
// events and actions; action zero is none. Its States and Events list those that
// transitions use, and the initial state. It holds no callbacks; the caller may
// add them. Two states, events or actions in use with one name are an error that
// wraps ErrInvalid, since looplab would take them for one.
func Define(g *fsm.Graph, initial uint8) (Definition, error) {
	states := naming{what: "states", name: g.StateName}
	events := naming{what: "events", name: g.EventName}
	actions := naming{what: "actions", name: g.ActionName}
	d := Definition{Initial: states.of(initial)}
	for _, t := range g.Transitions() {
		named := Transition{From: states.of(t.From), Event: events.of(t.Event), To: states.of(t.To)}
		if t.Action != 0 {
			named.Action = actions.of(t.Action)
		}
		d.Transitions = append(d.Transitions, named)
	}
	problems := append(append(states.clashes(), events.clashes()...), actions.clashes()...)
	if len(problems) > 0 {
		return Definition{}, invalid(problems)
	}
	d.States, d.Events = states.list(), events.list()
	return d, nil
}

// naming gives numbers of one kind their names and remembers which were used.
type naming struct {
	what string
	name func(uint8) string
	used [256]bool
}

func (n *naming) of(number uint8) string {
	n.used[number] = true
	return n.name(number)
}

func (n *naming) list() []string {
	var names []string
	for number, used := range n.used {
		if used {
			names = append(names, n.name(uint8(number)))
		}
	}
	return names
}

func (n *naming) clashes() []error {
	var problems []error
	first := map[string]int{}
	for number, used := range n.used {
		if !used {
			continue
		}
		name := n.name(uint8(number))
		if other, clash := first[name]; clash {
			problems = append(problems, fmt.Errorf("%s %d and %d are both named %q", n.what, other, number, name))
			continue
		}
		first[name] = number
	}
	return problems
}

// ErrInvalid is what every error of New and Define wraps. Its text is followed
// by all problems found, one per line.
var ErrInvalid = errors.New("looplab: invalid definition")

func invalid(problems []error) error {
	return fmt.Errorf("%w:\n%w", ErrInvalid, errors.Join(problems...))
}

package fsm

import (
	"errors"
	"strconv"
)

// ErrRefused is what every refusal wraps: the state does not answer the event.
var ErrRefused = errors.New("fsm: event refused")

// RefusedError says which state refused which event. It wraps [ErrRefused].
type RefusedError struct {
	State, Event uint8  // their numbers
	StateName    string // from the state type's String method; empty without one
	EventName    string // from the event type's String method; empty without one
	Detail       string // why no table could answer; empty where the state just refuses
}

// Error names state and event, with their numbers.
func (e *RefusedError) Error() string {
	text := "fsm: state " + label(e.StateName, e.State) + " refuses event " + label(e.EventName, e.Event)
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// Unwrap returns [ErrRefused].
func (e *RefusedError) Unwrap() error { return ErrRefused }

// label is the name and number of a state, event or action, or only its number
// if it has no name.
func label(name string, number uint8) string {
	if name == "" {
		return strconv.Itoa(int(number))
	}
	return name + " (" + strconv.Itoa(int(number)) + ")"
}

type stringer interface{ String() string }

// nameOf returns what the String method of v says, or nothing without one.
func nameOf[V ~uint8](v V) (name string) {
	s, ok := any(v).(stringer)
	if !ok {
		return ""
	}
	// A String method that indexes a list of names panics on a number outside
	// it, and such a number is a likely cause of the refusal being reported.
	defer func() {
		if recover() != nil {
			name = ""
		}
	}()
	return s.String()
}

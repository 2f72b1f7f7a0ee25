package looplab

import (
	"context"
	"fmt"

	lfsm "github.com/looplab/fsm"

	"github.com/wsfsm/wsfsm/fsm"
)

// New returns a looplab machine in the initial state of a definition. A
// definition that breaks a rule stated at its fields gives an error that wraps
// ErrInvalid and names everything wrong with it: a state or event without name,
// one that is not declared, or declared twice; a second transition for a state
// and an event; an unknown initial state; a callback whose key names nothing, or
// two things, or what another key names already; an action without callback or
// a callback without action; a nil callback.
func New(d Definition) (*lfsm.FSM, error) {
	if problems := check(&d); len(problems) > 0 {
		return nil, invalid(problems)
	}
	events := make(lfsm.Events, len(d.Transitions))
	for i, t := range d.Transitions {
		events[i] = lfsm.EventDesc{Name: t.Event, Src: []string{t.From}, Dst: t.To}
	}
	return lfsm.NewFSM(d.Initial, events, callbacks(&d)), nil
}

// callbacks are those of d, with its actions in front of after_event, the only
// callback that looplab calls for every event taken.
func callbacks(d *Definition) lfsm.Callbacks {
	if d.Actions == nil {
		return d.Callbacks
	}
	all := lfsm.Callbacks{}
	for key, callback := range d.Callbacks {
		all[key] = callback
	}
	type cell struct{ state, event string }
	actions := map[cell]lfsm.Callback{}
	for _, t := range d.Transitions {
		if t.Action != "" {
			actions[cell{t.From, t.Event}] = d.Actions[t.Action]
		}
	}
	after := d.Callbacks["after_event"]
	all["after_event"] = func(ctx context.Context, e *lfsm.Event) {
		if action := actions[cell{e.Src, e.Event}]; action != nil {
			action(ctx, e)
		}
		if after != nil {
			after(ctx, e)
		}
	}
	return all
}

// Fire gives m an event, with arguments for its callbacks, and returns nil if m
// has taken it, also if that leads back to the same state. If the state does not
// answer the event, or nobody knows the event, m is unchanged and the error
// wraps [fsm.ErrRefused] and looplab's InvalidEventError or UnknownEventError.
// If ctx is done, m is unchanged and the error is that of ctx. An error that a
// callback left in Event.Err is returned as it is; m has then taken the event.
// Other errors are looplab's. Fire is not for concurrent use on one machine.
func Fire(ctx context.Context, m *lfsm.FSM, event string, args ...any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	before := m.Current()
	err := m.Event(ctx, event, args...)
	switch e := err.(type) {
	case lfsm.NoTransitionError:
		return e.Err
	case lfsm.InvalidEventError:
		// The same error about another state is a callback's, of an event that it
		// fired in turn.
		if e.Event == event && e.State == before {
			return refused(err)
		}
	case lfsm.UnknownEventError:
		if e.Event == event {
			return refused(err)
		}
	}
	return err
}

func refused(err error) error { return fmt.Errorf("%w: %w", fsm.ErrRefused, err) }

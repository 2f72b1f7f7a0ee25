package looplab_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	lfsm "github.com/looplab/fsm"

	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/fsm/looplab"
)

// recorded is the door with every kind of callback, each noting its name, the
// state the machine is in, and its first argument.
func recorded(t *testing.T, notes *[]string) *lfsm.FSM {
	t.Helper()
	d := door()
	d.Callbacks, d.Actions = lfsm.Callbacks{}, lfsm.Callbacks{}
	note := func(name string) lfsm.Callback {
		return func(_ context.Context, e *lfsm.Event) {
			*notes = append(*notes, name+" in "+e.FSM.Current()+" "+e.Args[0].(string))
		}
	}
	for _, key := range []string{"before_open", "before_event", "leave_closed", "leave_state", "enter_opened", "enter_state", "after_open", "after_event"} {
		d.Callbacks[key] = note(key)
	}
	for _, action := range []string{"creak", "slam"} {
		d.Actions[action] = note(action)
	}
	m, err := looplab.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOrderOfCallbacks(t *testing.T) {
	var notes []string
	m := recorded(t, &notes)
	for _, c := range []struct {
		event string
		want  []string
	}{
		{"open", []string{"before_open in closed a", "before_event in closed a", "leave_closed in closed a", "leave_state in closed a",
			"enter_opened in opened a", "enter_state in opened a", "after_open in opened a", "creak in opened a", "after_event in opened a"}},
		// A transition to its own state: nothing is left or entered.
		{"open", []string{"before_open in opened a", "before_event in opened a", "after_open in opened a", "after_event in opened a"}},
		{"close", []string{"before_event in opened a", "leave_state in opened a", "enter_state in closed a", "slam in closed a", "after_event in closed a"}},
		// Refused: nothing is called.
		{"close", nil},
		{"lock", nil},
	} {
		notes = nil
		if err := looplab.Fire(context.Background(), m, c.event, "a"); (err != nil) != (c.want == nil) {
			t.Errorf("%s: %v", c.event, err)
		}
		if !slices.Equal(notes, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.event, notes, c.want)
		}
	}
}

func TestActionsWithoutAfterEvent(t *testing.T) {
	d := door()
	var did []string
	d.Callbacks = nil
	for action := range d.Actions {
		d.Actions[action] = func(context.Context, *lfsm.Event) { did = append(did, action) }
	}
	m, err := looplab.New(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []string{"open", "open", "close"} {
		if err := looplab.Fire(context.Background(), m, event); err != nil {
			t.Error(err)
		}
	}
	if want := []string{"creak", "slam"}; !slices.Equal(did, want) {
		t.Errorf("did %q, want %q", did, want)
	}
}

func TestFireErrors(t *testing.T) {
	ctx := context.Background()
	plain, failing := door(), errors.New("hinge")
	plain.Callbacks, plain.Actions = nil, nil
	withCallback := func(key string, callback lfsm.Callback) *lfsm.FSM {
		d := plain
		d.Callbacks = lfsm.Callbacks{key: callback}
		m, err := looplab.New(d)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	fails := func(_ context.Context, e *lfsm.Event) { e.Err = failing }
	again := func(ctx context.Context, e *lfsm.Event) { e.Err = e.FSM.Event(ctx, "close") }

	var invalid lfsm.InvalidEventError
	m := withCallback("before_event", ignore)
	if err := looplab.Fire(ctx, m, "close"); !errors.Is(err, fsm.ErrRefused) || !errors.As(err, &invalid) || m.Current() != "closed" {
		t.Errorf("not answered: %v", err)
	} else if want := "fsm: event refused: event close inappropriate in current state closed"; err.Error() != want {
		t.Errorf("got %s, want %s", err, want)
	}
	var unknown lfsm.UnknownEventError
	if err := looplab.Fire(ctx, m, "lock"); !errors.Is(err, fsm.ErrRefused) || !errors.As(err, &unknown) || m.Current() != "closed" {
		t.Errorf("unknown: %v", err)
	}

	m = withCallback("after_event", fails)
	for range 2 { // a move, then a transition to its own state
		if err := looplab.Fire(ctx, m, "open"); err != failing || m.Current() != "opened" {
			t.Errorf("a callback's error: %v, in %s", err, m.Current())
		}
	}

	// The callback's own event is refused after the machine has moved.
	m = withCallback("enter_closed", again)
	m.SetState("opened")
	if err := looplab.Fire(ctx, m, "close"); errors.Is(err, fsm.ErrRefused) || !errors.As(err, &invalid) || m.Current() != "closed" {
		t.Errorf("an event fired by a callback: %v, in %s", err, m.Current())
	}
	m = withCallback("enter_closed", func(ctx context.Context, e *lfsm.Event) { e.Err = e.FSM.Event(ctx, "lock") })
	m.SetState("opened")
	if err := looplab.Fire(ctx, m, "close"); errors.Is(err, fsm.ErrRefused) || !errors.As(err, &unknown) || m.Current() != "closed" {
		t.Errorf("an unknown event fired by a callback: %v, in %s", err, m.Current())
	}

	m = withCallback("before_open", func(_ context.Context, e *lfsm.Event) { e.Cancel(failing) })
	var canceled lfsm.CanceledError
	if err := looplab.Fire(ctx, m, "open"); !errors.As(err, &canceled) || !errors.Is(err, failing) || errors.Is(err, fsm.ErrRefused) || m.Current() != "closed" {
		t.Errorf("canceled: %v, in %s", err, m.Current())
	}

	m = withCallback("leave_closed", func(_ context.Context, e *lfsm.Event) { e.Async() })
	var async lfsm.AsyncError
	if err := looplab.Fire(ctx, m, "open"); !errors.As(err, &async) || m.Current() != "closed" {
		t.Errorf("put off: %v, in %s", err, m.Current())
	}
	if err := m.Transition(); err != nil || m.Current() != "opened" {
		t.Errorf("put off, then done: %v, in %s", err, m.Current())
	}
}

// looplab itself strands a machine whose context is done; Fire does not begin.
func TestContextThatIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m, err := looplab.New(door())
	if err != nil {
		t.Fatal(err)
	}
	if err := looplab.Fire(ctx, m, "open"); !errors.Is(err, context.Canceled) || m.Current() != "closed" {
		t.Errorf("%v, in %s", err, m.Current())
	}
	if err := looplab.Fire(context.Background(), m, "open"); err != nil || m.Current() != "opened" {
		t.Errorf("the next event: %v, in %s", err, m.Current())
	}
	if err := m.Event(ctx, "close"); !errors.Is(err, context.Canceled) {
		t.Errorf("looplab: %v", err)
	}
	var stranded lfsm.InTransitionError
	if err := looplab.Fire(context.Background(), m, "close"); !errors.As(err, &stranded) {
		t.Errorf("looplab no longer strands a machine, and the package comment is out of date: %v", err)
	}
}

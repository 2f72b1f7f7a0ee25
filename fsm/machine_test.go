package fsm_test

import (
	"errors"
	"testing"

	"github.com/wsfsm/wsfsm/fsm"
)

type number uint8 // has no String method

func TestZeroMachineRefuses(t *testing.T) {
	var m fsm.SmallMachine[State, Event, Action]
	for e := range 256 {
		if do, ok := m.Fire(Event(e)); do != 0 || ok || m.State != 0 || m.Can(Event(e)) {
			t.Fatalf("event %d: %v, %v, state %v, can %v", e, do, ok, m.State, m.Can(Event(e)))
		}
		if do, err := m.Try(Event(e)); do != 0 || !errors.Is(err, fsm.ErrRefused) || m.State != 0 {
			t.Fatalf("event %d: %v, %v, state %v", e, do, err, m.State)
		}
	}
}

// A machine nobody has started may leave state zero if its row says so.
func TestStateZeroAsInitialState(t *testing.T) {
	table := fsm.Small[number, number, number]{Rows: fsm.SmallRows[number, number]{0: {2: {To: 1, Do: 7}}}}
	m := fsm.SmallMachine[number, number, number]{Table: &table}
	if do, ok := m.Fire(2); do != 7 || !ok || m.State != 1 {
		t.Errorf("%v, %v, state %v; want 7, true, state 1", do, ok, m.State)
	}
}

func TestTrySaysWhatWasRefused(t *testing.T) {
	var plain fsm.Small[number, number, number]
	started := plain.Start(3)
	outside := plain.Start(16)
	named := turnstile.Start(Broken)
	nameless := turnstile.Start(200)
	var zero fsm.SmallMachine[State, Event, Action]

	try := func(_ any, err error) error { return err }
	for _, c := range []struct {
		err  error
		want fsm.RefusedError
		text string
	}{
		{try(started.Try(15)), fsm.RefusedError{State: 3, Event: 15},
			"fsm: state 3 refuses event 15"},
		{try(started.Try(16)), fsm.RefusedError{State: 3, Event: 16, Detail: "the event lies outside the table"},
			"fsm: state 3 refuses event 16: the event lies outside the table"},
		{try(outside.Try(255)), fsm.RefusedError{State: 16, Event: 255, Detail: "the state lies outside the table"},
			"fsm: state 16 refuses event 255: the state lies outside the table"},
		{try(named.Try(Push)), fsm.RefusedError{State: 3, Event: 1, StateName: "broken", EventName: "push"},
			"fsm: state broken (3) refuses event push (1)"},
		// The String methods of the turnstile panic on numbers without a name.
		{try(nameless.Try(100)), fsm.RefusedError{State: 200, Event: 100, Detail: "the state lies outside the table"},
			"fsm: state 200 refuses event 100: the state lies outside the table"},
		{try(zero.Try(Kick)), fsm.RefusedError{EventName: "kick", StateName: "none", Event: 2, Detail: "the machine has no table"},
			"fsm: state none (0) refuses event kick (2): the machine has no table"},
	} {
		var refused *fsm.RefusedError
		if !errors.As(c.err, &refused) || !errors.Is(c.err, fsm.ErrRefused) {
			t.Errorf("%v is no refusal", c.err)
			continue
		}
		if *refused != c.want {
			t.Errorf("got %+v, want %+v", *refused, c.want)
		}
		if c.err.Error() != c.text {
			t.Errorf("got  %s\nwant %s", c.err, c.text)
		}
	}
	if started.State != 3 || outside.State != 16 || named.State != Broken || nameless.State != 200 {
		t.Errorf("a refusal moved a machine: %v %v %v %d", started.State, outside.State, named.State, uint8(nameless.State))
	}
}

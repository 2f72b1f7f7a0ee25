package turnstile

import (
	"errors"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm/fsm"
)

// arm notes what it is told to do.
type arm struct{ done []string }

func (a *arm) Unlock()     { a.done = append(a.done, "unlock") }
func (a *arm) Lock()       { a.done = append(a.done, "lock") }
func (a *arm) ReturnCoin() { a.done = append(a.done, "return the coin") }
func (a *arm) Alarm()      { a.done = append(a.done, "alarm") }

func TestRun(t *testing.T) {
	m, a := Start(), new(arm)
	for _, e := range []Event{OnPush, OnCoin, OnCoin, OnPush, OnForce, OnPush, OnRepair} {
		do, err := m.Try(e)
		if err != nil {
			t.Fatal(err)
		}
		do.Do(a)
	}
	want := []string{"alarm", "unlock", "return the coin", "lock", "alarm", "lock"}
	if !slices.Equal(a.done, want) || m.State != Locked {
		t.Errorf("did %q and is %v", a.done, m.State)
	}
	if _, err := m.Try(OnRepair); !errors.Is(err, fsm.ErrRefused) {
		t.Errorf("repair of what is not broken: %v", err)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Unlocked.String(), "unlocked"},
		{OnForce.String(), "force"},
		{DoReturnCoin.String(), "return-coin"},
		{Action(0).String(), "none"},
		{State(77).String(), "State(77)"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"github.com/wsfsm/wsfsm/states"
)

// lowered returns RFC 6455 in numbers, from the spec files.
func lowered(t testing.TB) *lower.Protocol {
	t.Helper()
	for _, l := range loweredAll(t) {
		if l.Name == "rfc6455" {
			return l
		}
	}
	t.Fatal("no rfc6455")
	return nil
}

// loaded turns numbers into a protocol that runs.
func loaded(t testing.TB, l *lower.Protocol) *wsfsm.Protocol {
	t.Helper()
	p, err := protocolload.FromLowered(l)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// budget bounds the transitions of a run on a changed protocol, which may go
// round in a circle.
const budget = 200_000

// notices reports whether a case fails on a changed protocol. A driver that
// panics or goes round in a circle is noticed too.
func notices(c *Case, p *wsfsm.Protocol) (failed bool) {
	defer func() {
		if recover() != nil {
			failed = true
		}
	}()
	left := budget
	return Run(c, Config{Protocol: p, Observer: func(wsfsm.Transition) {
		if left--; left < 0 {
			panic("the driver goes round in a circle")
		}
	}}) != nil
}

// noticed reports whether one of the cases fails on a changed protocol. That
// one is moved to the front, as it is likely to notice the next change too.
func noticed(all []*Case, p *wsfsm.Protocol) bool {
	for i, c := range all {
		if notices(c, p) {
			copy(all[1:i+1], all[:i])
			all[0] = c
			return true
		}
	}
	return false
}

// mutation is another content of a cell.
type mutation struct {
	what string
	cell lower.Cell
}

// mutations returns what else a cell could hold: nothing, each other state,
// each other action, none.
func mutations(was lower.Cell, states, actions []uint8) []mutation {
	all := []mutation{{"deleted", lower.Cell{}}, {"do nothing", lower.Cell{To: was.To}}}
	for _, s := range states {
		all = append(all, mutation{fmt.Sprintf("to %d", s), lower.Cell{To: s, Do: was.Do}})
	}
	for _, a := range actions {
		all = append(all, mutation{fmt.Sprintf("do %d", a), lower.Cell{To: was.To, Do: a}})
	}
	return slices.DeleteFunc(all, func(m mutation) bool { return m.cell == was })
}

// words returns the states and actions that the rows of a machine lead to.
func words(m *lower.Machine) (states, actions []uint8) {
	for _, row := range m.Rows {
		for _, c := range row {
			if c.To != 0 && !slices.Contains(states, c.To) {
				states = append(states, c.To)
			}
			if c.To != 0 && c.Do < lower.FailBase && !slices.Contains(actions, c.Do) {
				actions = append(actions, c.Do)
			}
		}
	}
	return states, actions
}

// TestMutations puts something else into each cell that a case visits, in each
// role, and wants one of these cases to fail. With -short every seventh.
func TestMutations(t *testing.T) {
	t.Parallel()
	l := lowered(t)
	n := 0
	for at, through := range visited(t, loaded(t, l), casesOf(t, l.Name)) {
		machine := &l.Machines[machineIndex(l, at.machine)]
		cell := &machine.Rows[at.from][at.event]
		was := *cell
		s, a := words(machine)
		for _, m := range mutations(was, s, a) {
			if n++; testing.Short() && n%7 != 0 {
				continue
			}
			*cell = m.cell
			if !noticed(through, loaded(t, l)) {
				t.Errorf("%v: %s: not noticed by any of %d cases", at, m.what, len(through))
			}
		}
		*cell = was
	}
	if n < 5000 {
		t.Errorf("only %d mutations", n)
	}
}

func machineIndex(l *lower.Protocol, m states.Machine) int {
	return slices.IndexFunc(l.Machines, func(x lower.Machine) bool { return x.Name == m.String() })
}

// TestRefusedCommands fills each cell that refuses a command, and wants a case
// that expects the refusal to fail.
func TestRefusedCommands(t *testing.T) {
	t.Parallel()
	l := lowered(t)
	all := casesOf(t, l.Name)
	for _, refusal := range refusals() {
		through := slices.DeleteFunc(slices.Clone(all), func(c *Case) bool { return !c.expectsRefusal(refusal) })
		cell := &l.Machines[machineIndex(l, refusal.machine)].Rows[refusal.from][refusal.event]
		if cell.To != 0 {
			t.Fatalf("%v is not refused", refusal.place())
		}
		s, a := words(&l.Machines[machineIndex(l, refusal.machine)])
		for _, m := range mutations(lower.Cell{}, s, a) {
			m.cell.To = max(m.cell.To, 1)
			*cell = m.cell
			if !noticed(through, loaded(t, l)) {
				t.Errorf("%s: filled with %s: not noticed by any of %d cases", refusal.place(), m.what, len(through))
			}
		}
		*cell = lower.Cell{}
	}
}

// refusals are the cells that the spec has under refuse.
func refusals() (all []cell) {
	for _, s := range []states.ConnectionState{states.ConnectionClosingSent, states.ConnectionClosingBoth, states.ConnectionHangingUp, states.ConnectionClosed} {
		for _, e := range []states.ConnectionEvent{states.ConnectionOnSendData, states.ConnectionOnSendPing, states.ConnectionOnSendPong, states.ConnectionOnClose} {
			all = append(all, cell{0, states.MachineConnection, uint8(s), uint8(e)})
		}
	}
	for _, s := range []states.HandshakeState{states.HandshakeAwaitRequest, states.HandshakeAwaitStart, states.HandshakeAwaitTunnel, states.HandshakeAwaitResponse} {
		for _, e := range []states.HandshakeEvent{states.HandshakeOnStart, states.HandshakeOnReject, states.HandshakeOnDetach, states.HandshakeOnTunnel} {
			if s != states.HandshakeAwaitStart || e != states.HandshakeOnStart && e != states.HandshakeOnTunnel {
				all = append(all, cell{0, states.MachineHandshake, uint8(s), uint8(e)})
			}
		}
	}
	return all
}

// expectsRefusal reports whether the case has a command that the machine
// refuses in that state.
func (c *Case) expectsRefusal(at cell) bool {
	want := fmt.Sprintf("refused %v %s", at.machine, stateName(at.machine, at.from))
	return slices.ContainsFunc(c.Steps, func(s Step) bool { return strings.Join(s.Fails, " ") == want })
}

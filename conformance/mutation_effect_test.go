package conformance

import (
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/states"
)

// rests returns the state in which the machine comes to rest: one that reads no
// octets in this role, and then does nothing, is left at once.
func (c *composition) rests(state uint8) uint8 {
	m := c.lowered(c.spec)
	if c.spec.Name != states.MachineFrame.String() || states.ReadKind(m.Reads[state].Kind) != states.ReadOctets {
		return state
	}
	if done := m.Rows[state][states.FrameOnDone]; m.Reads[state].Args[c.role-1] == 0 && done.Do == 0 {
		return done.To
	}
	return state
}

// effect returns the action that a row comes to. A word that may take a run of
// octets as one (spans) does for the run what it does for each of its octets, so
// nothing for an event that brings none; to throw octets away is nothing either,
// nor is it to keep what nothing behind the row looks at.
func (c *composition) effect(at Cell, cell lower.Cell) uint8 {
	m := c.lowered(c.spec)
	do := cell.Do
	if keeps := readers(states.ConnectionAction(do)); at.Machine == states.MachineConnection && keeps != nil && !c.comesTo(cell.To, keeps) {
		return 0
	}
	if int(do) >= len(m.Spans) || !m.Spans[do] {
		return do
	}
	octets := states.ReadKind(m.Reads[at.State].Kind) == states.ReadOctet || eventName(at.Machine, at.Event) == "part"
	if octets && !(at.Machine == states.MachineFrame && states.FrameAction(do) == states.FrameDoSkip) {
		return do
	}
	return 0
}

// readers are the words of the connection that look at what a word has kept; nil
// for a word that does something by itself.
func readers(do states.ConnectionAction) []states.ConnectionAction {
	switch do {
	case states.ConnectionDoQueue:
		return []states.ConnectionAction{states.ConnectionDoFlush}
	case states.ConnectionDoNoteClose:
		return []states.ConnectionAction{states.ConnectionDoReportClean, states.ConnectionDoReportAbnormal, states.ConnectionDoReportEnd}
	}
	return nil
}

// comesTo reports whether the connection can do one of some actions behind a
// state.
func (c *composition) comesTo(state uint8, actions []states.ConnectionAction) bool {
	reached := []uint8{state}
	for i := 0; i < len(reached); i++ {
		for _, cell := range c.lowered(c.spec).Rows[reached[i]] {
			if cell.To == 0 {
				continue
			}
			if slices.Contains(actions, states.ConnectionAction(cell.Do)) {
				return true
			}
			if !slices.Contains(reached, cell.To) {
				reached = append(reached, cell.To)
			}
		}
	}
	return false
}

// TestEffect: a command that is kept where the connection comes to open does
// something, and nothing where it does not; a word that takes octets does
// nothing where none come.
func TestEffect(t *testing.T) {
	t.Parallel()
	queue := uint8(states.ConnectionDoQueue)
	pass := uint8(states.FrameDoPass)
	for _, one := range specifiedOf(t).tables() {
		v := one.versions[0]
		c := &composition{suite: v, role: states.Server, labels: map[string]uint8{}}
		switch v.spec.Name {
		case states.MachineConnection.String():
			at := Cell{states.Server, states.MachineConnection, uint8(states.ConnectionConnecting), uint8(states.ConnectionOnSendData)}
			kept, dropped := lower.Cell{To: at.State, Do: queue}, lower.Cell{To: uint8(states.ConnectionHangingUp), Do: queue}
			if c.effect(at, kept) != queue || c.effect(at, dropped) != 0 {
				t.Errorf("%s: queue does %d and %d", v.protocol.Name, c.effect(at, kept), c.effect(at, dropped))
			}
		case states.MachineFrame.String():
			m := v.lowered(v.spec)
			for _, at := range v.cells {
				got := c.effect(at, lower.Cell{To: at.State, Do: pass})
				brings := eventName(at.Machine, at.Event) == "part" || states.ReadKind(m.Reads[at.State].Kind) == states.ReadOctet
				if want := map[bool]uint8{true: pass}[brings]; got != want {
					t.Errorf("%s: %v: pass does %d, want %d", v.protocol.Name, at, got, want)
				}
			}
		}
	}
}

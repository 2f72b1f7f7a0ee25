package wsfsm

import (
	"fmt"

	"github.com/wsfsm/wsfsm/states"
)

// Transition is one step of one machine, as Options.Observer sees it. The
// numbers are those of package states; String spells them.
type Transition struct {
	Machine states.Machine
	From    uint8
	Event   uint8
	To      uint8
	Action  uint8
	Offset  int64 // octets consumed when the transition was taken
}

// String returns the transition as in "frame size --fits--> payload / begin".
func (t Transition) String() string {
	s := fmt.Sprintf("%s %s --%s--> %s", t.Machine, stateName(t.Machine, t.From), eventName(t.Machine, t.Event), stateName(t.Machine, t.To))
	if t.Action != 0 {
		s += " / " + actionName(t.Machine, t.Action)
	}
	return s
}

func stateName(m states.Machine, s uint8) string {
	switch m {
	case states.MachineConnection:
		return states.ConnectionState(s).String()
	case states.MachineHTTP:
		return states.HTTPState(s).String()
	case states.MachineHandshake:
		return states.HandshakeState(s).String()
	case states.MachineFrame:
		return states.FrameState(s).String()
	case states.MachineMessage:
		return states.MessageState(s).String()
	}
	return ""
}

func eventName(m states.Machine, e uint8) string {
	switch m {
	case states.MachineConnection:
		return states.ConnectionEvent(e).String()
	case states.MachineHTTP:
		return states.HTTPEvent(e).String()
	case states.MachineHandshake:
		return states.HandshakeEvent(e).String()
	case states.MachineFrame:
		return states.FrameEvent(e).String()
	case states.MachineMessage:
		return states.MessageEvent(e).String()
	}
	return ""
}

func actionName(m states.Machine, a uint8) string {
	switch m {
	case states.MachineConnection:
		return states.ConnectionAction(a).String()
	case states.MachineHTTP:
		return states.HTTPAction(a).String()
	case states.MachineHandshake:
		return states.HandshakeAction(a).String()
	case states.MachineFrame:
		return states.FrameAction(a).String()
	case states.MachineMessage:
		return states.MessageAction(a).String()
	}
	return ""
}

package conformance

import (
	"fmt"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// stood holds the last transition of each machine as the observer has seen it,
// by machine number.
type stood [states.MachineCount + 1]wsfsm.Transition

// watch returns an observer that keeps the transitions in s before it calls next.
func (s *stood) watch(next func(wsfsm.Transition)) func(wsfsm.Transition) {
	return func(t wsfsm.Transition) {
		s[t.Machine] = t
		next(t)
	}
}

// begin sets the states in which the machines of a role begin.
func (s *stood) begin(p *wsfsm.Protocol, role states.Role) {
	side := role - 1
	for m, state := range map[states.Machine]uint8{
		states.MachineConnection: uint8(p.Connection.Initial[side]),
		states.MachineHTTP:       uint8(p.HTTP.Initial[side]),
		states.MachineHandshake:  uint8(p.Handshake.Initial[side]),
		states.MachineFrame:      uint8(p.Frame.Initial[side]),
		states.MachineMessage:    uint8(p.Message.Initial[side]),
	} {
		s[m] = wsfsm.Transition{Machine: m, To: state}
	}
}

// words returns the state of a machine and, if there is a transition, "after",
// the event and the action of the last one.
func (s *stood) words(machine string) []string {
	for m := states.Machine(1); m <= states.MachineCount; m++ {
		if m.String() != machine {
			continue
		}
		t := s[m]
		if t.Event == 0 {
			return []string{stateName(m, t.To)}
		}
		return []string{stateName(m, t.To), "after", eventName(m, t.Event), actionName(m, t.Action)}
	}
	return nil
}

func stateName(m states.Machine, state uint8) string {
	switch m {
	case states.MachineConnection:
		return states.ConnectionState(state).String()
	case states.MachineHTTP:
		return states.HTTPState(state).String()
	case states.MachineHandshake:
		return states.HandshakeState(state).String()
	case states.MachineFrame:
		return states.FrameState(state).String()
	case states.MachineMessage:
		return states.MessageState(state).String()
	}
	return fmt.Sprintf("%v %d", m, state)
}

func eventName(m states.Machine, event uint8) string {
	switch m {
	case states.MachineConnection:
		return states.ConnectionEvent(event).String()
	case states.MachineHTTP:
		return states.HTTPEvent(event).String()
	case states.MachineHandshake:
		return states.HandshakeEvent(event).String()
	case states.MachineFrame:
		return states.FrameEvent(event).String()
	case states.MachineMessage:
		return states.MessageEvent(event).String()
	}
	return fmt.Sprintf("%v %d", m, event)
}

func actionName(m states.Machine, action uint8) string {
	switch m {
	case states.MachineConnection:
		return states.ConnectionAction(action).String()
	case states.MachineHTTP:
		return states.HTTPAction(action).String()
	case states.MachineHandshake:
		return states.HandshakeAction(action).String()
	case states.MachineFrame:
		return states.FrameAction(action).String()
	case states.MachineMessage:
		return states.MessageAction(action).String()
	}
	return fmt.Sprintf("%v %d", m, action)
}

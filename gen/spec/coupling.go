package spec

import "slices"

// What is known of single words. A machine, a read or an action that is
// called otherwise is treated like those of any protocol; these are the ends
// at which the machines of a WebSocket connection meet.
const (
	MachineConnection = "connection"
	MachineHandshake  = "handshake"
	MachineFrame      = "frame"
	MachineMessage    = "message"

	ReadOctet  = "octet"  // stores one octet in its field, after a class table has sorted it
	ReadOctets = "octets" // stores as many octets as it takes
	ReadBody   = "body"   // sorts the kept head by a class table
	ReadFrame  = "frame"  // likewise, in the machine above

	FieldHead   = "head"   // the kept head
	FieldLength = "length" // the length of a payload or body

	ActionBegin  = "begin"        // hands the kept head to the message machine
	ActionClose  = "pass-close"   // hands a close frame to the connection
	EventPart    = "part"         // comes of octets that were eaten
	EventClose   = "close"        // of a body: stands for the verdicts of its shape
	EventBadHead = "bad-head"     // comes where a head is read
	ValueVersion = "wire-version" // the version's number
)

// Inputs of the connection machine: the stage whose facts a state can meet.
const (
	InputHandshake = "handshake"
	InputFrame     = "frame"
)

// Coupled reports whether a machine of this name is the connection machine of
// a vocabulary whose machines feed one another.
func (v *Vocabulary) Coupled(machine string) bool {
	return len(v.Inputs) > 0 && machine == MachineConnection
}

// wired reports whether a state can meet a fact from another machine.
func (q *question) wired(event string) bool {
	switch {
	case q.v.Coupled(q.m.Name):
		return q.connectionMeets(event)
	case q.m.Name == MachineHandshake && event == EventBadHead && len(q.v.Reads) > 0:
		return q.s.Read != nil && q.kind().Takes == TakesHead
	}
	return true
}

// connectionMeets says which facts reach the connection while a stage is fed.
func (q *question) connectionMeets(event string) bool {
	switch event {
	case "accepted", "refused", "rejected", "detached":
		return q.s.Input == InputHandshake
	case "ping-received":
		return q.s.Input == InputFrame && q.ver.does("pass-ping")
	case "pong-received":
		return q.s.Input == InputFrame && q.ver.does("pass-pong")
	case "close-received":
		return q.s.Input == InputFrame && q.ver.does(ActionClose)
	case "violation":
		return q.s.Input == InputFrame && (fails(q.ver.Machine(MachineFrame)) || fails(q.ver.Machine(MachineMessage)))
	}
	return true
}

// does reports whether the frame machine has an action.
func (ver *Version) does(action string) bool {
	return anyRow(ver.Machine(MachineFrame), func(r *Rule) bool { return r.Do == action })
}

// fails reports whether a machine has a row that breaks a rule.
func fails(m *Machine) bool {
	return anyRow(m, func(r *Rule) bool { return r.Fail != "" })
}

func anyRow(m *Machine, is func(*Rule) bool) bool {
	if m == nil {
		return false
	}
	return slices.ContainsFunc(m.When, is) ||
		slices.ContainsFunc(m.States, func(s *State) bool { return slices.ContainsFunc(s.When, is) })
}

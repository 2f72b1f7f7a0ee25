package spec

import "slices"

// What is known of single words. A machine, a read or an action that is
// called otherwise is treated like those of any protocol; these are the ends
// at which the machines of a WebSocket connection meet.
const (
	MachineConnection = "connection"
	MachineHTTP       = "http"
	MachineHandshake  = "handshake"
	MachineFrame      = "frame"
	MachineMessage    = "message"

	ReadOctet  = "octet"  // stores one octet in its field, after a class table has sorted it
	ReadOctets = "octets" // stores as many octets as it takes
	ReadBody   = "body"   // sorts the kept head by a class table
	ReadFrame  = "frame"  // likewise, in the machine above

	ReadContent = "content" // yields what there is in the frame

	FieldHead   = "head"   // the kept head
	FieldLength = "length" // the length of a payload or body

	ActionBegin  = "begin"        // hands the kept head to the message machine
	EventPart    = "part"         // comes of octets that were eaten
	EventText    = "text-octet"   // comes of an octet of a payload that ends with a mark
	EventClose   = "close"        // of a body: stands for the verdicts of its shape
	EventBadHead = "bad-head"     // comes where a head is read
	ValueVersion = "wire-version" // the version's number
)

// Facts that the connection machine learns from those below.
const (
	FactRefused   = "refused"        // the opening handshake has failed
	FactViolation = "violation"      // frames or messages have failed
	FactClose     = "close-received" // a close frame came
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
		return q.kind(q.s).Takes == TakesHead
	}
	return true
}

// connectionMeets says which facts reach the connection while a stage is fed.
func (q *question) connectionMeets(event string) bool {
	switch event {
	case "accepted", FactRefused, "rejected", "detached":
		return q.s.Input == InputHandshake
	case FactViolation:
		return q.s.Input == InputFrame && (fails(q.ver.Machine(MachineFrame)) || fails(q.ver.Machine(MachineMessage)))
	}
	return q.s.Input == InputFrame && q.v.Told(q.ver.Machine(MachineFrame), event)
}

// Told reports whether the connection is told a fact by a machine; false for none.
func (v *Vocabulary) Told(m *Machine, fact string) bool {
	return anyRow(m, func(r *Rule) bool { return v.Tells(m, r) == fact })
}

// Tells is the fact that the connection is told by a row of a machine; "" if it
// is told nothing.
func (v *Vocabulary) Tells(m *Machine, r *Rule) string {
	switch {
	case r.Fail != "" && m.Name == MachineHandshake:
		return FactRefused
	case r.Fail != "" && (m.Name == MachineFrame || m.Name == MachineMessage):
		return FactViolation
	}
	words := v.Machine(m.Name)
	if i := slices.IndexFunc(words.Actions, func(a ActionWord) bool { return a.Name == r.Do }); i >= 0 {
		return words.Actions[i].Tells
	}
	return ""
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

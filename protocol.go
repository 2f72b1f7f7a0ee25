package wsfsm

import "github.com/wsfsm/wsfsm/states"

// Protocol is one WebSocket version as a value: the tables of its machines and
// the constants beside them. The compiled ones are in transitions.go; others
// can be loaded from spec files. A Protocol is immutable and may be shared by
// any number of endpoints and goroutines.
type Protocol struct {
	Name        string // as in the spec file, "rfc6455"
	Title       string // as people call it, "RFC 6455"
	WireVersion int    // number on the wire; -1 if the version has none
	Recognise   Recognition
	Close       CloseRules
	TooBig      CloseCode // sent when a message is beyond the limit; 0 if none
	Connection  ConnectionMachine
	HTTP        HTTPMachine
	Handshake   HandshakeMachine
	Frame       FrameMachine
	Message     MessageMachine
}

// Recognition is the header field by which a request asks for a version: with
// one of the values, or, if there are none, by being there. Without a header
// the version takes the requests that no other one claims.
type Recognition struct {
	Header string
	Values []string
}

// CloseRules says what the body of a close frame is and which codes it may
// carry (RFC 6455 §7.4).
type CloseRules struct {
	Body           states.CloseBody         // shape of the body; 0 if there is no close frame
	Own            [states.RoleCount]string // by role - 1: what a body that this end makes begins with
	Received, Sent []CodeRange              // none if close frames carry no code
}

// CodeRange is an inclusive range of close codes.
type CodeRange struct{ First, Last CloseCode }

// Machine is one machine of a protocol: its transitions and what each state
// reads. S, E are its states and events, T the type of its table. Slices by
// state have one entry for each row of the table.
type Machine[S, E ~uint8, T any] struct {
	Table   *T
	Initial [states.RoleCount]S // by role - 1
	Final   []bool              // by state
	Reads   []Read              // by state
	Classes []Class[E]
}

// Read is what a state eats.
type Read struct {
	Kind    states.ReadKind         // 0: nothing
	Args    [states.RoleCount]uint8 // by role - 1: number of a class table, count, field, limit, head or coding
	Field   states.Field            // where the octets are kept; 0: nowhere
	Through states.Field            // whose running XOR the octets pass first; 0: none
}

// Class sorts octets into events, for each role. A class whose patterns leave
// reserved bits to extensions has 27 tables per role, indexed by mode(RSV1) +
// 3*mode(RSV2) + 9*mode(RSV3) with the modes unowned, per message, per frame;
// any other class has one.
type Class[E ~uint8] struct {
	Name   string
	Tables [states.RoleCount][]*[256]E // event 0: cannot happen
}

// ownerships is the number of ways in which extensions can own the reserved bits.
const ownerships = 27

// The machines of a protocol.
type (
	// ConnectionMachine is the life of a connection.
	ConnectionMachine struct {
		Machine[states.ConnectionState, states.ConnectionEvent, ConnectionTable]
		Inputs []states.Input                  // by state: which stage is fed
		Waits  [][states.RoleCount]states.Wait // by state, then by role - 1
	}
	// HTTPMachine splits request and response heads.
	HTTPMachine struct {
		Machine[states.HTTPState, states.HTTPEvent, HTTPTable]
		Limits []states.Limit // watched at each octet
	}
	// HandshakeMachine is the opening handshake.
	HandshakeMachine struct {
		Machine[states.HandshakeState, states.HandshakeEvent, HandshakeTable]
		Heads []Head
	}
	// FrameMachine splits octets into frames.
	FrameMachine struct {
		Machine[states.FrameState, states.FrameEvent, FrameTable]
	}
	// MessageMachine joins frames to messages.
	MessageMachine struct {
		Machine[states.MessageState, states.MessageEvent, MessageTable]
	}
)

// Head is a list of rules for an HTTP head, in the order sent and checked.
type Head struct {
	Name  string // request or response
	Lines []HeadLine
}

// HeadLine is a rule for one header field or, with a leading colon, for one
// part of the first line: what is required of it and what is sent.
type HeadLine struct {
	Name     string
	Count    int  // exact number of occurrences, at most that many if Optional; -1: any
	Optional bool // may be absent
	Fold     bool // Is is compared without case
	Is       string
	OneOf    []string // one of which it must equal
	Has      string   // token that the list must hold, compared without case
	AtLeast  string   // version "major.minor" that it must reach with the same major number
	Send     string   // literal that is sent
	Form     states.Form
	Equals   states.Value
	From     states.Value          // computed value that is sent
	Else     states.HandshakeEvent // the finding where the line does not hold
}

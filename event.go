package wsfsm

import "slices"

// EventKind says what an Event reports.
type EventKind uint8

// The kinds of events, in the order in which a connection meets them.
const (
	// EventRequest: the server read a request and waits for Start, Reject or
	// Detach; Driver.Request holds it. Not reported with Options.AutoStart.
	EventRequest EventKind = iota + 1
	// EventOpen: the opening handshake succeeded; messages may flow.
	EventOpen
	// EventMessage: a message, or with DeliverPieces a piece of one.
	EventMessage
	// EventPing: a ping came. It has been answered already (RFC 6455 §5.5.2).
	EventPing
	// EventPong: a pong came (RFC 6455 §5.5.3).
	EventPong
	// EventError: a rule was broken. Only EventClosed follows.
	EventError
	// EventClosed: the connection has ended. It comes exactly once, last.
	EventClosed
	// EventTunnel: the proxy that Tunnel asked has opened a tunnel to the server.
	// It comes before EventOpen.
	EventTunnel
)

// MessageKind is the type of a message.
type MessageKind uint8

// The types of messages (RFC 6455 §5.6).
const (
	Text   MessageKind = 1 // valid UTF-8
	Binary MessageKind = 2 // any octets
)

// PingID names a ping that Driver.Ping has sent. IDs count from 1.
type PingID uint64

// Event is what Driver.Next returns.
type Event struct {
	Kind    EventKind
	Message MessageKind // EventMessage
	First   bool        // EventMessage: the message begins with this piece
	Last    bool        // EventMessage: the message ends with this piece
	Clean   bool        // EventClosed: the closing handshake was complete (RFC 6455 §7.1.4)
	Code    CloseCode   // EventClosed: as of RFC 6455 §7.1.5
	Ping    PingID      // EventPong: the ping that it answers; 0 if it is unsolicited
	// Data is the payload of a message, ping or pong, or the reason of
	// EventClosed. It belongs to the driver and is valid until the next call
	// of Next or Receive.
	Data []byte
	// Err is the *Error of EventError, or the cause of an unclean EventClosed
	// if one is known.
	Err error
}

// Clone returns the event with its own copy of Data, which the caller may keep.
func (e Event) Clone() Event {
	e.Data = slices.Clone(e.Data)
	return e
}

// String returns the kind's name, such as "message".
func (k EventKind) String() string {
	names := [...]string{"none", "request", "open", "message", "ping", "pong", "error", "closed", "tunnel"}
	if int(k) >= len(names) {
		return "unknown"
	}
	return names[k]
}

// String returns "text" or "binary".
func (k MessageKind) String() string {
	switch k {
	case Text:
		return "text"
	case Binary:
		return "binary"
	}
	return "unknown"
}

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
	// EventError: a rule was broken; Driver.Err tells which. Only EventClosed
	// follows.
	EventError
	// EventClosed: the connection has ended; if uncleanly, Driver.Err tells why.
	// It comes exactly once, last.
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

// PingID names a ping that Driver.Ping has sent. IDs count from 1; behind
// MaxPingID comes 1 again.
type PingID uint32

// MaxPingID is the greatest PingID.
const MaxPingID PingID = 1<<(32-detailNumber) - 1

// Event is what Driver.Next returns. It has four words, the most that Go keeps in
// registers: what only some kinds tell is behind methods, and why the connection
// has failed is behind Driver.Err.
type Event struct {
	Kind    EventKind
	Message MessageKind // EventMessage
	detail  detail
	// Data is the payload of a message, ping or pong, or the reason of
	// EventClosed. It belongs to the driver and is valid until the next call
	// of Next or Receive.
	Data []byte
}

// detail is what the methods of an Event tell: three bits, and above them the
// close code of EventClosed or the ping of EventPong.
type detail uint32

const (
	detailFirst detail = 1 << iota
	detailLast
	detailClean
	detailNumber = iota // shift

	detailWhole = detailFirst | detailLast
)

func detailIf(set bool, bit detail) detail {
	if set {
		return bit
	}
	return 0
}

// MessageEvent makes an EventMessage, as Next does: a message, or a piece of one
// that is its first, its last, or both. It keeps data.
func MessageEvent(kind MessageKind, data []byte, first, last bool) Event {
	return Event{Kind: EventMessage, Message: kind, Data: data, detail: detailIf(first, detailFirst) | detailIf(last, detailLast)}
}

// PongEvent makes an EventPong that answers a ping; 0 for an unsolicited one. It
// keeps data.
func PongEvent(ping PingID, data []byte) Event {
	return Event{Kind: EventPong, Data: data, detail: detail(ping) << detailNumber}
}

// ClosedEvent makes an EventClosed.
func ClosedEvent(code CloseCode, reason string, clean bool) Event {
	return Event{Kind: EventClosed, Data: []byte(reason), detail: detailIf(clean, detailClean) | detail(code)<<detailNumber}
}

// First reports whether an EventMessage is the beginning of its message.
func (e Event) First() bool { return e.detail&detailFirst != 0 }

// Last reports whether an EventMessage is the end of its message.
func (e Event) Last() bool { return e.detail&detailLast != 0 }

// Clean reports of an EventClosed whether the closing handshake was complete (RFC
// 6455 §7.1.4).
func (e Event) Clean() bool { return e.detail&detailClean != 0 }

// Code returns the close code of an EventClosed (RFC 6455 §7.1.5); 0 for other
// kinds.
func (e Event) Code() CloseCode {
	if e.Kind != EventClosed {
		return 0
	}
	return CloseCode(e.detail >> detailNumber)
}

// Ping returns which ping an EventPong answers; 0 if it is unsolicited.
func (e Event) Ping() PingID {
	if e.Kind != EventPong {
		return 0
	}
	return PingID(e.detail >> detailNumber)
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

package websocket

import (
	"slices"

	"github.com/wsfsm/wsfsm"
)

// EventType is the type of an Event.
type EventType uint8

// The types of events, in the order in which a connection meets them.
const (
	OpenEvent    EventType = iota // the connection is open
	MessageEvent                  // a message has come
	ErrorEvent                    // the connection could not be opened, or has failed; a close event follows
	CloseEvent                    // the connection has ended; the last event

	types = iota
)

// String returns the name that browsers have for the type, such as "message".
func (t EventType) String() string {
	names := [types]string{"open", "message", "error", "close"}
	if t >= types {
		return "unknown"
	}
	return names[t]
}

// BinaryType says what scripts in browsers get binary messages as.
type BinaryType string

// The binary types.
const (
	Blob        BinaryType = "blob"
	ArrayBuffer BinaryType = "arraybuffer"
)

// Event is what listeners get.
type Event struct {
	Type   EventType
	Target *Socket

	// MessageEvent. The octets belong to the listeners. Binary has the
	// BinaryType set when it is delivered; it is empty for a text.
	Kind   wsfsm.MessageKind
	Data   []byte
	Binary BinaryType

	// ErrorEvent: why. A *wsnet.OpenError, a *wsnet.CloseError, or one of this
	// package.
	Err error

	// CloseEvent. The code is that of the peer's close frame, 1005 if that had
	// none, 1006 if there was no such frame (RFC 6455 §7.1.5).
	Code     wsfsm.CloseCode
	Reason   string
	WasClean bool
}

// listener is one that AddEventListener has added.
type listener struct{ call func(Event) }

// OnOpen sets the function for open events in place of the last one; nil takes
// it away. As all functions for events it is called on a goroutine of the
// package, one at a time.
func (s *Socket) OnOpen(f func(Event)) { s.setHandler(OpenEvent, f) }

// OnMessage sets the function for messages; see OnOpen.
func (s *Socket) OnMessage(f func(Event)) { s.setHandler(MessageEvent, f) }

// OnError sets the function for error events; see OnOpen.
func (s *Socket) OnError(f func(Event)) { s.setHandler(ErrorEvent, f) }

// OnClose sets the function for the close event; see OnOpen.
func (s *Socket) OnClose(f func(Event)) { s.setHandler(CloseEvent, f) }

func (s *Socket) setHandler(t EventType, f func(Event)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[t] = f
	s.kick()
}

// AddEventListener adds a function for events of a type, to be called behind
// those that are there already. The function returned takes it away again. For
// a type that does not exist it does nothing.
func (s *Socket) AddEventListener(t EventType, f func(Event)) (remove func()) {
	if t >= types || f == nil {
		return func() {}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &listener{f}
	s.listeners[t] = append(s.listeners[t], l)
	s.kick()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.listeners[t] = slices.DeleteFunc(slices.Clone(s.listeners[t]), func(other *listener) bool { return other == l })
		s.kick()
	}
}

// BinaryType returns the label of binary messages, Blob unless it was set.
func (s *Socket) BinaryType() BinaryType {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.binaryType
}

// SetBinaryType sets the label of binary messages. As in browsers, an unknown
// one changes nothing.
func (s *Socket) SetBinaryType(t BinaryType) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t == Blob || t == ArrayBuffer {
		s.binaryType = t
	}
}

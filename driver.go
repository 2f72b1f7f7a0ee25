package wsfsm

import (
	"strings"

	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/internal/utf8"
	"github.com/wsfsm/wsfsm/states"
)

// Driver is one end of one connection: the machines of a protocol and the
// hands that carry out their actions. It does no I/O, knows no clock and
// starts no goroutine. Its methods are of four kinds:
//
//   - input: Room, Receive, ReceiveEOF, Expire
//   - output: Next, Events, Output, AppendOutput, Sent, DropOutput
//   - commands: Start, ChooseSubprotocol, Reject, Detach, Text, Binary,
//     EncodeMessage, Send, Begin, Append, End, Lend, Ping, Pong, Close, Snapshot
//   - getters: all others
//
// The caller hands over what it read with Receive, calls Next until it returns
// false, writes what Output returns and says so with Sent, then looks at
// CloseExpected. A Driver is not safe for concurrent use. An Endpoint makes it.
type Driver struct {
	ep   *Endpoint
	prog *program

	connection states.ConnectionState
	handshake  states.HandshakeState
	http       states.HTTPState
	frame      states.FrameState
	message    states.MessageState
	sending    states.MessageState // guards what is sent, by the table of message
	from       uint8               // state that the last transition left

	// the frame being read
	head   byte   // first octet
	length uint64 // octets of the payload still to come

	// input
	in       []byte // borrowed from the caller of Receive, not consumed yet
	offset   int64  // octets consumed since the connection began
	borrowed bool   // the caller's buffer has not been given back
	ended    bool   // ReceiveEOF was called and has not been answered yet

	// the message being read
	started   bool // a piece of it has been delivered
	kind      MessageKind
	held      uint8         // octets of a character that goes on, which replaced keeps
	text      utf8.Checker  // where UTF-8 is checked
	replaced  utf8.Replacer // where what is no UTF-8 is replaced
	sent      utf8.Checker  // of the message being sent
	filled    uint8         // of parts.field
	drawn     uint8         // octets of keys that have been used
	usual     uint8         // power of two that the last message in owned stayed below
	ownership uint8         // of the reserved bits: which class table holds
	due       due           // events that come once
	unmarked  bool          // what is left of the input was searched for the mark that ends frames, and has none
	key       mask.Key      // rotated to the next octet of the payload
	frameMask *frameMask    // hybi-04: in place of key
	body      []byte        // octets not delivered yet
	owned     *[]byte       // pooled buffer that holds body; nil if body lies in the input
	spent     *[]byte       // pooled buffer of the last event
	size      uint64        // octets so far
	maxSize   uint64        // limit of size
	expected  poisoned      // data of the last event

	out  output
	keys *keyBatch // nil before the first is needed

	// what most drivers do without most of the time
	*working        // nil outside of calls
	parts    *parts // of frames and messages that the input has cut in two
	chain    *chain // nil if no extensions were agreed on
	pings    *pings // nil before the first
	pong     *pong  // that waits for room
	opening  *opening
	opened   *opened  // nil before a head was read
	outcome  *outcome // nil until something has gone wrong or been closed
}

// working is what the actions of a step work with.
type working struct {
	event   Event
	command command
	piece   []byte   // what the action at hand is about
	within  *opening // in which it lies; nil if it is one of the pool
}

// parts are what the input has cut in two.
type parts struct {
	field   [fieldSize]byte // octets of a fixed-size read
	gather  []byte          // payload of a control frame
	spilled []*[]byte       // pooled buffers with what comes before body
}

// opened is what is kept of the opening handshake.
type opened struct {
	request     *Request
	response    *Response
	subprotocol string
	held        *heldHead // whose room the request lies in; nil if it is the application's
}

// outcome is how the connection ends.
type outcome struct {
	cause      error     // why the transport ended
	err        error     // of the error that is due or was reported
	peerCode   CloseCode // of the first close frame received; 0 if none came
	peerReason string
	clean      bool // both close frames came before the transport ended
}

// Greatest fixed-size reads in octets: of the frame machine, and of the
// handshake behind a head.
const (
	fieldSize = 8
	bodySize  = 16
)

// due is a set of events that come at most once in the life of a connection,
// lowest bit first.
type due uint8

const (
	dueRequest due = 1 << iota
	dueTunnel
	dueOpen
	dueError
	dueClosed
	dueHandedOver // nothing comes any more: Snapshot has taken the connection
)

func newDriver(ep *Endpoint, prog *program) *Driver {
	first := &prog.first
	return &Driver{
		ep:         ep,
		prog:       prog,
		connection: first.connection,
		handshake:  first.handshake,
		http:       first.http,
		frame:      first.frame,
		message:    first.message,
		sending:    first.message,
		maxSize:    ep.maxMessage,
		opening:    ep.openings.get(ep.options.Secure),
	}
}

// Role returns whether the driver is the server or the client.
func (d *Driver) Role() states.Role { return states.Role(d.prog.side + 1) }

// State returns the state of the connection machine.
func (d *Driver) State() states.ConnectionState { return d.connection }

// Protocol returns the protocol spoken; before a request has been read, the
// endpoint's preferred one.
func (d *Driver) Protocol() *Protocol { return d.prog.Protocol }

// Version returns the name of the version spoken, as in "rfc6455".
func (d *Driver) Version() string { return d.prog.Name }

// WireVersion returns the version's number on the wire; -1 if it has none.
func (d *Driver) WireVersion() int { return d.prog.WireVersion }

// SetSecure says that the client has reached this server over TLS, as
// Options.Secure does for all connections. Behind the opening handshake it
// changes nothing.
func (d *Driver) SetSecure() {
	if d.opening != nil {
		d.opening.secure = true
	}
}

// SetMaxMessage changes the limit of received messages for this connection, from
// the frame on that is read next; the values are those of Options.MaxMessage.
func (d *Driver) SetMaxMessage(octets int64) error {
	if d.handedOver() {
		return ErrHandedOver
	}
	limit, err := messageLimit(octets)
	if err != nil {
		return err
	}
	d.maxSize = limit
	return nil
}

// Err returns why the connection has failed: the *Error that EventError reports,
// else, once EventClosed has reported an unclean end, its cause if one is known.
// It is nil as long as there is no such thing.
func (d *Driver) Err() error {
	e := d.outcome
	switch {
	case e == nil || d.due&dueError != 0: // to be reported yet
		return nil
	case e.err != nil:
		return e.err
	case d.connection == d.finalState() && !e.clean:
		return e.cause
	}
	return nil
}

// Subprotocol returns the subprotocol agreed on; "" if none.
func (d *Driver) Subprotocol() string {
	if d.opened == nil {
		return ""
	}
	return d.opened.subprotocol
}

// Request returns the request as read (server, from EventRequest or EventOpen
// on); nil otherwise. It belongs to the driver and must not be changed.
func (d *Driver) Request() *Request {
	if d.opened == nil {
		return nil
	}
	if d.opened.held != nil {
		d.ownRequest()
	}
	return d.opened.request
}

// Response returns the server's response as read (client, from EventOpen or
// EventError on); nil otherwise. It belongs to the driver and must not be
// changed.
func (d *Driver) Response() *Response {
	if d.opened == nil {
		return nil
	}
	return d.opened.response
}

// ForgetHeads lets go of the request and the response, most of what an idle
// connection holds in memory: from then on Request and Response return nil. Before
// EventOpen it changes nothing.
func (d *Driver) ForgetHeads() {
	if d.opening != nil || d.opened == nil {
		return
	}
	held := d.opened.held
	if d.opened.subprotocol == "" {
		d.opened = nil
	} else {
		d.opened = &opened{subprotocol: strings.Clone(d.opened.subprotocol)}
	}
	if held != nil {
		d.ep.heads.put(held)
	}
}

// CloseExpected says what the caller shall do next to end the connection:
// nothing (0), run a timer while the peer is to act (states.WaitPeer,
// states.WaitEndOfStream) and call Expire when it runs out, or write all
// output, end the transport and call ReceiveEOF (states.WaitHangUp).
func (d *Driver) CloseExpected() states.Wait {
	return d.prog.Connection.Waits[d.connection][d.prog.side]
}

// Offset returns the number of octets of the transport consumed so far.
func (d *Driver) Offset() int64 { return d.offset }

// Pending returns how many octets of the last input are not consumed yet; octets
// that an extension has taken count as long as something is to come of them. The
// driver keeps them borrowed, and Receive answers ErrInputPending, until Next
// has returned false with nothing pending. After that octets are pending only
// while the application has a request to decide, Start has not been called, or
// output is Blocked.
func (d *Driver) Pending() int { return len(d.in) + d.chain.pending() }

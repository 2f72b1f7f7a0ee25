package callback

import (
	"errors"
	"io"

	"github.com/wsfsm/wsfsm"
)

// Errors that errors.Is finds.
var (
	// ErrReentrant: Receive was called from within a function of Listeners, or
	// by the writer.
	ErrReentrant = errors.New("callback: Receive called from within a listener")
	// ErrGivenUp is the cause of an end by this end before the connection was
	// open, by Close or Reject.
	ErrGivenUp = errors.New("callback: given up before the connection was open")

	errNoOnConnect = errors.New("nobody calls Start in the tunnel")
)

// Listeners are the functions to be called. Each may be nil. The value is
// copied, and may serve any number of adapters.
type Listeners struct {
	// OnConnect: a server has read a request. Request.WebSocket says whether it
	// asks for WebSocket. The request belongs to the driver. On a client, where it
	// is nil: the proxy that Tunnel asked has opened a tunnel, through which the
	// application now calls Start, behind TLS if the URL asks for that.
	OnConnect func(*Adapter, *wsfsm.Request) error
	// OnOpen: the opening handshake has succeeded.
	OnOpen func(*Adapter) error
	// OnMessage: a message has come; where the endpoint delivers pieces, a piece
	// of one.
	OnMessage func(*Adapter, Message) error
	// OnPing: a ping has come, and has been answered if it could be. The payload
	// is valid until the function returns.
	OnPing func(*Adapter, []byte) error
	// OnPong: a pong has come. The payload is valid until the function returns.
	OnPong func(*Adapter, []byte) error
	// OnError: the peer has broken a rule; the error is a *wsfsm.Error.
	OnError func(*Adapter, error)
	// OnClose: nothing more will be read, and nothing can be sent.
	OnClose func(*Adapter, CloseEvent)
	// OnFault: one of the functions above, a function given to Ping or the
	// writer has panicked or returned an error.
	OnFault func(*Adapter, *Fault)
}

// Message is a message, or a piece of one.
type Message struct {
	Kind  wsfsm.MessageKind
	Data  []byte // valid until the function returns
	First bool   // the message begins with this piece
	Last  bool   // the message ends with this piece
}

// CloseEvent is the end of a connection.
type CloseEvent struct {
	Code   wsfsm.CloseCode // as of RFC 6455 §7.1.5
	Reason string          // as the peer gave it
	Clean  bool            // the closing handshake was complete (RFC 6455 §7.1.4)
	// Err is the first *Fault if there was one, else the cause of an unclean
	// end; nil otherwise.
	Err error
	// AwaitPeer says that the peer ends the transport first, for which a caller
	// waits within bounds (RFC 6455 §7.1.1). Otherwise the transport is ended
	// when all output has been written.
	AwaitPeer bool
}

// Adapter is a driver that calls functions for its events. It is not safe for
// concurrent use.
type Adapter struct {
	driver    *wsfsm.Driver
	listeners Listeners
	w         io.Writer // nil: the caller takes the output
	pings     []pinged
	fault     *Fault // the first
	unhandled *Fault // to be raised

	pumping   bool // events are being taken
	writing   bool // the writer is being called
	lost      bool // the writer has failed
	decided   bool // the request has been answered
	opened    bool
	awaitPeer bool
	closed    bool
}

// New lays an adapter over a driver, whose Next, Receive and commands must not
// be called by anybody else from then on. It calls no function yet; for a driver
// of [wsfsm.Endpoint.ServerFor], whose request is there already, Receive(nil)
// does.
//
// If w is not nil, all output is written to it at once. It belongs to the caller
// as Output does: it must not keep the slice, and may block. Its first error
// ends the connection, with the error as the cause. Otherwise the caller takes
// the output by Output and Sent.
func New(d *wsfsm.Driver, w io.Writer, l Listeners) *Adapter {
	return &Adapter{driver: d, listeners: l, w: w}
}

// Driver returns the driver underneath, for its getters.
func (a *Adapter) Driver() *wsfsm.Driver { return a.driver }

// Version returns the name that the established drivers have for the version
// spoken; see VersionName.
func (a *Adapter) Version() string { return VersionName(a.driver.Version()) }

// Receive hands over octets that came from the transport, and calls the
// functions for what is in them. As in [wsfsm.Driver.Receive] the octets are
// borrowed, and may be overwritten, until Receive has returned and Pending is
// zero; more than zero is pending only while a request waits for its answer, a
// client for Start, or output for Sent. Until then Receive returns
// wsfsm.ErrInputPending, from within a function ErrReentrant, and takes nothing.
func (a *Adapter) Receive(p []byte) error {
	if a.pumping || a.writing {
		return ErrReentrant
	}
	if err := a.driver.Receive(p); err != nil {
		return err
	}
	a.pump()
	return nil
}

// Pending returns how many octets of the last input are not consumed yet.
func (a *Adapter) Pending() int { return a.driver.Pending() }

// ReceiveEOF says that the transport has ended, orderly (nil) or by an error.
// After OnClose it changes nothing.
func (a *Adapter) ReceiveEOF(cause error) {
	a.driver.ReceiveEOF(cause)
	a.pump()
}

// Expire says that the caller has waited long enough: for the peer's part of a
// handshake, or by a deadline of its own. The connection has ended then.
func (a *Adapter) Expire() {
	a.driver.Expire()
	a.pump()
}

// Output returns the next octets to be written, nil if there are none. They stay
// as they are until Sent. With a writer there is nothing to be taken.
func (a *Adapter) Output() []byte {
	if a.w != nil {
		return nil
	}
	return a.driver.Output()
}

// Sent says that the first n octets of the output have been written, which may
// let input go on that waited for it. With a writer it does nothing.
func (a *Adapter) Sent(n int) {
	if a.w == nil {
		a.driver.Sent(n)
		a.pump()
	}
}

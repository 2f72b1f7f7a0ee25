package callback

import (
	"github.com/wsfsm/wsfsm"
)

// pinged is a ping whose pong is to be told of.
type pinged struct {
	id   wsfsm.PingID
	done func()
}

// after carries on what a command has caused, and passes its error.
func (a *Adapter) after(err error) error {
	if err == nil {
		a.flush()
		a.pump()
	}
	return err
}

// Start begins the opening handshake; see [wsfsm.Driver.Start].
func (a *Adapter) Start(header ...wsfsm.Field) error { return a.answer(a.driver.Start(header...)) }

// Tunnel asks a proxy for a tunnel; OnConnect is called when it stands. See
// [wsfsm.Driver.Tunnel].
func (a *Adapter) Tunnel(header ...wsfsm.Field) error { return a.after(a.driver.Tunnel(header...)) }

// Reject answers the request with an HTTP response and ends the connection; see
// [wsfsm.Driver.Reject].
func (a *Adapter) Reject(status int, header []wsfsm.Field, body []byte) error {
	return a.answer(a.driver.Reject(status, header, body))
}

// Detach leaves the transport to somebody else who answers the request, and
// returns the octets behind its head, which lie in what was given to Receive; see
// [wsfsm.Driver.Detach]. No function is called after that.
func (a *Adapter) Detach() ([]byte, error) {
	unread, err := a.driver.Detach()
	a.closed = a.closed || err == nil
	return unread, a.answer(err)
}

// answer notes that the request has been answered.
func (a *Adapter) answer(err error) error {
	a.decided = a.decided || err == nil
	return a.after(err)
}

// ChooseSubprotocol makes Start agree on that subprotocol; see
// [wsfsm.Driver.ChooseSubprotocol].
func (a *Adapter) ChooseSubprotocol(name string) error { return a.driver.ChooseSubprotocol(name) }

// Send sends a message of either kind, and copies p. Before the connection is
// open it is queued. Errors are as for [wsfsm.Driver.Text].
func (a *Adapter) Send(kind wsfsm.MessageKind, p []byte) error {
	if kind == wsfsm.Binary {
		return a.Binary(p)
	}
	return a.Text(p)
}

// Text sends a text message; see [wsfsm.Driver.Text].
func (a *Adapter) Text(p []byte) error { return a.after(a.driver.Text(p)) }

// Binary sends a binary message; see [wsfsm.Driver.Binary].
func (a *Adapter) Binary(p []byte) error { return a.after(a.driver.Binary(p)) }

// Begin sends the first fragment of a message; see [wsfsm.Driver.Begin].
func (a *Adapter) Begin(kind wsfsm.MessageKind, p []byte) error {
	return a.after(a.driver.Begin(kind, p))
}

// Append sends one more fragment; see [wsfsm.Driver.Append].
func (a *Adapter) Append(p []byte) error { return a.after(a.driver.Append(p)) }

// End sends the last fragment; see [wsfsm.Driver.End].
func (a *Adapter) End(p []byte) error { return a.after(a.driver.End(p)) }

// Ping sends a ping with up to 125 octets of payload, which it copies. done, if
// not nil, is called once when the pong has come, or that of a later ping, which
// answers both (RFC 6455 §5.5.3); never if the connection ends before. Errors are
// as for [wsfsm.Driver.Ping], which bounds the number of pings that wait.
func (a *Adapter) Ping(p []byte, done func()) error {
	id, err := a.driver.Ping(p)
	if err == nil && done != nil {
		a.pings = append(a.pings, pinged{id, done})
	}
	return a.after(err)
}

// Pong sends an unsolicited pong; see [wsfsm.Driver.Pong].
func (a *Adapter) Pong(p []byte) error { return a.after(a.driver.Pong(p)) }

// Close starts the closing handshake; see [wsfsm.Driver.Close]. OnClose is
// called when the peer's close frame has come, which the caller bounds by a timer
// that calls Expire. Before the connection is open it is given up, and OnClose
// called at once.
func (a *Adapter) Close(code wsfsm.CloseCode, reason string) error {
	return a.after(a.driver.Close(code, reason))
}

// settle calls the functions of the pings that a pong answers.
func (a *Adapter) settle(id wsfsm.PingID) {
	for len(a.pings) > 0 && a.pings[0].id <= id && a.fault == nil {
		done := a.pings[0].done
		a.pings[0].done = nil
		a.pings = a.pings[1:]
		a.call("Ping", func() error { done(); return nil })
	}
}

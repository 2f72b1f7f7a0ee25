package wsfsm

import (
	"encoding/binary"
	"errors"
	stdutf8 "unicode/utf8"

	"github.com/wsfsm/wsfsm/internal/utf8"
	"github.com/wsfsm/wsfsm/states"
)

// command is what the application wants sent.
type command struct {
	message states.MessageEvent // data frame: what it is for the receiver's message machine; 0: a control frame
	control states.FrameEvent   // control frame: what it is for the receiver's frame machine
	payload []byte
	done    func() // lent payload: called when it is no longer needed
	// prepared is the message whose payload this is, of Send; nil otherwise.
	prepared *Prepared
}

// Text sends a text message in one frame. It copies p. Before the connection is
// open the message is queued. The errors are ErrInvalidText, ErrOutputFull or a
// *RefusedError; each leaves everything as it was.
func (d *Driver) Text(p []byte) error {
	if d.sendWhole(Text, p) {
		return nil
	}
	return d.sendData("Text", command{message: states.MessageOnTextWhole, payload: p})
}

// Binary sends a binary message in one frame. It copies p. Errors are as for
// Text.
func (d *Driver) Binary(p []byte) error {
	if d.sendWhole(Binary, p) {
		return nil
	}
	return d.sendData("Binary", command{message: states.MessageOnBinaryWhole, payload: p})
}

// Begin sends the first fragment of a message. It copies p, which may be empty;
// of a text it may end inside a character. Until End no other message can be
// sent, but pings, pongs and Close can. Errors are as for Text.
func (d *Driver) Begin(kind MessageKind, p []byte) error {
	ev := states.MessageOnTextFirst
	if kind == Binary {
		ev = states.MessageOnBinaryFirst
	}
	return d.sendData("Begin", command{message: ev, payload: p})
}

// Append sends one more fragment of the message begun. It copies p. Errors are
// as for Text.
func (d *Driver) Append(p []byte) error {
	return d.sendData("Append", command{message: states.MessageOnContinuation, payload: p})
}

// End sends the last fragment of the message begun. It copies p, which may be
// empty. Errors are as for Text.
func (d *Driver) End(p []byte) error {
	return d.sendData("End", command{message: states.MessageOnFinalContinuation, payload: p})
}

// Lend sends a message in one frame without copying p: Output returns p itself,
// and nobody may touch it until done is called, from within Sent or DropOutput.
// A client must mask what it sends: for it Lend returns ErrMasked. Other errors
// are as for Text; after an error done is not called.
func (d *Driver) Lend(kind MessageKind, p []byte, done func()) error {
	if d.prog.layout.keyed() {
		return ErrMasked
	}
	if done == nil {
		done = func() {}
	}
	return d.sendData("Lend", command{message: wholeEvent(kind), payload: p, done: done})
}

// sendData checks a data frame with the connection and with the message machine
// of sending, and only then moves both.
func (d *Driver) sendData(name string, c command) error {
	if err := d.mayCommand(name, states.ConnectionOnSendData); err != nil {
		if !d.handedOver() && !d.speaks(func(p *Protocol) bool { return p.takesMessage(c.message) }) {
			return unsupported(name)
		}
		return err
	}
	row := d.prog.Message.Table.At(d.sending, c.message)
	if refused := row.To == 0 || row.Do.Violation() != 0; refused || d.undecided() {
		if !d.speaks(func(p *Protocol) bool { return p.takesMessage(c.message) }) {
			return unsupported(name)
		}
		if refused {
			return &RefusedError{Command: name, Machine: states.MachineMessage, State: d.sending.String()}
		}
	}
	text := d.sent
	if row.Do == states.MessageDoBeginText {
		text = utf8.Checker{}
	}
	if c.prepared == nil && !validPart(&text, states.Coding(d.prog.Message.Reads[row.To].Args[d.prog.side]), c.payload) {
		return ErrInvalidText
	}
	if err := d.mayOutput(); err != nil {
		return err
	}
	d.sent = text
	d.prog.Message.Table.Fire(&d.sending, c.message)
	d.prog.Message.Table.Fire(&d.sending, states.MessageOnEnd)
	if d.attach() {
		defer d.detach()
	}
	d.command = c
	d.fireConnection(states.ConnectionOnSendData)
	return nil
}

// validPart checks a payload to be sent as the receiver will.
func validPart(text *utf8.Checker, coding states.Coding, p []byte) bool {
	switch coding {
	case states.CodingText, states.CodingReplacedText:
		return text.Check(p) < 0 && text.Complete()
	case states.CodingTextPart, states.CodingReplacedTextPart:
		return text.Check(p) < 0
	}
	return true
}

// Ping sends a ping with up to 125 octets of payload, which it copies. The pong
// names the ID. Before the connection is open the ping is queued. The errors
// are ErrControlTooLong, ErrTooManyPings, ErrOutputFull or a *RefusedError.
func (d *Driver) Ping(p []byte) (PingID, error) {
	if len(p) > maxLength7 {
		return 0, ErrControlTooLong
	}
	if d.pings.outstanding() >= MaxPings {
		return 0, ErrTooManyPings
	}
	if err := d.sendControl("Ping", states.ConnectionOnSendPing, command{control: states.FrameOnPing, payload: p}); err != nil {
		return 0, err
	}
	if d.pings == nil {
		d.pings = &pings{}
	}
	return d.pings.add(p), nil
}

// Pong sends an unsolicited pong (RFC 6455 §5.5.3). It copies p, at most 125
// octets. Errors are as for Ping.
func (d *Driver) Pong(p []byte) error {
	if len(p) > maxLength7 {
		return ErrControlTooLong
	}
	return d.sendControl("Pong", states.ConnectionOnSendPong, command{control: states.FrameOnPong, payload: p})
}

func (d *Driver) sendControl(name string, ev states.ConnectionEvent, c command) error {
	if err := d.mayCommand(name, ev); err != nil {
		return err
	}
	if err := d.mayOutput(); err != nil {
		return err
	}
	if d.attach() {
		defer d.detach()
	}
	d.command = c
	d.fireConnection(ev)
	return nil
}

// Close starts the closing handshake with a code that may be sent and a reason
// of up to 123 octets of UTF-8; with code 0 and no reason the close frame is
// empty. In versions without close codes CloseNormal without a reason will do,
// too; another code or a reason is ErrUnsupported there. A version without close
// frames has the transport ended. Before the connection is open Close gives the
// connection up. Other errors are ErrCloseCode, ErrInvalidText,
// ErrControlTooLong or a *RefusedError.
func (d *Driver) Close(code CloseCode, reason string) error {
	var body []byte
	switch {
	case code == 0 && reason == "":
	case !d.prog.HasCloseCodes() && (code != CloseNormal || reason != ""):
		return unsupported("Close")
	case !d.prog.HasCloseCodes():
	case !allowed(d.prog.Protocol.Close.Sent, code):
		return ErrCloseCode
	case !stdutf8.ValidString(reason):
		return ErrInvalidText
	case len(reason) > maxLength7-2:
		return ErrControlTooLong
	default:
		body = append(binary.BigEndian.AppendUint16(make([]byte, 0, maxLength7), uint16(code)), reason...)
	}
	if err := d.mayCommand("Close", states.ConnectionOnClose); err != nil {
		return err
	}
	if err := d.ensureKey(); err != nil {
		return err
	}
	if d.attach() {
		defer d.detach()
	}
	d.command = command{control: states.FrameOnClose, payload: body}
	d.fireConnection(states.ConnectionOnClose)
	return nil
}

// Start begins the opening handshake: a client sends its request, with the
// extra header fields given; a server accepts the request it has read, or, if
// that does not ask for WebSocket, refuses it with status 426.
func (d *Driver) Start(header ...Field) error {
	if err := d.mayHandshake("Start", states.HandshakeOnStart); err != nil {
		return err
	}
	if err := checkFields(header, d.ep.reserved...); err != nil {
		return err
	}
	if err := d.drawValues(); err != nil {
		return err
	}
	d.opening.header = header
	d.fireHandshake(states.HandshakeOnStart)
	return nil
}

// ChooseSubprotocol makes Start accept the request with that subprotocol, one of
// those the client offers, rather than with the first that is in
// Options.Subprotocols.
func (d *Driver) ChooseSubprotocol(name string) error {
	if err := d.mayHandshake("ChooseSubprotocol", states.HandshakeOnReject); err != nil {
		return err
	}
	for _, offered := range d.opened.request.Subprotocols {
		if offered == name {
			d.opening.choice = name
			return nil
		}
	}
	return errors.New("wsfsm: the client does not offer that subprotocol")
}

// Detach takes the transport over while a request is to be decided, so that
// somebody else answers it: it returns the octets behind the request's head
// that were received but not read, which the caller then owns. The driver is of
// no use after that.
func (d *Driver) Detach() ([]byte, error) {
	if err := d.mayHandshake("Detach", states.HandshakeOnDetach); err != nil {
		return nil, err
	}
	unread := d.in
	d.in, d.borrowed = nil, false
	d.fireHandshake(states.HandshakeOnDetach)
	return unread, nil
}

// undecided reports whether this is a server that has not read its request yet,
// so that it may have to speak any of its versions.
func (d *Driver) undecided() bool {
	return d.opening != nil && d.opened == nil && d.Role() == states.Server
}

// speaks reports whether all versions that this end may have to speak can do
// something.
func (d *Driver) speaks(can func(*Protocol) bool) bool {
	if !d.undecided() {
		return can(d.prog.Protocol)
	}
	for _, prog := range d.ep.servers {
		if !can(prog.Protocol) {
			return false
		}
	}
	return true
}

// mayCommand asks the connection machine without moving it.
func (d *Driver) mayCommand(name string, ev states.ConnectionEvent) error {
	refused := d.prog.Connection.Table.At(d.connection, ev).To == 0
	switch {
	case !refused && !d.undecided():
		return nil
	case d.handedOver():
		return ErrHandedOver
	case !d.speaks(func(p *Protocol) bool { return p.takesCommand(ev) }):
		return unsupported(name)
	case refused:
		return &RefusedError{Command: name, Machine: states.MachineConnection, State: d.connection.String()}
	}
	return nil
}

// mayHandshake asks whether the handshake is fed, then the handshake machine.
func (d *Driver) mayHandshake(name string, ev states.HandshakeEvent) error {
	if d.handedOver() {
		return ErrHandedOver
	}
	if d.inputStage() != states.InputHandshake {
		return &RefusedError{Command: name, Machine: states.MachineConnection, State: d.connection.String()}
	}
	if d.prog.Handshake.Table.At(d.handshake, ev).To == 0 {
		return &RefusedError{Command: name, Machine: states.MachineHandshake, State: d.handshake.String()}
	}
	return nil
}

// mayOutput asks for room and for a masking key.
func (d *Driver) mayOutput() error {
	if d.Blocked() {
		return ErrOutputFull
	}
	return d.ensureKey()
}

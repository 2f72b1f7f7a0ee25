package fuzz

import (
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// Driver is what a program is played on: a *wsfsm.Driver, or something around
// one that is to be found out.
type Driver interface {
	Room(least int) []byte
	Receive(p []byte) error
	ReceiveEOF(cause error)
	Expire()
	Next() (wsfsm.Event, bool)
	Output() []byte
	AppendOutput(dst [][]byte) [][]byte
	Sent(n int)
	DropOutput()
	Start(header ...wsfsm.Field) error
	ChooseSubprotocol(name string) error
	Reject(status int, header []wsfsm.Field, body []byte) error
	Detach() ([]byte, error)
	Text(p []byte) error
	Binary(p []byte) error
	Begin(kind wsfsm.MessageKind, p []byte) error
	Append(p []byte) error
	End(p []byte) error
	Lend(kind wsfsm.MessageKind, p []byte, done func()) error
	Ping(p []byte) (wsfsm.PingID, error)
	Pong(p []byte) error
	Close(code wsfsm.CloseCode, reason string) error
	State() states.ConnectionState
	Err() error
	CloseExpected() states.Wait
	Blocked() bool
	Pending() int
	Unsent() int
	Offset() int64
	Subprotocol() string
	Version() string
	Request() *wsfsm.Request
	Response() *wsfsm.Response
}

// Config says what programs are played on.
type Config struct {
	// Role is the role of the driver.
	Role states.Role
	// Protocol is spoken in place of the compiled one that a program names, for
	// instance one with a fault in it. Nil: the compiled one.
	Protocol *wsfsm.Protocol
	// Versions are those that a server speaks, in place of the one that a program
	// names. The program is then judged as one of the version that the server has
	// recognised in the request.
	Versions []string
	// Wrap, if not nil, puts something around each driver.
	Wrap func(Driver) Driver
	// record, if not nil, makes a driver in place of an endpoint.
	record func(wsfsm.Options) (Driver, error)
	// still has the source of randomness yield zeros.
	still bool
}

// way is one way to play a program; the zero way plays it as it is.
type way struct {
	observe  bool         // with an observer, which turns the fused path off
	other    bool         // input cut as Options.Cut says, messages delivered the other way
	chunks   []int        // sizes of the pieces of the input, again and again; empty: not cut
	leaveOut map[int]bool // operations, by index, that are left out
}

// String describes the way for messages.
func (w way) String() string {
	switch {
	case w.other:
		return "observed, input cut another way, messages delivered the other way"
	case w.leaveOut != nil:
		return "without the commands that were refused"
	case w.observe || w.chunks != nil:
		return fmt.Sprintf("observed: %v, input cut by %v", w.observe, w.chunks)
	}
	return "as it is"
}

// newDriver makes the driver on which a program is played.
func newDriver(cfg Config, p Program, w way) (Driver, error) {
	o := wsfsm.Options{
		MaxMessage:  int64(p.Options.MaxMessage),
		MaxOutput:   p.Options.MaxOutput,
		MaxHead:     p.Options.MaxHead,
		MaxLine:     p.Options.MaxLine,
		MaxFields:   p.Options.MaxFields,
		KeepReading: p.Options.KeepReading,
		AutoStart:   p.Options.AutoStart || !p.Options.Handshake,
		Rand:        &counter{},
		Versions:    cfg.versions(p),
	}
	if p.Options.Pieces != w.other {
		o.Deliver = wsfsm.DeliverPieces
	}
	if p.Options.Subprotocols {
		o.Subprotocols = subprotocols()
	}
	if !p.Options.Handshake {
		o.MaxHead, o.MaxLine, o.MaxFields = 0, 0, 0
	}
	if cfg.Protocol != nil {
		o.Protocols = []*wsfsm.Protocol{cfg.Protocol}
	}
	if cfg.still {
		o.Rand = zeros{}
	}
	if cfg.record != nil {
		return cfg.record(o)
	}
	if w.observe {
		o.Observer = func(wsfsm.Transition) {}
	}
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		return nil, err
	}
	var d Driver
	if cfg.Role == states.Client {
		d, err = ep.Client(clientURL)
	} else {
		d = ep.Server()
	}
	if err == nil && cfg.Wrap != nil {
		d = cfg.Wrap(d)
	}
	return d, err
}

// clientURL is what clients ask for.
const clientURL = "ws://example.com/chat"

// versions returns the names of the versions that the driver speaks.
func (cfg Config) versions(p Program) []string {
	if len(cfg.Versions) > 0 {
		return cfg.Versions
	}
	return []string{side{cfg.Role, p.Options.Version}.name()}
}

func subprotocols() []string { return []string{"chat", "superchat"} }

// zeros yields zeros.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// counter yields the octets 0, 1, 2 and so on, from which ClientKey comes.
type counter struct{ next byte }

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.next
		c.next++
	}
	return len(p), nil
}

// openDriver takes a driver through the opening handshake.
func openDriver(d Driver, s side) error {
	if s.role == states.Client {
		if err := d.Start(); err != nil {
			return err
		}
	}
	octets, err := s.opening(d)
	if err != nil {
		return err
	}
	if err := d.Receive(octets); err != nil {
		return err
	}
	if e, ok := d.Next(); !ok || e.Kind != wsfsm.EventOpen {
		return fmt.Errorf("the opening handshake gives %v: %w", e.Kind, d.Err())
	}
	if _, ok := d.Next(); ok || d.Pending() > 0 {
		return errors.New("the opening handshake gives more than one event, or leaves input")
	}
	d.Sent(d.Unsent())
	return nil
}

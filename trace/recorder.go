package trace

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"iter"

	"github.com/wsfsm/wsfsm"
)

// Settings say how a trace is recorded.
type Settings struct {
	// Redact writes filler in place of what is secret: see the package's
	// documentation. Such a trace cannot be replayed.
	Redact bool
	// NoSteps leaves out the transitions, which are the greater part of a trace.
	NoSteps bool
}

// Recorder is a driver whose calls are written down. Its methods are those of
// wsfsm.Driver; what is asked rather than done is asked of Driver. Like a driver it is
// not safe for concurrent use.
type Recorder struct {
	machine  *machine
	settings Settings
	redactor *redactor // nil if nothing is redacted
	lines    *json.Encoder
	err      error
}

// NewServer returns a recorder around a server's driver, and writes the header.
// Options.Rand is where random octets come from; without it crypto/rand. The error is
// that of wsfsm.NewEndpoint or of w.
func NewServer(w io.Writer, o wsfsm.Options, s Settings) (*Recorder, error) {
	return record(w, roleServer, "", o, s)
}

// NewClient is NewServer for a client of a URL.
func NewClient(w io.Writer, url string, o wsfsm.Options, s Settings) (*Recorder, error) {
	return record(w, roleClient, url, o, s)
}

func record(w io.Writer, role, url string, o wsfsm.Options, s Settings) (*Recorder, error) {
	h, err := describe(role, url, o)
	if err != nil {
		return nil, err
	}
	return newRecorder(w, h, o, s)
}

func newRecorder(w io.Writer, h Header, o wsfsm.Options, s Settings) (*Recorder, error) {
	random := o.Rand
	if random == nil {
		random = rand.Reader
	}
	m, err := newMachine(&h, o, random)
	if err != nil {
		return nil, err
	}
	r := &Recorder{machine: m, settings: s, lines: json.NewEncoder(w)}
	r.lines.SetEscapeHTML(false)
	h.Steps = !s.NoSteps
	if s.Redact {
		h.redact()
		r.redactor = newRedactor(m.driver.Role(), o)
	}
	r.write(h)
	return r, r.err
}

// Driver returns the driver, for its getters only: other calls are not recorded.
func (r *Recorder) Driver() *wsfsm.Driver { return r.machine.driver }

// Err returns the first error of writing the trace. The connection goes on without it.
func (r *Recorder) Err() error { return r.err }

func (r *Recorder) write(line any) {
	if r.err == nil {
		r.err = r.lines.Encode(line)
	}
}

// call carries out a call and writes it down. The data of the call may be overwritten
// by it.
func (r *Recorder) call(c Call, done func()) Call {
	data := bytes.Clone(c.Data.P)
	if err := r.machine.carryOut(&c, done); err != nil {
		panic(err) // cannot happen: all calls are this package's
	}
	c.Data.P = data
	written := c
	if r.settings.NoSteps {
		written.Steps = nil
	}
	if r.redactor != nil {
		r.redactor.redact(&written, r.machine.driver)
	}
	r.write(written)
	return c
}

// command carries out a call that returns an error.
func (r *Recorder) command(c Call) error { return r.call(c, nil).failure }

// Room is wsfsm.Driver.Room, which changes nothing and is not recorded.
func (r *Recorder) Room(least int) []byte { return r.machine.driver.Room(least) }

// Receive records wsfsm.Driver.Receive.
func (r *Recorder) Receive(p []byte) error {
	return r.command(Call{Call: "Receive", Data: Octets{P: p}})
}

// ReceiveEOF records wsfsm.Driver.ReceiveEOF. The driver gets an error with the text of
// the cause.
func (r *Recorder) ReceiveEOF(cause error) {
	c := Call{Call: "ReceiveEOF"}
	if cause != nil {
		c.Text = cause.Error()
	}
	r.call(c, nil)
}

// Expire records wsfsm.Driver.Expire.
func (r *Recorder) Expire() { r.call(Call{Call: "Expire"}, nil) }

// Next records wsfsm.Driver.Next.
func (r *Recorder) Next() (wsfsm.Event, bool) {
	c := r.call(Call{Call: "Next"}, nil)
	return c.event, c.Event != nil
}

// Events is wsfsm.Driver.Events around Next.
func (r *Recorder) Events() iter.Seq[wsfsm.Event] {
	return func(yield func(wsfsm.Event) bool) {
		for {
			e, ok := r.Next()
			if !ok || !yield(e) {
				return
			}
		}
	}
}

// Output is wsfsm.Driver.Output, which changes nothing and is not recorded.
func (r *Recorder) Output() []byte { return r.machine.driver.Output() }

// Sent records wsfsm.Driver.Sent.
func (r *Recorder) Sent(n int) { r.call(Call{Call: "Sent", Code: int64(n)}, nil) }

// DropOutput records wsfsm.Driver.DropOutput.
func (r *Recorder) DropOutput() { r.call(Call{Call: "DropOutput"}, nil) }

// Start records wsfsm.Driver.Start.
func (r *Recorder) Start(header ...wsfsm.Field) error {
	return r.command(Call{Call: "Start", Header: header})
}

// Tunnel records wsfsm.Driver.Tunnel.
func (r *Recorder) Tunnel(header ...wsfsm.Field) error {
	return r.command(Call{Call: "Tunnel", Header: header})
}

// ChooseSubprotocol records wsfsm.Driver.ChooseSubprotocol.
func (r *Recorder) ChooseSubprotocol(name string) error {
	return r.command(Call{Call: "ChooseSubprotocol", Text: name})
}

// Reject records wsfsm.Driver.Reject.
func (r *Recorder) Reject(status int, header []wsfsm.Field, body []byte) error {
	return r.command(Call{Call: "Reject", Code: int64(status), Header: header, Data: Octets{P: body}})
}

// Detach records wsfsm.Driver.Detach.
func (r *Recorder) Detach() ([]byte, error) {
	c := r.call(Call{Call: "Detach"}, nil)
	return c.Unread.P, c.failure
}

// Text records wsfsm.Driver.Text.
func (r *Recorder) Text(p []byte) error { return r.command(Call{Call: "Text", Data: Octets{P: p}}) }

// Binary records wsfsm.Driver.Binary.
func (r *Recorder) Binary(p []byte) error { return r.command(Call{Call: "Binary", Data: Octets{P: p}}) }

// EncodeMessage is wsfsm.Driver.EncodeMessage around Text or Binary, and Sent.
func (r *Recorder) EncodeMessage(dst []byte, kind wsfsm.MessageKind, p []byte) ([]byte, error) {
	send := r.Text
	if kind == wsfsm.Binary {
		send = r.Binary
	}
	if err := send(p); err != nil {
		return dst, err
	}
	for r.machine.driver.Unsent() > 0 {
		next := r.Output()
		dst = append(dst, next...)
		r.Sent(len(next))
	}
	return dst, nil
}

// Begin records wsfsm.Driver.Begin.
func (r *Recorder) Begin(kind wsfsm.MessageKind, p []byte) error {
	return r.command(Call{Call: "Begin", Kind: kind.String(), Data: Octets{P: p}})
}

// Append records wsfsm.Driver.Append.
func (r *Recorder) Append(p []byte) error { return r.command(Call{Call: "Append", Data: Octets{P: p}}) }

// End records wsfsm.Driver.End.
func (r *Recorder) End(p []byte) error { return r.command(Call{Call: "End", Data: Octets{P: p}}) }

// Lend records wsfsm.Driver.Lend.
func (r *Recorder) Lend(kind wsfsm.MessageKind, p []byte, done func()) error {
	return r.call(Call{Call: "Lend", Kind: kind.String(), Data: Octets{P: p}}, done).failure
}

// Ping records wsfsm.Driver.Ping.
func (r *Recorder) Ping(p []byte) (wsfsm.PingID, error) {
	c := r.call(Call{Call: "Ping", Data: Octets{P: p}}, nil)
	return wsfsm.PingID(c.Ping), c.failure
}

// Pong records wsfsm.Driver.Pong.
func (r *Recorder) Pong(p []byte) error { return r.command(Call{Call: "Pong", Data: Octets{P: p}}) }

// Close records wsfsm.Driver.Close.
func (r *Recorder) Close(code wsfsm.CloseCode, reason string) error {
	return r.command(Call{Call: "Close", Code: int64(code), Text: reason})
}

// SetMaxMessage records wsfsm.Driver.SetMaxMessage.
func (r *Recorder) SetMaxMessage(octets int64) error {
	return r.command(Call{Call: "SetMaxMessage", Code: octets})
}

// SetSecure records wsfsm.Driver.SetSecure.
func (r *Recorder) SetSecure() { r.call(Call{Call: "SetSecure"}, nil) }

// ForgetHeads records wsfsm.Driver.ForgetHeads.
func (r *Recorder) ForgetHeads() { r.call(Call{Call: "ForgetHeads"}, nil) }

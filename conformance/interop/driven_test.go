package interop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// driven is an end that is a driver of this module around a socket.
type driven struct {
	transport net.Conn
	events    chan event
	ended     chan struct{} // closed after the last event
	half      bool          // the own direction of the transport has ended

	mu     sync.Mutex // guards the rest
	driver *wsfsm.Driver
	wire   transcript
}

// transcript is what went over the wire from the end of the opening handshake on.
type transcript struct {
	sent, received []byte
}

// endpoint makes an endpoint of one version. Its randomness is the same in each
// run, so that the octets sent are the same.
func endpoint(version string, header ...wsfsm.Field) (*wsfsm.Endpoint, error) {
	return wsfsm.NewEndpoint(wsfsm.Options{
		Versions: []string{version}, AutoStart: true, Origins: []string{"*"}, Header: header,
		Rand: rand.NewChaCha8([32]byte{}),
	})
}

// drive runs a driver on a socket. A client gets the commands that begin its
// handshake from begin.
func drive(d *wsfsm.Driver, transport net.Conn, begin func(*wsfsm.Driver) error) (*driven, error) {
	o := &driven{transport: transport, events: make(chan event, 1000), ended: make(chan struct{}), driver: d}
	transport.SetDeadline(time.Now().Add(2 * patience))
	if err := begin(d); err != nil {
		return o, errors.Join(err, transport.Close())
	}
	go o.run()
	return o, nil
}

// Ways to begin: a client sends its request; a server waits for one.
func request(d *wsfsm.Driver) error { return d.Start() }
func listen(*wsfsm.Driver) error    { return nil }

// run reads until the connection is closed.
func (o *driven) run() {
	defer close(o.ended)
	defer close(o.events)
	defer o.transport.Close()
	buffer := make([]byte, 16<<10)
	for o.advance(nil, nil) {
		n, err := o.transport.Read(buffer)
		if !o.advance(buffer[:n], err) {
			return
		}
	}
}

// advance gives the driver what was read, reports its events, and writes its
// output. It returns false once the connection is closed.
func (o *driven) advance(input []byte, ended error) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.driver.Receive(input); err != nil {
		ended = err // cannot happen: Next has consumed the input before
	}
	o.wire.received = append(o.wire.received, input...)
	if ended == io.EOF {
		o.driver.ReceiveEOF(nil)
	} else if ended != nil {
		o.driver.ReceiveEOF(ended)
	}
	before := o.driver.Offset()
	for e := range o.driver.Events() {
		if e.Kind == wsfsm.EventOpen {
			o.wire.received = bytes.Clone(input[o.driver.Offset()-before:])
		}
		o.report(e)
		if e.Kind == wsfsm.EventClosed {
			o.flush()
			return false
		}
	}
	o.flush()
	return true
}

func (o *driven) report(e wsfsm.Event) {
	switch e.Kind {
	case wsfsm.EventTunnel:
		if err := o.driver.Start(); err != nil {
			o.events <- event{Event: "failed", Error: err.Error()}
		}
	case wsfsm.EventOpen:
		o.flush()
		o.wire.sent = nil
		o.events <- event{Event: "open"}
	case wsfsm.EventMessage:
		o.events <- event{Event: "message", Binary: e.Message == wsfsm.Binary, Data: e.Clone().Data}
	case wsfsm.EventPong:
		o.events <- event{Event: "pong", Data: e.Clone().Data}
	case wsfsm.EventError:
		o.events <- event{Event: "failed", Error: o.driver.Err().Error()}
	case wsfsm.EventClosed:
		o.events <- event{Event: "closed", Code: int(e.Code()), Reason: string(e.Data), Clean: e.Clean()}
	}
}

// flush writes the output, and half-closes the transport when the driver wants
// it ended.
func (o *driven) flush() {
	for len(o.driver.Output()) > 0 {
		n, err := o.transport.Write(o.driver.Output())
		o.wire.sent = append(o.wire.sent, o.driver.Output()[:n]...)
		if err != nil {
			o.driver.DropOutput()
			return
		}
		o.driver.Sent(n)
	}
	if o.driver.CloseExpected() == states.WaitHangUp && !o.half {
		o.half = true
		if half, ok := o.transport.(interface{ CloseWrite() error }); !ok || half.CloseWrite() != nil {
			o.transport.Close()
		}
	}
}

func (o *driven) do(c command) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.flush()
	switch c.Do {
	case sendText:
		return o.driver.Text(c.Data)
	case sendBinary:
		return o.driver.Binary(c.Data)
	case sendFragments:
		return o.fragments(c.Parts)
	case sendPing:
		_, err := o.driver.Ping(c.Data)
		return err
	case closeWith:
		return o.driver.Close(wsfsm.CloseCode(c.Code), c.Reason)
	case closeEmpty:
		return o.driver.Close(0, "")
	}
	return fmt.Errorf("unknown command %q", c.Do)
}

// fragments sends a text in fragments.
func (o *driven) fragments(parts [][]byte) error {
	last := len(parts) - 1
	errs := []error{o.driver.Begin(wsfsm.Text, parts[0])}
	for _, part := range parts[1:last] {
		errs = append(errs, o.driver.Append(part))
	}
	return errors.Join(append(errs, o.driver.End(parts[last]))...)
}

func (o *driven) next() (event, error) { return receive(o.events) }

func (o *driven) leave() { o.transport.Close() }

// seen returns a copy of the transcript. With whole set it waits for what is
// still on its way: until the connection has ended, or for a while.
func (o *driven) seen(whole bool) transcript {
	if whole {
		select {
		case <-o.ended:
		case <-time.After(patience / 20):
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return transcript{bytes.Clone(o.wire.sent), bytes.Clone(o.wire.received)}
}

// Package record moves octets between a transport and a recorded driver: an echo
// server's, or a client's that sends lines.
package record

import (
	"errors"
	"io"
	"net"
	"os"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/trace"
)

// closing is how long the peer may take where the driver waits for it.
const closing = 10 * time.Second

// Echo serves one connection to its end: it sends back each message as it came.
func Echo(transport net.Conn, r *trace.Recorder) {
	defer transport.Close()
	c := &connection{transport: transport, recorder: r}
	c.handle = func(e wsfsm.Event) {
		if e.Kind == wsfsm.EventMessage {
			c.send(e.Message, e.Data)
		}
	}
	buf := make([]byte, 32<<10)
	for c.settle() {
		n, err := transport.Read(buf)
		c.received(buf[:n], err)
	}
}

// Talk is a client's connection to its end: lines are sent as texts, and behind the last
// one the connection is closed. Messages are given to show.
func Talk(transport net.Conn, r *trace.Recorder, lines <-chan []byte, show func(wsfsm.Event)) error {
	defer transport.Close()
	if err := r.Start(); err != nil {
		return err
	}
	var open <-chan []byte // lines, once the connection is open
	c := &connection{transport: transport, recorder: r}
	c.handle = func(e wsfsm.Event) {
		switch e.Kind {
		case wsfsm.EventOpen:
			open = lines
		case wsfsm.EventMessage:
			show(e)
		}
	}
	come, taken := make(chan input), make(chan struct{})
	defer close(taken)
	go read(transport, come, taken)
	for c.settle() {
		select {
		case in := <-come:
			c.received(in.octets, in.err)
			if !c.settle() { // before the octets are overwritten
				return r.Driver().Err()
			}
			taken <- struct{}{}
		case line, more := <-open:
			if more {
				c.send(wsfsm.Text, line)
				continue
			}
			open = nil
			r.Close(wsfsm.CloseNormal, "") // refused if the peer was faster
		}
	}
	return r.Driver().Err()
}

// input is what one read of the transport gave.
type input struct {
	octets []byte
	err    error
}

// read reads the transport; octets are valid until they are taken.
func read(transport net.Conn, come chan<- input, taken <-chan struct{}) {
	for buf := make([]byte, 32<<10); ; {
		n, err := transport.Read(buf)
		select {
		case come <- input{buf[:n], err}:
		case <-taken:
			return
		}
		if _, more := <-taken; !more || err != nil {
			return
		}
	}
}

type connection struct {
	transport net.Conn
	recorder  *trace.Recorder
	handle    func(wsfsm.Event)
	timed     bool // the transport has a deadline
}

func (c *connection) send(kind wsfsm.MessageKind, p []byte) {
	if kind == wsfsm.Binary {
		c.recorder.Binary(p)
		return
	}
	c.recorder.Text(p)
}

// received hands over what a read gave.
func (c *connection) received(p []byte, err error) {
	if len(p) > 0 {
		c.recorder.Receive(p) // settle has left nothing pending
	}
	switch {
	case err == nil:
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.recorder.Expire()
	case err == io.EOF:
		c.recorder.ReceiveEOF(nil)
	default:
		c.recorder.ReceiveEOF(err)
	}
}

// settle takes all events and writes all output. It returns false when the connection
// has ended.
func (c *connection) settle() bool {
	d := c.recorder.Driver()
	for more := true; more; more = d.Pending() > 0 {
		for e := range c.recorder.Events() {
			if c.handle(e); e.Kind == wsfsm.EventClosed {
				c.flush()
				return false
			}
		}
		if err := c.flush(); err != nil {
			c.recorder.DropOutput()
			c.recorder.ReceiveEOF(err)
		}
	}
	switch wait := d.CloseExpected(); {
	case wait == states.WaitHangUp:
		c.transport.Close()
		c.recorder.ReceiveEOF(nil)
		return c.settle()
	case wait != 0 && !c.timed:
		c.timed = true
		c.transport.SetReadDeadline(time.Now().Add(closing))
	}
	return true
}

// flush writes all output.
func (c *connection) flush() error {
	for len(c.recorder.Output()) > 0 {
		n, err := c.transport.Write(c.recorder.Output())
		c.recorder.Sent(n)
		if err != nil {
			return err
		}
	}
	return nil
}

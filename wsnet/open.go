package wsnet

import (
	"errors"
	"io"
	"net"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// opening is a connection during its opening handshake, which the caller bounds
// by deadlines of the transport.
type opening struct {
	nc     net.Conn
	shared *shared
	driver *wsfsm.Driver
	input  *buffer // what the driver has borrowed; nil if nothing, or not of the pool
	err    error   // the rule that was broken, or what the transport returned
	open   bool
	tunnel bool // a proxy has opened one
}

// run carries the handshake to its end. decide answers requests.
func (o *opening) run(decide func()) error {
	for tunnel := o.tunnel; ; {
		o.events(decide)
		if err := o.flush(); err != nil && o.err == nil {
			o.err = err
		}
		switch {
		case o.open && o.err == nil, o.tunnel != tunnel && o.err == nil:
			return nil
		case o.err != nil || o.driver.CloseExpected() == states.WaitHangUp:
			o.driver.DropOutput()
			if o.input != nil {
				o.shared.put(o.input)
			}
			return o.err
		}
		o.receive()
	}
}

// events takes the driver's events.
func (o *opening) events(decide func()) {
	for !o.open {
		e, ok := o.driver.Next()
		if !ok {
			return
		}
		switch e.Kind {
		case wsfsm.EventRequest:
			decide()
		case wsfsm.EventTunnel:
			o.tunnel = true
		case wsfsm.EventOpen:
			o.open = true
		case wsfsm.EventError, wsfsm.EventClosed:
			if o.err == nil {
				o.err = o.driver.Err()
			}
		}
	}
}

// receive reads once.
func (o *opening) receive() {
	if o.input == nil {
		o.input = o.shared.get(false)
	}
	n, err := o.nc.Read(o.input.octets)
	if e := o.driver.Receive(o.input.octets[:n]); e != nil {
		panic(e) // the driver has asked for input
	}
	switch {
	case errors.Is(err, io.EOF):
		o.driver.ReceiveEOF(nil)
	case err != nil:
		o.driver.ReceiveEOF(err)
	}
}

// flush writes the output.
func (o *opening) flush() error {
	for o.driver.Unsent() > 0 {
		n, err := o.nc.Write(o.driver.Output())
		o.driver.Sent(n)
		if err != nil {
			return err
		}
	}
	return nil
}

// conn makes the Conn of an opening that has succeeded.
func (o *opening) conn() *Conn { return newConn(o.nc, o.driver, o.input, o.shared) }

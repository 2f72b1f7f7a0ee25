//go:build unix

package main

import (
	"errors"
	"net"
	"os"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// connection is one transport and its driver.
type connection struct {
	conn   *net.TCPConn
	driver *wsfsm.Driver
}

// echo serves the connection. It returns true if it is to be handed over, and false if
// it has ended.
func (c *connection) echo() (handOver bool) {
	d, buf := c.driver, make([]byte, 4096)
	for {
		// Before the first Read, since a driver that was taken over may hold input and
		// output.
		for more := true; more; more = d.Pending() > 0 {
			for event := range d.Events() {
				switch {
				case event.Kind == wsfsm.EventClosed:
					return false
				case event.Kind == wsfsm.EventMessage && event.Message == wsfsm.Text:
					d.Text(event.Data)
				case event.Kind == wsfsm.EventMessage:
					d.Binary(event.Data)
				}
			}
			n, err := c.conn.Write(d.Output())
			d.Sent(n)
			if err != nil {
				return errors.Is(err, os.ErrDeadlineExceeded)
			}
		}
		if d.CloseExpected() == states.WaitHangUp {
			return false
		}
		n, err := c.conn.Read(buf)
		switch {
		case n > 0:
			d.Receive(buf[:n]) // nothing is pending
		case errors.Is(err, os.ErrDeadlineExceeded):
			return true
		default:
			d.ReceiveEOF(err)
		}
	}
}

package wsnet

import (
	"io"
	"net"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

const (
	readSize = 8 << 10 // octets read from the transport at once
	// What is read and thrown away between the half-close of this end and the
	// end of the stream is bounded in octets and in time.
	lingerOctets = 1 << 20
	lingerTime   = 5 * time.Second
)

// readTransport is the goroutine of a connection that reads.
func (c *Conn) readTransport() {
	for c.process() {
		n, err := c.nc.Read(c.buf)
		c.mu.Lock()
		if n > 0 {
			if refused := c.driver.Receive(c.buf[:n]); refused != nil {
				err = refused // cannot happen: process leaves nothing pending
			}
		}
		if err != nil {
			c.driver.ReceiveEOF(endOfStream(err))
		}
		c.mu.Unlock()
	}
}

// endOfStream is nil for an orderly end.
func endOfStream(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// process takes the driver's events until it wants more input; false after the
// last one.
func (c *Conn) process() bool {
	for {
		c.mu.Lock()
		e, ok := c.driver.Next()
		wait := c.driver.CloseExpected()
		c.mu.Unlock()
		switch {
		case !ok && wait == states.WaitHangUp:
			c.hangUp()
		case !ok:
			c.kick()
			if wait != 0 {
				c.startTimer()
			}
			return true
		case e.Kind == wsfsm.EventMessage:
			c.hand(piece{kind: e.Message, data: e.Data, last: e.Last})
		case e.Kind == wsfsm.EventPong:
			c.settle(e.Ping)
		case e.Kind == wsfsm.EventClosed:
			c.finish(e)
			return false
		}
	}
}

// hand gives a piece to whoever reads, and waits until it is taken.
func (c *Conn) hand(p piece) {
	select {
	case c.pieces <- p:
		<-c.taken
	case <-c.leaving:
	}
}

// settle wakes those who wait for the pong of a ping or of an earlier one.
func (c *Conn) settle(id wsfsm.PingID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for waiting, pong := range c.pongs {
		if waiting <= id {
			close(pong)
			delete(c.pongs, waiting)
		}
	}
}

// hangUp ends the transport from this side: all output, half-close, then what
// the peer still sends, within bounds, so that no reset destroys the output.
func (c *Conn) hangUp() {
	c.nc.SetDeadline(time.Now().Add(c.closeTimeout))
	c.writeAll()
	linger(c.nc)
	c.mu.Lock()
	c.driver.ReceiveEOF(nil)
	c.mu.Unlock()
}

// writeAll writes the output to its end, or until the transport fails.
func (c *Conn) writeAll() {
	for {
		c.writeOutput()
		c.mu.Lock()
		done, progress := c.driver.Unsent() == 0 || c.dead() != nil, c.progress
		c.mu.Unlock()
		if done {
			return
		}
		<-progress
	}
}

// linger half-closes, reads until the end of the stream within bounds, and
// closes.
func linger(nc net.Conn) {
	if half, ok := nc.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		nc.SetReadDeadline(time.Now().Add(lingerTime))
		io.CopyN(io.Discard, nc, lingerOctets)
	}
	nc.Close()
}

// startTimer bounds the closing handshake, once.
func (c *Conn) startTimer() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer == nil && c.err() == nil {
		c.timer = time.AfterFunc(c.closeTimeout, c.expire)
	}
}

// expire ends a connection whose closing handshake takes too long.
func (c *Conn) expire() {
	c.mu.Lock()
	c.driver.Expire()
	c.mu.Unlock()
	c.dropMessages()
	c.nc.Close()
}

// dropMessages lets the goroutine that reads go on without a reader.
func (c *Conn) dropMessages() { c.leave.Do(func() { close(c.leaving) }) }

// finish ends everything, with the driver's last event.
func (c *Conn) finish(e wsfsm.Event) {
	end := &CloseError{Code: e.Code, Reason: string(e.Data), Clean: e.Clean, Err: e.Err}
	if e.Err == wsfsm.ErrTimeout {
		end.Err = ErrCloseTimeout
	}
	c.end(end)
}

// end makes err the error of the end, if there is none yet.
func (c *Conn) end(err error) {
	c.cancel(err)
	c.dropMessages()
	c.nc.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil {
		c.timer.Stop()
	}
	if !c.writing {
		c.driver.DropOutput()
	}
}

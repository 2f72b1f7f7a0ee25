//go:build linux || darwin || netbsd || freebsd || openbsd || dragonfly

package loop

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/lesismal/nbio"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// Conn is one connection. Its methods may be called by any goroutine, also in
// the functions of Options.
type Conn struct {
	server *Server
	nb     *nbio.Conn

	feeding sync.Mutex // held by who gives the driver input and takes its events
	open    bool       // guarded by feeding

	mu     sync.Mutex // guards the driver and what follows
	driver *wsfsm.Driver
	timer  *time.Timer // bounds what the peer has to do; nil if that is nothing
	busy   bool        // events are being handled; what answers them waits

	queued atomic.Int64 // octets that nbio has not written
	ending atomic.Bool  // the transport ends behind them
}

// Send sends a message. It does not wait: what the socket does not take is
// queued, and a peer for which more than Options.MaxQueue octets wait is cut off.
// The error is that of the driver, such as wsfsm.ErrInvalidText.
func (c *Conn) Send(kind wsfsm.MessageKind, p []byte) error {
	return c.command(func(d *wsfsm.Driver) error {
		if kind == wsfsm.Text {
			return d.Text(p)
		}
		return d.Binary(p)
	})
}

// Close begins the closing handshake.
func (c *Conn) Close(code wsfsm.CloseCode, reason string) error {
	return c.command(func(d *wsfsm.Driver) error { return d.Close(code, reason) })
}

// Request returns the client's request. It must not be changed.
func (c *Conn) Request() *wsfsm.Request { return c.driver.Request() }

// RemoteAddr returns the address of the client.
func (c *Conn) RemoteAddr() net.Addr { return c.nb.RemoteAddr() }

// command carries out a command, and has its output written unless more is to
// come.
func (c *Conn) command(do func(*wsfsm.Driver) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := do(c.driver)
	if !c.busy {
		c.settle()
	}
	return err
}

// read reads all that has come. At the end of the stream nbio would close the
// transport without that.
func (c *Conn) read(buf []byte) {
	c.feeding.Lock()
	defer c.feeding.Unlock()
	for {
		n, err := c.nb.Read(buf)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			return
		case err != nil || n == 0:
			c.nb.CloseWithError(err)
			return
		default:
			c.receive(buf[:n])
		}
	}
}

// receive hands input to the driver and handles what comes of it.
func (c *Conn) receive(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.driver.Receive(p); err != nil {
		panic(err) // all input before has been consumed
	}
	c.handleAll()
	c.settle()
}

// handleAll handles the events that there are. The functions of Options are
// called without the mutex.
func (c *Conn) handleAll() {
	c.busy = true
	for {
		e, ok := c.driver.Next()
		if !ok {
			break
		}
		c.mu.Unlock()
		c.handle(e)
		c.mu.Lock()
	}
	c.busy = false
}

func (c *Conn) handle(e wsfsm.Event) {
	o := &c.server.options
	switch e.Kind {
	case wsfsm.EventOpen:
		c.open = true
		if o.Open != nil {
			o.Open(c)
		}
	case wsfsm.EventMessage:
		o.Message(c, e)
	case wsfsm.EventClosed:
		if c.open && o.Closed != nil {
			o.Closed(c, e, c.driver.Err())
		}
	}
}

// settle writes the output and does what the driver expects next.
func (c *Conn) settle() {
	for p := c.driver.Output(); len(p) > 0; p = c.driver.Output() {
		c.queued.Add(int64(len(p)))
		_, err := c.nb.Write(p) // keeps a copy of what the socket does not take
		c.driver.Sent(len(p))
		if err != nil { // then nbio has closed the transport, and calls end
			c.driver.DropOutput()
			return
		}
	}
	switch c.driver.CloseExpected() {
	case 0:
		if c.timer != nil && c.driver.State() == states.ConnectionOpen {
			c.timer.Stop()
			c.timer = nil
		}
	case states.WaitHangUp:
		c.bound()
		if c.ending.Store(true); c.queued.Load() == 0 {
			c.nb.Lock()
			c.halfClose()
			c.nb.Unlock()
		}
	default:
		c.bound()
	}
}

// bound gives the peer some time for what it has to do.
func (c *Conn) bound() {
	if c.timer == nil {
		c.timer = time.AfterFunc(c.server.options.Patience, c.cut)
	}
}

// written is told of what the socket has taken, with the lock of nb held.
func (c *Conn) written(n int) {
	if c.queued.Add(-int64(n)) == 0 && c.ending.Load() {
		c.halfClose()
	}
}

// halfClose ends this direction of the transport, so that the client ends the
// other: who closed both might destroy what is on its way. The lock of nb is held,
// or the descriptor might be another's already.
func (c *Conn) halfClose() {
	if closed, _ := c.nb.IsClosed(); closed {
		return
	}
	if raw, err := c.nb.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = syscall.Shutdown(int(fd), syscall.SHUT_WR) }) // or the timer ends it
	}
}

// cut ends the transport at once.
func (c *Conn) cut() { c.nb.CloseWithError(wsfsm.ErrTimeout) }

// end is called once the transport has ended.
func (c *Conn) end(cause error) {
	if errors.Is(cause, io.EOF) {
		cause = nil
	}
	c.feeding.Lock()
	defer c.feeding.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil {
		c.timer.Stop()
	}
	c.driver.DropOutput()
	c.driver.ReceiveEOF(cause)
	c.handleAll()
	c.driver.DropOutput()
}

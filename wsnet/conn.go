package wsnet

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/wsfsm/wsfsm"
)

// Conn is one WebSocket connection. Its methods may be called by any number of
// goroutines at once.
type Conn struct {
	nc     net.Conn
	shared *shared
	raw    rawConn // reads and writes without blocking, where the platform allows it

	fresh *buffer // what a read has returned; of the goroutine that reads
	links links   // of the server's mutex

	mu     sync.Mutex // guards the driver and all below
	driver *wsfsm.Driver
	heads  heads
	ended  *CloseError // nil while the connection lives
	seldom *seldom     // nil until needed

	input   *buffer     // what the driver has borrowed, and the message that waits; nil if neither
	watch   *time.Timer // reads on when nobody has read for a while
	written int64       // octets of output written in all
	turns   uint32      // number of pieces asked for so far
	watched uint32      // turns when watch was set

	interruptible bool // deadlines work, so that a context can end a read; never changes
	bulk          bool // much has come at once, more may follow
	reading       bool // somebody reads the transport
	watching      bool // watch is set
	taken         bool // somebody takes messages
	leaving       bool // no message is wanted any more
	streaming     bool // a MessageWriter is open
	writing       bool // somebody writes output
}

// seldom is what an idle connection can do without.
type seldom struct {
	bells    [2]chan struct{} // of those that wait, by bell; nil if nobody does
	limit    limit
	cause    error       // why this end gave the connection up
	life     *life       // nil until asked for
	timer    *time.Timer // of the closing handshake; nil if none runs
	partial  []byte      // of a message whose reader ran out of time
	pong     wsfsm.PingID
	pings    int         // goroutines that wait for a pong
	writeErr error       // the transport takes nothing more
	gathered *time.Timer // writes what has gathered; nil until needed

	skipping  bool // the rest of the message is not wanted
	gathering bool // output waits for more; gathered is set
	patient   bool // the peer ends the transport first
	gone      bool // the transport has ended
}

// rarely returns what is seldom needed, made if it is not there yet.
func (c *Conn) rarely() *seldom {
	if c.seldom == nil {
		c.seldom = new(seldom)
	}
	return c.seldom
}

// writeErr returns why the transport takes nothing more; nil if it may.
func (c *Conn) writeErr() error {
	if c.seldom == nil {
		return nil
	}
	return c.seldom.writeErr
}

// life is the context of a connection.
type life struct {
	context.Context
	cancel context.CancelCauseFunc
}

// MessageKind is the type of a message, Text or Binary.
type MessageKind = wsfsm.MessageKind

// The types of messages.
const (
	Text   = wsfsm.Text
	Binary = wsfsm.Binary
)

// newConn starts a connection whose opening handshake is complete. input is the
// buffer that holds the driver's pending input.
func newConn(nc net.Conn, d *wsfsm.Driver, input *buffer, s *shared) *Conn {
	c := &Conn{nc: nc, driver: d, heads: packHeads(d), input: input, shared: s}
	d.ForgetHeads()
	c.interruptible = nc.SetReadDeadline(time.Time{}) == nil
	c.openRaw()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.recycle()
	c.setWatch()
	return c
}

// Context ends with the connection; context.Cause gives the error of the end, a
// *CloseError. An end is noticed when what came before it has been read.
func (c *Conn) Context() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rarely()
	if r.life == nil {
		ctx, cancel := context.WithCancelCause(context.Background())
		r.life = &life{ctx, cancel}
		if c.ended != nil {
			cancel(c.ended)
		}
	}
	return r.life.Context
}

// SetMaxMessage changes the limit of received messages, from the frame on that
// is read next; the values are those of Options.Driver.MaxMessage.
func (c *Conn) SetMaxMessage(octets int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.driver.SetMaxMessage(octets)
}

// Subprotocol returns the subprotocol agreed on; "" if none.
func (c *Conn) Subprotocol() string { return c.driver.Subprotocol() }

// Extensions returns the extensions agreed on with their parameters, as in the
// server's response and in its order; nil if there are none.
func (c *Conn) Extensions() []string { return c.driver.Extensions() }

// Version returns the name of the version spoken, as in "rfc6455".
func (c *Conn) Version() string { return c.driver.Version() }

// Request returns the client's request on the server; nil on the client. It is
// the caller's: an open connection keeps its head in a shorter form, from which
// each call makes another.
func (c *Conn) Request() *wsfsm.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heads.request()
}

// Response returns the server's response on the client; nil on the server. It is
// the caller's, as for Request.
func (c *Conn) Response() *wsfsm.Response {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heads.response()
}

// ForgetHeads lets go of the request and the response: from then on Request and
// Response return nil. An idle connection then costs less by about the length of
// the head.
func (c *Conn) ForgetHeads() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heads = ""
}

// LocalAddr returns the address of this end of the transport.
func (c *Conn) LocalAddr() net.Addr { return c.nc.LocalAddr() }

// RemoteAddr returns the address of the other end of the transport.
func (c *Conn) RemoteAddr() net.Addr { return c.nc.RemoteAddr() }

// NetConn returns the transport, for its socket options or TLS state. Nobody
// else may read or write it, set deadlines on it or close it.
func (c *Conn) NetConn() net.Conn { return c.nc }

// bell is something to wait for.
type bell uint8

const (
	arrival  bell = iota // a message, the end of reading, a pong
	progress             // output was written, or may be begun
)

// ring wakes all who wait for a bell.
func (c *Conn) ring(b bell) {
	if r := c.seldom; r != nil && r.bells[b] != nil {
		close(r.bells[b])
		r.bells[b] = nil
	}
}

// wait waits for a bell, with the mutex held before and after.
func (c *Conn) wait(ctx context.Context, b bell) error {
	r := c.rarely()
	if r.bells[b] == nil {
		r.bells[b] = make(chan struct{})
	}
	rung := r.bells[b]
	c.mu.Unlock()
	defer c.mu.Lock()
	select {
	case <-rung:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

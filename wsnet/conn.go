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
	nc           net.Conn
	request      *wsfsm.Request
	response     *wsfsm.Response
	subprotocol  string
	closeTimeout time.Duration
	ctx          context.Context // ends with the connection
	cancel       context.CancelCauseFunc

	// reading
	reader   chan struct{} // held by the one who reads
	pieces   chan piece    // from the goroutine that reads the transport
	taken    chan struct{} // back to it: the piece is no longer needed
	partial  []byte        // of a message whose reader ran out of time; guarded by reader
	skipping bool          // what is left of a message is not wanted; guarded by reader
	leaving  chan struct{} // closed when messages are not wanted any more
	leave    sync.Once

	// writing
	writer chan struct{} // held by the one who sends a message

	mu       sync.Mutex // guards what follows, and the driver
	driver   *wsfsm.Driver
	writing  bool          // somebody writes the output
	written  int64         // octets of output written in all
	progress chan struct{} // closed and replaced when output was written
	pongs    map[wsfsm.PingID]chan struct{}
	failed   error       // of the transport when written to
	timer    *time.Timer // of the closing handshake; nil if none runs
	buf      []byte      // what the transport is read into
}

// piece is a message or a piece of one, in the driver's buffer.
type piece struct {
	kind MessageKind
	data []byte
	last bool
}

// MessageKind is the type of a message, Text or Binary.
type MessageKind = wsfsm.MessageKind

// The types of messages.
const (
	Text   = wsfsm.Text
	Binary = wsfsm.Binary
)

// newConn starts a connection whose opening handshake is complete. Input that is
// pending in the driver lies in buf.
func newConn(nc net.Conn, d *wsfsm.Driver, buf []byte, closeTimeout time.Duration) *Conn {
	c := &Conn{
		nc: nc, driver: d, buf: buf, closeTimeout: closeTimeout,
		request: d.Request(), response: d.Response(), subprotocol: d.Subprotocol(),
		reader: make(chan struct{}, 1), writer: make(chan struct{}, 1),
		pieces: make(chan piece), taken: make(chan struct{}),
		leaving: make(chan struct{}), progress: make(chan struct{}),
	}
	c.ctx, c.cancel = context.WithCancelCause(context.Background())
	go c.readTransport()
	return c
}

// Context ends with the connection; context.Cause gives the error of the end, a
// *CloseError.
func (c *Conn) Context() context.Context { return c.ctx }

// Subprotocol returns the subprotocol agreed on; "" if none.
func (c *Conn) Subprotocol() string { return c.subprotocol }

// Request returns the client's request on the server; nil on the client.
func (c *Conn) Request() *wsfsm.Request { return c.request }

// Response returns the server's response on the client; nil on the server.
func (c *Conn) Response() *wsfsm.Response { return c.response }

// LocalAddr returns the address of this end of the transport.
func (c *Conn) LocalAddr() net.Addr { return c.nc.LocalAddr() }

// RemoteAddr returns the address of the other end of the transport.
func (c *Conn) RemoteAddr() net.Addr { return c.nc.RemoteAddr() }

// NetConn returns the transport. Nobody else may read or write it.
func (c *Conn) NetConn() net.Conn { return c.nc }

// err returns the error of the end, nil while the connection lives.
func (c *Conn) err() error { return context.Cause(c.ctx) }

// lock takes a semaphore, unless ctx or the connection ends first.
func (c *Conn) lock(ctx context.Context, semaphore chan struct{}) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	select {
	case semaphore <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.ctx.Done():
		return c.err()
	}
}

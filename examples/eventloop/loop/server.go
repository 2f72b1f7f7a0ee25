//go:build linux || darwin || netbsd || freebsd || openbsd || dragonfly

package loop

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/lesismal/nbio"

	"github.com/wsfsm/wsfsm"
)

// Options configures a Server.
type Options struct {
	// Addr is the TCP address to listen on, such as "127.0.0.1:9005".
	Addr string
	// Driver are the options of the driver. AutoStart and KeepReading are set by
	// this package.
	Driver wsfsm.Options
	// Message is called for each message, or piece of one. Its data may be
	// changed until it returns, and must not be kept. It is called by a goroutine
	// that many connections share, and must not wait for anything.
	Message func(c *Conn, e wsfsm.Event)
	// Open, if not nil, is called for each connection that is open.
	Open func(c *Conn)
	// Closed, if not nil, is called for each connection that was open, at its
	// end, with an EventClosed. err is the cause of an unclean end.
	Closed func(c *Conn, e wsfsm.Event, err error)
	// MaxQueue is how many octets may wait for a peer that does not read. One
	// more ends its transport. Zero: 1 MiB.
	MaxQueue int
	// Patience bounds the opening handshake, the closing handshake, and the wait
	// for the end of the transport behind that. Zero: 10 seconds.
	Patience time.Duration
}

// Server serves the connections of one address.
type Server struct {
	options  Options
	endpoint *wsfsm.Endpoint
	engine   *nbio.Engine
	accepted atomic.Int64 // so that the loops see what accept has written, which nbio hides from the race detector
}

// Listen checks the options, listens, and serves until Shutdown.
func Listen(o Options) (*Server, error) {
	if o.MaxQueue == 0 {
		o.MaxQueue = 1 << 20
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	o.Driver.AutoStart = true
	o.Driver.KeepReading = true // nbio holds the output, so that the driver never waits for room
	endpoint, err := wsfsm.NewEndpoint(o.Driver)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, endpoint: endpoint}
	s.engine = nbio.NewEngine(nbio.Config{Network: "tcp", Addrs: []string{o.Addr}, MaxWriteBufferSize: o.MaxQueue})
	s.engine.OnOpen(s.accept)
	s.engine.OnRead(func(nb *nbio.Conn) { s.conn(nb).read(s.engine.PollerBuffer(nb)) })
	s.engine.OnWrittenSize(func(nb *nbio.Conn, _ []byte, n int) { s.conn(nb).written(n) })
	s.engine.OnClose(func(nb *nbio.Conn, err error) { s.conn(nb).end(err) })
	return s, s.engine.Start()
}

// accept begins a connection.
func (s *Server) accept(nb *nbio.Conn) {
	c := &Conn{server: s, nb: nb, driver: s.endpoint.Server()}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bound()
	nb.SetSession(c)
	s.accepted.Add(1)
}

// conn returns the connection that accept has begun.
func (s *Server) conn(nb *nbio.Conn) *Conn {
	s.accepted.Load()
	return nb.Session().(*Conn)
}

// Addr returns the address that the server listens on.
func (s *Server) Addr() string { return s.engine.Addrs[0] }

// Shutdown ends the transports of all connections at once, and waits for the end
// of what serves them, or of ctx.
func (s *Server) Shutdown(ctx context.Context) error { return s.engine.Shutdown(ctx) }

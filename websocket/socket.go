package websocket

import (
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
	"github.com/wsfsm/wsfsm/wsnet"
)

// ReadyState is the state of a Socket.
type ReadyState = callback.ReadyState

// The ready states.
const (
	Connecting = callback.Connecting
	Open       = callback.Open
	Closing    = callback.Closing
	Closed     = callback.Closed
)

// Defaults of Options.
const (
	DefaultMaxBuffered  = 16 << 20
	DefaultMaxUnheard   = 1 << 20
	DefaultCloseTimeout = wsnet.DefaultCloseTimeout
	DefaultPongTimeout  = 30 * time.Second
)

// Options configures sockets. The zero value, or nil, is the default.
type Options struct {
	// Dial are the options for New: subprotocols, headers, TLS. May be nil.
	Dial *wsnet.DialOptions
	// PingInterval, if greater than zero, has a ping sent that long after the
	// last one was answered. A version without pings sends none.
	PingInterval time.Duration
	// PongTimeout bounds the wait for the answer, behind which the connection is
	// ended with ErrPongTimeout. Zero or less: DefaultPongTimeout.
	PongTimeout time.Duration
	// CloseTimeout bounds the time from Close to the end, with all that waits to
	// be sent. Zero or less: DefaultCloseTimeout.
	CloseTimeout time.Duration
	// MaxBuffered bounds what waits to be sent, in octets; one message may
	// exceed it. Zero or less: DefaultMaxBuffered.
	MaxBuffered int
	// AbortSlow has a message beyond MaxBuffered end the transport at once, with
	// ErrSlowPeer, and not only be refused: a server that sends the same to many
	// need not look after the slow ones.
	AbortSlow bool
	// MaxUnheard bounds the messages that wait for a listener, in octets; one
	// may exceed it. Zero or less: DefaultMaxUnheard.
	MaxUnheard int
	// Secure says that clients reach a server over TLS though its transport has
	// none, because that ends before it: URL begins with wss then, and in drafts
	// up to hybi-03 what a Server tells the client; see wsfsm.Options.Secure.
	Secure bool
	// TrustedProxies is the number of reverse proxies that every client of a
	// server comes through. If it is greater than zero, Secure and URL follow
	// X-Forwarded-Proto or, where that is missing, X-Forwarded-Scheme or
	// X-Forwarded-Ssl, and RemoteAddr follows X-Forwarded-For. Of a list the
	// value counts that the outermost of these proxies has added. Whoever can
	// reach the server past them can say what he likes in these fields, and so
	// he can in those that they pass on and do not set.
	TrustedProxies int
	// Fault, if not nil, is told of a listener that has panicked; the connection
	// is closed with code 1011. Nil: the panic is raised again, which ends the
	// program.
	Fault func(*Socket, *callback.Fault)
}

// cost is what a message that waits counts besides its octets, so that empty
// ones are bounded, too.
const cost = 64

// Socket is one end of a WebSocket connection. Its methods may be called by any
// number of goroutines, and by listeners.
type Socket struct {
	options Options
	url     string
	done    chan struct{}

	mu         sync.Mutex // guards all below
	changed    *sync.Cond // of the events
	binaryType BinaryType
	conn       *wsnet.Conn        // nil until open
	cancel     context.CancelFunc // of the opening; nil on a server
	timer      *time.Timer        // from Close on
	cause      error              // why this end gave the connection up
	arrivals   uint64             // messages read so far
	left       bool               // Close has been called, or a listener has panicked

	// events
	handlers    [types]func(Event)
	listeners   [types][]*listener
	queues      [types][]Event
	unheard     int  // octets of the messages queued, with their cost
	dispatching bool // a goroutine calls listeners

	// sending
	out         []outgoing
	writing     bool // a goroutine sends
	impatient   bool // reading does not wait for that
	buffered    int  // octets not sent
	closeCode   wsfsm.CloseCode
	closeReason string
}

func newSocket(o *Options) *Socket {
	s := &Socket{done: make(chan struct{}), binaryType: Blob}
	s.changed = sync.NewCond(&s.mu)
	if o != nil {
		s.options = *o
	}
	positive(&s.options.PongTimeout, DefaultPongTimeout)
	positive(&s.options.CloseTimeout, DefaultCloseTimeout)
	positive(&s.options.MaxBuffered, DefaultMaxBuffered)
	positive(&s.options.MaxUnheard, DefaultMaxUnheard)
	return s
}

// positive sets an option that is not greater than zero to its default.
func positive[T ~int | ~int64](option *T, standard T) {
	if *option <= 0 {
		*option = standard
	}
}

// URL returns the URL that the client has connected to; on a server, as far as
// that can be known there.
func (s *Socket) URL() string { return s.url }

// ReadyState returns the state of the connection.
func (s *Socket) ReadyState() ReadyState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.readyState()
}

// readyState reads the state off what has happened.
func (s *Socket) readyState() ReadyState {
	select {
	case <-s.done:
		return Closed
	default:
	}
	switch {
	case s.left || s.cause != nil:
		return Closing
	case s.conn == nil:
		return Connecting
	}
	return Open
}

// Done is closed when the connection has ended; the close event is waiting or
// has been delivered then.
func (s *Socket) Done() <-chan struct{} { return s.done }

// Conn returns the connection underneath, nil until it is open. Nobody else may
// read, write or close it.
func (s *Socket) Conn() *wsnet.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// Protocol returns the subprotocol agreed on; "" if none, or not open yet.
func (s *Socket) Protocol() string {
	if c := s.Conn(); c != nil {
		return c.Subprotocol()
	}
	return ""
}

// Extensions returns the extensions agreed on, as in the header of the server's
// response; "" if none, or not open yet.
func (s *Socket) Extensions() string {
	if c := s.Conn(); c != nil {
		return strings.Join(c.Extensions(), ", ")
	}
	return ""
}

// Request returns the client's request on a server, else nil.
func (s *Socket) Request() *wsfsm.Request {
	if c := s.Conn(); c != nil {
		return c.Request()
	}
	return nil
}

// Response returns the server's response on a client, nil until open and on a
// server. That of a server that refused is in the *wsnet.OpenError of the error
// event.
func (s *Socket) Response() *wsfsm.Response {
	if c := s.Conn(); c != nil {
		return c.Response()
	}
	return nil
}

// RemoteAddr returns the address of the other end; nil until open. That is the
// other end of the transport, or, on a server with Options.TrustedProxies, the
// client that these name, with port 0 if they do not say it.
func (s *Socket) RemoteAddr() net.Addr {
	c := s.Conn()
	if c == nil {
		return nil
	}
	if r := c.Request(); r != nil && s.options.TrustedProxies > 0 {
		if client := forwardedAddr(r, s.options.TrustedProxies); client != nil {
			return client
		}
	}
	return c.RemoteAddr()
}

// Origin returns the origin of the page that has opened the connection, as the
// client says; "" if it does not, or on a client.
func (s *Socket) Origin() string {
	r := s.Request()
	if r == nil {
		return ""
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		return origin
	}
	return r.Header.Get("Sec-WebSocket-Origin") // drafts up to hybi-10
}

// Path returns the path of the URL, not decoded.
func (s *Socket) Path() string {
	if u, err := url.Parse(s.url); err == nil {
		return u.EscapedPath()
	}
	return ""
}

// Query returns the query of the URL, decoded; a malformed part is left out.
func (s *Socket) Query() url.Values {
	if u, err := url.Parse(s.url); err == nil {
		return u.Query()
	}
	return url.Values{}
}

// RawQuery returns the query of the URL, not decoded; "" if there is none.
func (s *Socket) RawQuery() string {
	if u, err := url.Parse(s.url); err == nil {
		return u.RawQuery
	}
	return ""
}

// Secure reports whether the client reaches the server over TLS, as the scheme
// of the URL says.
func (s *Socket) Secure() bool {
	u, err := url.Parse(s.url)
	return err == nil && u.Scheme == "wss" // Parse has it in lower case
}

// urlOf makes the URL of a server's connection from its request.
func urlOf(c *wsnet.Conn, o *Options) string {
	if securely(c, o) {
		return "wss://" + authorityAndTarget(c.Request())
	}
	return "ws://" + authorityAndTarget(c.Request())
}

func authorityAndTarget(r *wsfsm.Request) string {
	if u, err := url.ParseRequestURI(r.Target); err == nil && u.Host != "" { // absolute-form
		return u.Host + u.RequestURI()
	}
	return r.Header.Get("Host") + r.Target
}

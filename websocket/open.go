package websocket

import (
	"context"
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// New returns a socket that connects to a ws or wss URL; its events say how that
// ends. An error, for a URL or options that cannot be used, wraps ErrSyntax. o
// is copied and may be nil.
func New(rawURL string, o *Options) (*Socket, error) {
	s := newSocket(o)
	if s.options.Dial == nil {
		s.options.Dial = &wsnet.DialOptions{}
	}
	endpoint, err := wsfsm.NewEndpoint(s.options.Dial.Driver)
	if err == nil {
		_, err = endpoint.Client(rawURL)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	s.url = rawURL
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go s.connect(ctx)
	return s, nil
}

// Wrap returns the socket of a connection that is open, such as wsnet.Accept
// returns, and that belongs to it from then on. o is copied and may be nil.
func Wrap(c *wsnet.Conn, o *Options) *Socket {
	s := wrap(c, o)
	go s.read()
	return s
}

func wrap(c *wsnet.Conn, o *Options) *Socket {
	s := newSocket(o)
	if c.Request() != nil {
		s.url = urlOf(c, &s.options)
	}
	s.opened(c)
	return s
}

// connect opens the connection and reads it to its end.
func (s *Socket) connect(ctx context.Context) {
	defer s.cancel()
	c, err := wsnet.Dial(ctx, s.url, s.options.Dial)
	switch {
	case err != nil:
		s.failed(err)
	case !s.opened(c):
		_ = c.CloseNow()
		s.failed(ErrAborted)
	default:
		s.read()
	}
}

// failed notes that the connection could not be opened.
func (s *Socket) failed(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left {
		err = ErrAborted
	}
	s.emit(Event{Type: ErrorEvent, Err: err})
	s.end(Event{Type: CloseEvent, Code: wsfsm.CloseAbnormal})
}

// opened notes that the connection is open. It returns false if it is not wanted
// any more.
func (s *Socket) opened(c *wsnet.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left {
		return false
	}
	s.conn = c
	s.emit(Event{Type: OpenEvent})
	if s.options.PingInterval > 0 {
		go s.keepAlive()
	}
	return true
}

// read reads messages until the end of the connection.
func (s *Socket) read() {
	for {
		s.awaitHearing()
		kind, p, err := s.conn.Read(context.Background())
		if err != nil {
			s.ended(err)
			return
		}
		s.mu.Lock()
		s.arrivals++
		if !s.left {
			s.emit(Event{Type: MessageEvent, Kind: kind, Data: p})
		}
		s.mu.Unlock()
	}
}

// ended notes the end of an open connection.
func (s *Socket) ended(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := Event{Type: CloseEvent, Code: wsfsm.CloseAbnormal}
	var closed *wsnet.CloseError
	if errors.As(err, &closed) {
		e.Code, e.Reason, e.WasClean = closed.Code, closed.Reason, closed.Clean
	}
	if s.cause != nil {
		err = s.cause
	}
	if !e.WasClean && (!s.left || s.cause != nil) {
		s.emit(Event{Type: ErrorEvent, Err: err})
	}
	s.end(e)
}

// end makes the last event.
func (s *Socket) end(e Event) {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.emit(e)
	close(s.done)
}

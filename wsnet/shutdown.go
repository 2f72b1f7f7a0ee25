package wsnet

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/wsfsm/wsfsm"
)

// Shutdown closes the listeners, closes all connections with code 1001, and
// waits until their handlers have returned and their transports have ended. When
// ctx ends first, Shutdown ends the transports that are left at once, and
// returns the cause without waiting for their handlers. Connections that are not
// open yet have 250 ms for that.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.stop((*Conn).goAway, func(nc net.Conn) { nc.SetDeadline(time.Now().Add(openingGrace)) })
	if e := s.awaitIdle(ctx); e != nil {
		_ = s.Close()
		return e
	}
	return err
}

// openingGrace is for how long Shutdown lets opening handshakes go on. A client
// that has the response already counts on a close frame.
const openingGrace = 250 * time.Millisecond

// goAway starts the closing handshake of a server that stops.
func (c *Conn) goAway() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended == nil && !c.leaving {
		_ = c.startCloseAsCan(wsfsm.CloseGoingAway) // refused if the end is near
	}
}

// Close closes the listeners and ends the transports of all connections at
// once. It does not wait for their handlers.
func (s *Server) Close() error {
	return s.stop(func(c *Conn) { _ = c.CloseNow() }, func(nc net.Conn) { _ = cut(nc) })
}

// stop closes the listeners, has each open connection ended by end and the
// transport of each that is being opened by abort.
func (s *Server) stop(end func(*Conn), abort func(net.Conn)) error {
	s.mu.Lock()
	s.stopping = true
	if s.stopped != nil {
		close(s.stopped)
		s.stopped = nil
	}
	var errs []error
	for l := range s.listeners {
		errs = append(errs, (*l).Close())
	}
	clear(s.listeners)
	var open []*Conn
	for t := range s.sessions {
		if t.conn != nil {
			open = append(open, t.conn)
		} else {
			abort(t.nc)
		}
	}
	s.mu.Unlock()
	for _, c := range open {
		end(c)
	}
	return errors.Join(errs...)
}

// awaitIdle waits for the end of the last session.
func (s *Server) awaitIdle(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.sessions) > 0 {
		if s.idle.rung == nil {
			s.idle.rung = make(chan struct{})
		}
		rung := s.idle.rung
		s.mu.Unlock()
		select {
		case <-rung:
			s.mu.Lock()
		case <-ctx.Done():
			s.mu.Lock()
			return context.Cause(ctx)
		}
	}
	return nil
}

// enter notes a new session and sets its transport a deadline. It returns false if the server is closed.
func (s *Server) enter(t *session, timeout time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.note(t)
	if timeout > 0 {
		t.nc.SetDeadline(time.Now().Add(timeout))
	}
	return true
}

// note adds a session, with the mutex held.
func (s *Server) note(t *session) {
	if s.sessions == nil {
		s.sessions = map[*session]struct{}{}
	}
	s.sessions[t] = struct{}{}
}

// opened notes that a session is open now. It reports whether the server was
// closed meanwhile.
func (s *Server) opened(t *session, c *Conn) (late bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.conn = c
	return s.stopping
}

func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// leave notes the end of a session.
func (s *Server) leave(t *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, t)
	if len(s.sessions) == 0 {
		s.idle.ring()
	}
}

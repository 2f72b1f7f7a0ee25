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
	for t := range s.opening {
		abort(t.nc)
	}
	for c := s.open.first; c != nil; c = c.links.next {
		open = append(open, c)
	}
	s.mu.Unlock()
	for _, c := range open {
		end(c)
	}
	return errors.Join(errs...)
}

// awaitIdle waits for the end of the last connection.
func (s *Server) awaitIdle(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.busy() {
		if s.idle == nil {
			s.idle = make(chan struct{})
		}
		idle := s.idle
		s.mu.Unlock()
		select {
		case <-idle:
			s.mu.Lock()
		case <-ctx.Done():
			s.mu.Lock()
			return context.Cause(ctx)
		}
	}
	return nil
}

// busy reports whether there are connections.
func (s *Server) busy() bool { return len(s.opening) > 0 || s.open.first != nil }

// enter notes a new session and sets its transport a deadline. It returns false if the server is closed.
func (s *Server) enter(t *session, timeout time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	if s.opening == nil {
		s.opening = map[*session]struct{}{}
	}
	s.opening[t] = struct{}{}
	if timeout > 0 {
		t.nc.SetDeadline(time.Now().Add(timeout))
	}
	return true
}

// opened notes that a connection is open now. It reports whether the server was
// closed meanwhile.
func (s *Server) opened(t *session, c *Conn) (late bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.opening, t)
	s.open.add(c)
	return s.stopping
}

func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// drop notes the end of a session that has not come to a connection.
func (s *Server) drop(t *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.opening, t)
	s.ended()
}

// leave notes the end of an open connection.
func (s *Server) leave(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open.remove(c)
	s.ended()
}

// ended wakes who waits for the end of the last connection, if that was it.
func (s *Server) ended() {
	if s.idle != nil && !s.busy() {
		close(s.idle)
		s.idle = nil
	}
}

// list is a list of connections, guarded by a server's mutex. The links lie in
// the connections: a map or a list of its own would take twice the memory.
type list struct{ first *Conn }

// links are those of a Conn in its server's list.
type links struct{ next, before *Conn }

func (l *list) add(c *Conn) {
	if c.links.next = l.first; l.first != nil {
		l.first.links.before = c
	}
	l.first = c
}

func (l *list) remove(c *Conn) {
	next, before := c.links.next, c.links.before
	if next != nil {
		next.links.before = before
	}
	if before != nil {
		before.links.next = next
	} else {
		l.first = next
	}
	c.links = links{}
}

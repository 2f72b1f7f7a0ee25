package wsnet

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"time"

	"github.com/wsfsm/wsfsm"
)

// session is a connection of a Server from accept until it is open.
type session struct {
	server *Server
	nc     net.Conn
}

// run opens the connection. What serves it has a goroutine of its own: a fresh
// stack is half the size of one that has been through TLS or a handshake.
func (t *session) run(s *shared, o *Options) {
	if !t.server.enter(t, orDefault(o.HeadTimeout, DefaultHeadTimeout)) {
		cut(t.nc)
		return
	}
	c := t.open(s, o.Decide)
	if c == nil {
		t.server.drop(t)
		return
	}
	t.server.begin(t, c)
}

// begin serves an open connection. The session is nil for one of net/http.
func (s *Server) begin(t *session, c *Conn) {
	if s.opened(t, c) {
		c.goAway()
	}
	go s.serve(c)
}

// serve calls the handler, closes the connection behind it, and waits for the
// end of the transport.
func (s *Server) serve(c *Conn) {
	code := wsfsm.CloseInternalError // behind a panic, and runtime.Goexit
	defer func() {
		if p := recover(); p != nil {
			s.report(&PanicError{Value: p, Stack: debug.Stack()})
		}
		s.conclude(c, code)
	}()
	s.Handler(c)
	code = wsfsm.CloseNormal
}

// conclude ends a connection that nobody serves any more.
func (s *Server) conclude(c *Conn, code wsfsm.CloseCode) {
	defer s.leave(c)
	_ = c.closeBy(func() error { return c.startCloseAsCan(code) }) // what it reports, the handler has had from Read
	c.awaitGone()
}

// open carries out TLS and the opening handshake. Nil: there is no Conn to be
// served, and the transport has been ended.
func (t *session) open(s *shared, decide decider) *Conn {
	if nc, ok := t.nc.(*tls.Conn); ok {
		if err := nc.HandshakeContext(context.Background()); err != nil {
			t.failed(StageTLS, err)
			cut(nc)
			return nil
		}
	}
	o := &opening{nc: t.nc, shared: s, driver: s.endpoint.Server()}
	if _, ok := t.nc.(*tls.Conn); ok {
		o.driver.SetSecure()
	}
	err := o.run(func() { t.decide(o.driver, decide) })
	if err == nil && o.open {
		t.nc.SetDeadline(time.Time{})
		return o.conn()
	}
	// Otherwise it was answered by Decide, or looked at by a port scanner.
	if err != nil && (o.driver.Offset() > 0 || isTimeout(err)) {
		t.failed(StageHandshake, err)
	}
	t.refuse(s, err)
	return nil
}

// failed reports an opening that has failed, unless Shutdown or Close ended it.
func (t *session) failed(stage Stage, err error) {
	if isTimeout(err) {
		err = ErrHeadTimeout
	}
	if (err == ErrHeadTimeout || errors.Is(err, net.ErrClosed)) && t.server.isStopping() {
		return
	}
	t.server.report(fmt.Errorf("%s: %w", t.nc.RemoteAddr(), &OpenError{Stage: stage, Err: err}))
}

// refuse ends the transport behind an HTTP response.
func (t *session) refuse(s *shared, err error) {
	var broken *wsfsm.Error
	if err != nil && !errors.As(err, &broken) {
		cut(t.nc)
		return
	}
	t.nc.SetDeadline(time.Now().Add(s.closeTimeout))
	if closeWrite(t.nc) {
		s.discard(t.nc)
	}
	t.nc.Close()
}

// decider is what Options.Decide is.
type decider = func(*wsfsm.Request, net.Conn) *Answer

// decide answers a request as the application wants.
func (t *session) decide(d *wsfsm.Driver, decide decider) {
	answer, err := t.ask(d.Request(), decide)
	if err == nil {
		err = answer.give(d)
	}
	if err != nil {
		t.server.report(err)
		_ = d.Reject(500, nil, nil) // cannot be refused: the request still waits
	}
}

// ask asks the application for its decision.
func (t *session) ask(r *wsfsm.Request, decide decider) (answer *Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	if decide != nil {
		answer = decide(r, t.nc)
	}
	if answer == nil {
		answer = &Answer{}
	}
	return answer, nil
}

// give carries out the decision.
func (a *Answer) give(d *wsfsm.Driver) error {
	if a.Status != 0 {
		return d.Reject(a.Status, a.Header, a.Body)
	}
	if a.Secure {
		d.SetSecure()
	}
	if a.Subprotocol != "" {
		if err := d.ChooseSubprotocol(a.Subprotocol); err != nil {
			return err
		}
	}
	return d.Start(a.Header...)
}

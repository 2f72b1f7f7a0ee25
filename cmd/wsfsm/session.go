package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/client"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/console"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
	"github.com/wsfsm/wsfsm/states"
)

// session is one run of dial behind the connection's beginning.
type session struct {
	options  *dialOptions
	interval time.Duration // of pings; 0 for none, negative for one
	conn     *client.Conn
	console  *console.Console
	opened   chan struct{} // closed by EventOpen
	ended    chan struct{} // closed by EventClosed
	early    []wsfsm.Transition
	in, out  *trace.Meter // nil without --trace
	pings    roundTrips
	broken   error // of EventError
	last     wsfsm.Event

	unsent      atomic.Bool // something could not be sent
	interrupted atomic.Bool // by a signal
}

// run goes on until the connection has ended.
func (s *session) run() error {
	for _, t := range s.early {
		s.transition(t)
	}
	go s.send()
	s.conn.Run(s.handle)
	return s.outcome()
}

// handle is called for each event, by the goroutine that owns the driver.
func (s *session) handle(e wsfsm.Event) {
	switch e.Kind {
	case wsfsm.EventOpen:
		if len(s.conn.Driver().Extensions()) == 0 {
			s.in.Stop()
			s.out.Stop()
		}
		close(s.opened)
	case wsfsm.EventMessage:
		s.in.Message(len(e.Data))
	case wsfsm.EventPong:
		s.pings.answered(e.Ping())
	case wsfsm.EventError:
		s.broken = s.conn.Driver().Err()
	case wsfsm.EventClosed:
		s.last = e.Clone()
		defer close(s.ended)
	}
	if s.options.asJSON {
		s.tellJSON(e)
	} else {
		s.tell(e)
	}
}

// send waits until the connection is open, then sends pings and lines.
func (s *session) send() {
	select {
	case <-s.opened:
	case <-s.ended:
		return
	}
	if s.interval != 0 {
		s.ping() // before the first line, so that the end of input cannot come first
	}
	if s.interval > 0 {
		go s.keepPinging()
	}
	s.sendLines()
	select {
	case <-time.After(s.options.wait):
	case <-s.ended:
	}
	s.close()
}

// sendLines sends each line as a message, up to the first that a program has
// wrong. A person may try again.
func (s *session) sendLines() {
	for number := 1; ; number++ {
		line, err := s.console.Line()
		if err == io.EOF {
			return
		}
		again := err == nil && s.console.Interactive()
		if err == nil {
			err = s.sendLine(line)
		}
		switch {
		case err == nil:
			continue
		case errors.Is(err, client.ErrEnded), errors.Is(err, wsfsm.ErrRefused):
			return
		}
		s.console.Remark(fmt.Sprintf("line %d: %s", number, plain(err)))
		if !again {
			s.unsent.Store(true)
			return
		}
	}
}

// sendLine sends one line as a message.
func (s *session) sendLine(line []byte) error {
	send, message := (*wsfsm.Driver).Text, line
	if s.options.binary {
		octets, err := hex.DecodeString(strings.Join(strings.Fields(string(line)), ""))
		if err != nil {
			return fmt.Errorf("not hex: %w", err)
		}
		send, message = (*wsfsm.Driver).Binary, octets
	}
	if err := s.conn.Do(func(d *wsfsm.Driver) error { return send(d, message) }); err != nil {
		return err
	}
	s.out.Message(len(message))
	return nil
}

// close begins the closing handshake. That the connection has ended or is
// closing already is fine.
func (s *session) close() {
	err := s.conn.Close(wsfsm.CloseCode(s.options.code), s.options.reason)
	if err != nil && !errors.Is(err, client.ErrEnded) && !errors.Is(err, wsfsm.ErrRefused) {
		s.console.Remark("close: " + plain(err))
		s.unsent.Store(true)
		s.conn.Close(wsfsm.CloseNormal, "")
	}
}

// outcome says how the connection ended, as an exit status.
func (s *session) outcome() error {
	var rule *wsfsm.Error
	switch {
	case errors.As(s.broken, &rule) && errors.Is(rule, states.BadStatus):
		return &outcome{exitUnreachable, fmt.Errorf("the server answered with status %d", rule.Status)}
	case s.broken != nil:
		return found(errors.New(plain(s.broken)))
	case !s.wasOpen():
		return &outcome{exitUnreachable, s.noHandshake()}
	case !s.last.Clean():
		return found(fmt.Errorf("the connection broke down: %s", cause(s.conn.Driver().Err())))
	case !wellEnded(s.last.Code()) && uint16(s.last.Code()) != s.options.code:
		return found(fmt.Errorf("the server closed with code %d", s.last.Code()))
	case s.unsent.Load():
		return found(errors.New("not everything was sent"))
	}
	return nil
}

func (s *session) wasOpen() bool {
	select {
	case <-s.opened:
		return true
	default:
		return false
	}
}

// noHandshake is why the opening handshake was not complete.
func (s *session) noHandshake() error {
	switch {
	case s.interrupted.Load():
		return errors.New("interrupted")
	case errors.Is(s.conn.Driver().Err(), wsfsm.ErrTimeout):
		return errors.New("no opening handshake in time")
	}
	return fmt.Errorf("the connection broke down in the opening handshake: %s", cause(s.conn.Driver().Err()))
}

// wellEnded reports whether a close code tells of no failure: goodbyes, and what
// applications define for themselves (RFC 6455 §7.4).
func wellEnded(code wsfsm.CloseCode) bool {
	switch code {
	case wsfsm.CloseNormal, wsfsm.CloseGoingAway, wsfsm.CloseNoStatus:
		return true
	}
	return code >= 3000
}

// cause is why a connection broke down.
func cause(err error) string {
	if err == nil {
		return "no reason is known"
	}
	return plain(err)
}

// Package echo is the command's test server: it sends back what it gets, shows
// a page to browsers, and tells that page which frames it saw.
package echo

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/page"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
	"github.com/wsfsm/wsfsm/wsnet"
)

// Config says how to serve.
type Config struct {
	// Driver are the options of each connection. An Observer is set by this
	// package.
	Driver wsfsm.Options
	// Trace, if not nil, is called at each transition of each connection. It
	// may be called by several goroutines at once.
	Trace func(connection int, t wsfsm.Transition)
	// Message, if not nil, is told of the sizes of each compressed message,
	// likewise.
	Message func(connection int, m trace.Message)
	// Note, if not nil, is told what went wrong on a connection, likewise.
	Note func(connection int, err error)
}

// Server is an echo server.
type Server struct {
	config Config
	page   page.Page
	feeds  feeds

	mu       sync.Mutex
	open     map[*wsnet.Server]bool // one for each connection: each has its own observer
	last     int                    // number of the last connection
	listener net.Listener
	closed   bool
}

// New checks the configuration.
func New(c Config) (*Server, error) {
	if _, err := wsfsm.NewEndpoint(c.Driver); err != nil {
		return nil, err
	}
	return &Server{config: c, page: page.New(), open: make(map[*wsnet.Server]bool)}, nil
}

// Serve serves on a listener, which it closes, until Shutdown. It returns nil
// then, or why it could not go on.
func (s *Server) Serve(l net.Listener) error {
	defer l.Close()
	s.mu.Lock()
	s.listener = l
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return nil
	}
	for wait := time.Duration(0); ; {
		nc, err := l.Accept()
		switch {
		case err == nil:
			wait = 0
			go s.serve(nc)
			continue
		case s.isClosed():
			return nil
		case !temporary(err):
			return err
		}
		wait = min(max(2*wait, 5*time.Millisecond), time.Second)
		time.Sleep(wait)
	}
}

// temporary reports whether accepting may work again later, as when file
// descriptors are short.
func temporary(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary()
}

func (s *Server) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// serve serves one transport to its end.
func (s *Server) serve(nc net.Conn) {
	c := newConnection(s, nc)
	o := &wsnet.Options{Driver: s.config.Driver, Decide: c.decide, Error: c.fail}
	o.Driver.Observer = c.observe
	ws := &wsnet.Server{Handler: c.handle, Options: o}
	if !s.add(c, ws) {
		nc.Close()
		return
	}
	defer s.remove(ws)
	ws.Serve(&single{transport: c.transport, closed: make(chan struct{})})
}

// add numbers a connection; false after Shutdown.
func (s *Server) add(c *connection, ws *wsnet.Server) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	c.number = s.last
	s.open[ws] = true
	return !s.closed
}

func (s *Server) remove(ws *wsnet.Server) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, ws)
}

// Shutdown stops accepting, closes all connections with code 1001, and cuts
// those that are left when ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	if s.listener != nil {
		s.listener.Close()
	}
	var ended sync.WaitGroup
	errs := make(chan error, len(s.open))
	for ws := range s.open {
		ended.Go(func() { errs <- ws.Shutdown(ctx) })
	}
	s.mu.Unlock()
	ended.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

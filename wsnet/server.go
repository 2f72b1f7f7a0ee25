package wsnet

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/wsfsm/wsfsm"
)

// Server serves WebSocket on raw sockets, without net/http. Its fields must not
// be changed once it serves.
type Server struct {
	// Handler is called for each connection in a goroutine of its own. When it
	// returns the connection is closed with code 1000; when it panics, with
	// 1011, and Options.Error is told.
	Handler func(*Conn)
	// Options configures the connections.
	Options Options

	mu        sync.Mutex
	endpoint  *wsfsm.Endpoint
	listeners map[net.Listener]bool
	conns     map[*Conn]bool    // open
	opening   map[net.Conn]bool // in the opening handshake
	active    sync.WaitGroup    // handlers
	closed    bool
}

// ListenAndServe serves on a TCP address, as in "127.0.0.1:9001", until the
// server is closed. It always returns an error.
func ListenAndServe(address string, handler func(*Conn), o *Options) error {
	return newServer(handler, o).ListenAndServe(address)
}

// ListenAndServeTLS is ListenAndServe over TLS with the certificate and key in
// two PEM files.
func ListenAndServeTLS(address, certFile, keyFile string, handler func(*Conn), o *Options) error {
	return newServer(handler, o).ListenAndServeTLS(address, certFile, keyFile)
}

// Serve serves on a listener until the server is closed; it closes the listener
// and always returns an error.
func Serve(l net.Listener, handler func(*Conn), o *Options) error {
	return newServer(handler, o).Serve(l)
}

func newServer(handler func(*Conn), o *Options) *Server {
	s := &Server{Handler: handler}
	if o != nil {
		s.Options = *o
	}
	return s
}

// ListenAndServe serves on a TCP address.
func (s *Server) ListenAndServe(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

// ListenAndServeTLS serves on a TCP address over TLS.
func (s *Server) ListenAndServeTLS(address, certFile, keyFile string) error {
	certificate, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return err
	}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"http/1.1"}}
	l, err := tls.Listen("tcp", address, config)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

// Serve accepts connections on l, which may do TLS, until the server is closed.
// It closes l, and returns ErrServerClosed after Shutdown or Close.
func (s *Server) Serve(l net.Listener) error {
	defer l.Close()
	if err := s.begin(l); err != nil {
		return err
	}
	var delay time.Duration
	for {
		nc, err := l.Accept()
		if err == nil {
			delay = 0
			s.start(nc)
			continue
		}
		if s.isClosed() {
			return ErrServerClosed
		}
		// What is short for a while, such as file descriptors, comes back.
		if delay = min(max(2*delay, 5*time.Millisecond), time.Second); !temporary(err) {
			return err
		}
		time.Sleep(delay)
	}
}

// temporary reports whether accepting may work again later.
func temporary(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary()
}

func (s *Server) begin(l net.Listener) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrServerClosed
	}
	if s.endpoint == nil {
		ep, err := endpoint(s.Options.Driver)
		if err != nil {
			return err
		}
		s.endpoint = ep
		s.listeners, s.conns, s.opening = map[net.Listener]bool{}, map[*Conn]bool{}, map[net.Conn]bool{}
	}
	s.listeners[l] = true
	return nil
}

func (s *Server) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// start serves one transport.
func (s *Server) start(nc net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		nc.Close()
		return
	}
	s.opening[nc] = true
	s.active.Add(1)
	go s.serve(nc)
}

func (s *Server) serve(nc net.Conn) {
	defer s.active.Done()
	nc.SetDeadline(time.Now().Add(orDefault(s.Options.HeadTimeout, DefaultHeadTimeout)))
	c, err := s.open(nc)
	if err != nil {
		s.report(err)
		return
	}
	defer func() {
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
	}()
	code := wsfsm.CloseNormal
	if err := s.handle(c); err != nil {
		s.report(err)
		code = wsfsm.CloseInternalError
	}
	c.Close(code, "")
}

// open completes the opening handshake of a transport.
func (s *Server) open(nc net.Conn) (c *Conn, err error) {
	defer func() {
		if p := recover(); p != nil { // of Options.Decide
			nc.Close()
			err = fmt.Errorf("wsnet: panic while deciding about a request: %v", p)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.opening, nc)
		if err != nil {
			return
		}
		s.conns[c] = true
		if s.closed {
			go c.Close(wsfsm.CloseGoingAway, "")
		}
	}()
	return opened(nc, s.endpoint.Server(), &s.Options)
}

// handle calls the handler and turns its panic into an error.
func (s *Server) handle(c *Conn) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("wsnet: panic of the handler: %v", p)
		}
	}()
	s.Handler(c)
	return nil
}

func (s *Server) report(err error) {
	if s.Options.Error != nil {
		s.Options.Error(err)
	}
}

// Shutdown stops accepting, closes all connections with code 1001 and waits for
// their handlers. When ctx ends first it cuts what is left and returns the
// context's cause.
func (s *Server) Shutdown(ctx context.Context) error {
	for _, c := range s.stop(time.Now().Add(openingGrace)) {
		go c.Close(wsfsm.CloseGoingAway, "")
	}
	done := make(chan struct{})
	go func() {
		s.active.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		s.Close()
		return context.Cause(ctx)
	}
}

// Close stops accepting and cuts all connections.
func (s *Server) Close() error {
	for _, c := range s.stop(time.Unix(1, 0)) {
		c.CloseNow()
	}
	return nil
}

// openingGrace is how long Shutdown lets opening handshakes go on.
const openingGrace = time.Second

// stop closes the listeners and sets opening handshakes a deadline; it returns
// the open connections.
func (s *Server) stop(deadline time.Time) (open []*Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for l := range s.listeners {
		l.Close()
	}
	for nc := range s.opening {
		nc.SetDeadline(deadline)
	}
	for c := range s.conns {
		open = append(open, c)
	}
	return open
}

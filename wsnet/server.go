package wsnet

import (
	"crypto/tls"
	"errors"
	"log"
	"net"
	"sync"
	"time"
)

// Server accepts WebSocket connections, on sockets without net/http or as an
// http.Handler. Its zero value needs a Handler. Its fields must not be changed
// after the first call of a method.
type Server struct {
	// Handler is called for each open connection, in a goroutine of its own.
	// When it returns, the connection is closed with code 1000; when it panics,
	// with code 1011, and Options.Error is told.
	Handler func(*Conn)
	// Options may be nil.
	Options *Options

	mu        sync.Mutex                 // of what follows
	listeners map[*net.Listener]struct{} // a pointer can always be a key
	opening   map[*session]struct{}
	open      list
	stopped   chan struct{} // closed by Shutdown and Close; nil until needed
	idle      chan struct{} // closed when the last connection has ended; nil if nobody waits
	stopping  bool
}

// Serve accepts connections on l and gives the open ones to handler. See
// Server.
func Serve(l net.Listener, handler func(*Conn), o *Options) error {
	return (&Server{Handler: handler, Options: o}).Serve(l)
}

// ListenAndServe listens on a TCP address such as ":8080" and serves there. See
// Server.
func ListenAndServe(addr string, handler func(*Conn), o *Options) error {
	return (&Server{Handler: handler, Options: o}).ListenAndServe(addr)
}

// ListenAndServeTLS is ListenAndServe over TLS. See Server.
func ListenAndServeTLS(addr, certFile, keyFile string, handler func(*Conn), o *Options) error {
	return (&Server{Handler: handler, Options: o}).ListenAndServeTLS(addr, certFile, keyFile)
}

// ListenAndServe listens on a TCP address such as ":8080" and calls Serve.
func (s *Server) ListenAndServe(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

// ListenAndServeTLS listens on a TCP address and serves over TLS, with the
// certificate and key of two PEM files. Their names may be empty if Options.TLS
// holds a certificate.
func (s *Server) ListenAndServeTLS(addr, certFile, keyFile string) error {
	config := &tls.Config{}
	if s.Options != nil && s.Options.TLS != nil {
		config = s.Options.TLS.Clone()
	}
	config.NextProtos = []string{"http/1.1"}
	if certFile != "" || keyFile != "" {
		cert, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			return err
		}
		config.Certificates = []tls.Certificate{cert}
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return s.Serve(tls.NewListener(l, config))
}

// Serve accepts connections on l, which it closes at the end. It returns
// ErrServerClosed after Shutdown or Close, at once: Shutdown itself waits for the
// connections. Where accepting fails for the moment, such as for want of file
// descriptors, Serve tries again after a pause of 5 ms that doubles up to 1 s.
func (s *Server) Serve(l net.Listener) error {
	defer l.Close()
	shared, o, err := s.Options.share()
	if err != nil {
		return err
	}
	if s.Handler == nil {
		return errNoHandler
	}
	stopped := s.add(&l)
	if stopped == nil {
		return ErrServerClosed
	}
	defer s.remove(&l)
	var pause time.Duration
	for {
		nc, err := l.Accept()
		if err != nil {
			if pause = s.retry(err, pause); pause == 0 {
				return s.serveError(err)
			}
			select {
			case <-time.After(pause):
			case <-stopped:
				return ErrServerClosed
			}
			continue
		}
		pause = 0
		go (&session{server: s, nc: nc}).run(shared, o)
	}
}

// retry returns how long to wait before accepting again; 0 if that is of no
// use.
func (s *Server) retry(err error, last time.Duration) time.Duration {
	var temporary interface{ Temporary() bool }
	if !errors.As(err, &temporary) || !temporary.Temporary() {
		return 0
	}
	s.report(err)
	return min(max(2*last, 5*time.Millisecond), time.Second)
}

// serveError is what Serve returns when it cannot accept any more.
func (s *Server) serveError(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return ErrServerClosed
	}
	return err
}

// report tells the application of an error.
func (s *Server) report(err error) {
	if s.Options != nil && s.Options.Error != nil {
		s.Options.Error(err)
		return
	}
	var panicked *PanicError
	if errors.As(err, &panicked) {
		log.Print(err)
	}
}

// add notes a listener and returns what ends the pauses of Serve; nil if the
// server is closed.
func (s *Server) add(l *net.Listener) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return nil
	}
	if s.listeners == nil {
		s.listeners = map[*net.Listener]struct{}{}
		s.stopped = make(chan struct{})
	}
	s.listeners[l] = struct{}{}
	return s.stopped
}

func (s *Server) remove(l *net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, l)
}

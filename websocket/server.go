package websocket

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// ServerOptions configures a Server. The zero value, or nil where a pointer is
// taken, is the default.
type ServerOptions struct {
	// Net are the options of the server underneath: versions, limits, origins,
	// timeouts. Its Decide is asked after HealthPath. May be nil.
	Net *wsnet.Options
	// Socket are the options of each connection. May be nil.
	Socket *Options
	// CertFile and KeyFile are PEM files with the certificate and key of a
	// server over TLS; see also Net.TLS.
	CertFile, KeyFile string
	// HealthPath, if not empty, is a path such as "/healthcheck" that is answered
	// with status 200 and the text OK when it is asked for without WebSocket.
	HealthPath string
	// FlashPolicy, if not empty, is the answer to a Flash policy request, which
	// comes on the same port in place of HTTP, and not over TLS; OpenFlashPolicy
	// lets everybody in.
	FlashPolicy string
}

// OpenFlashPolicy is a Flash policy that allows every domain every port.
const OpenFlashPolicy = `<?xml version="1.0"?><cross-domain-policy><allow-access-from domain="*" to-ports="*"/></cross-domain-policy>`

// Server accepts WebSocket connections and gives each to a function.
type Server struct {
	handler func(*Socket)
	options ServerOptions
	net     *wsnet.Server
	socket  Options // of each connection

	once sync.Once // of prepare
}

// NewServer returns a server that calls handler for each open connection, in a
// goroutine of its own. The handler adds listeners and returns; nothing is read
// before that. When it panics, the connection is closed with code 1011, and
// Net.Error is told. o is copied and may be nil.
func NewServer(handler func(*Socket), o *ServerOptions) *Server {
	s := &Server{handler: handler}
	if o != nil {
		s.options = *o
	}
	return s
}

// ListenAndServe serves on a host's port, over TLS if the options name a
// certificate. An empty host stands for all addresses of this machine. See
// Server.
func ListenAndServe(host string, port int, handler func(*Socket), o *ServerOptions) error {
	return NewServer(handler, o).ListenAndServe(host, port)
}

// ListenAndServe listens on a host's port and calls Serve; over TLS if the options
// name a certificate.
func (s *Server) ListenAndServe(host string, port int) error {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return err
	}
	if l, err = s.secure(l); err != nil {
		return err
	}
	return s.Serve(l)
}

// secure lays TLS over a listener if the options name a certificate. If that
// fails it closes the listener.
func (s *Server) secure(l net.Listener) (net.Listener, error) {
	var config *tls.Config
	if o := s.options.Net; o != nil && o.TLS != nil {
		config = o.TLS.Clone()
	}
	if s.options.CertFile != "" || s.options.KeyFile != "" {
		cert, err := tls.LoadX509KeyPair(s.options.CertFile, s.options.KeyFile)
		if err != nil {
			l.Close()
			return nil, err
		}
		config = cmp.Or(config, &tls.Config{})
		config.Certificates = []tls.Certificate{cert}
	}
	if config == nil {
		return l, nil
	}
	config.NextProtos = []string{"http/1.1"}
	return tls.NewListener(l, config), nil
}

// Serve accepts connections on l, which it closes at the end. It returns
// wsnet.ErrServerClosed after Shutdown or Close.
func (s *Server) Serve(l net.Listener) error {
	s.prepare()
	if s.options.FlashPolicy != "" {
		l = policyListener{l, s.options.FlashPolicy}
	}
	return s.net.Serve(l)
}

// Shutdown closes the listeners, closes all connections with code 1001, and
// waits for their ends as long as ctx lives; see [wsnet.Server.Shutdown].
func (s *Server) Shutdown(ctx context.Context) error {
	s.prepare()
	return s.net.Shutdown(ctx)
}

// Close closes the listeners and ends all transports at once.
func (s *Server) Close() error {
	s.prepare()
	return s.net.Close()
}

// prepare makes the server underneath. Whether clients come over TLS can be said
// to it or to the sockets, and concerns both.
func (s *Server) prepare() {
	s.once.Do(func() {
		o := &wsnet.Options{}
		if given := s.options.Net; given != nil {
			o = &wsnet.Options{Driver: given.Driver, HeadTimeout: given.HeadTimeout, CloseTimeout: given.CloseTimeout,
				Decide: given.Decide, TLS: given.TLS, Error: given.Error}
		}
		if given := s.options.Socket; given != nil {
			s.socket = *given
		}
		s.socket.Secure = s.socket.Secure || o.Driver.Secure
		o.Driver.Secure = s.socket.Secure
		if s.options.HealthPath != "" {
			o.Decide = health(s.options.HealthPath, o.Decide)
		}
		if s.socket.TrustedProxies > 0 {
			o.Decide = locate(s.socket.TrustedProxies, o.Decide)
		}
		s.net = &wsnet.Server{Handler: s.serve, Options: o}
	})
}

// serve is the handler of the server underneath.
func (s *Server) serve(c *wsnet.Conn) {
	socket := wrap(c, &s.socket)
	returned := false
	defer func() {
		if !returned { // it panics: the server underneath closes the connection
			go socket.read()
		}
	}()
	s.handler(socket)
	returned = true
	socket.read()
}

// locate has the location of the first drafts be that which proxies in front
// have been asked for.
func locate(proxies int, next func(*wsfsm.Request, net.Conn) *wsnet.Answer) func(*wsfsm.Request, net.Conn) *wsnet.Answer {
	return func(r *wsfsm.Request, nc net.Conn) *wsnet.Answer {
		var a *wsnet.Answer
		if next != nil {
			a = next(r, nc)
		}
		if secure, _ := forwardedSecure(r, proxies); secure && r.WebSocket {
			if a == nil {
				a = &wsnet.Answer{}
			}
			a.Secure = true
		}
		return a
	}
}

// health answers requests for a path before others are asked.
func health(path string, next func(*wsfsm.Request, net.Conn) *wsnet.Answer) func(*wsfsm.Request, net.Conn) *wsnet.Answer {
	return func(r *wsfsm.Request, nc net.Conn) *wsnet.Answer {
		target, _, _ := strings.Cut(r.Target, "?")
		switch {
		case target == path && !r.WebSocket:
			return &wsnet.Answer{Status: 200, Header: []wsfsm.Field{{Name: "Content-Type", Value: "text/plain"}}, Body: []byte("OK")}
		case next != nil:
			return next(r, nc)
		}
		return nil
	}
}

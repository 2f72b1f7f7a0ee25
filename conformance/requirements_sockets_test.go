package conformance_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// Types of TLS records (RFC 8446 §5.1).
const (
	recordFirst       = 20
	recordHandshake   = 22
	recordApplication = 23
)

// patience bounds each check on sockets that goes wrong.
const patience = 10 * time.Second

func containsField(head []byte, line string) bool { return bytes.Contains(head, []byte(line+"\r\n")) }

// tapped is a transport that keeps all octets in both directions.
type tapped struct {
	net.Conn
	mu       sync.Mutex
	sent     []byte
	received []byte
}

func (c *tapped) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.sent = append(c.sent, p...)
	c.mu.Unlock()
	return c.Conn.Write(p)
}

func (c *tapped) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	c.received = append(c.received, p[:n]...)
	c.mu.Unlock()
	return n, err
}

// octets returns what was sent and received.
func (c *tapped) octets() (sent, received []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.sent), bytes.Clone(c.received)
}

// onlyRecords reports whether all octets are those of TLS records.
func onlyRecords(p []byte) error {
	for at := 0; at < len(p); {
		if len(p)-at < 5 || p[at] < recordFirst || p[at] > recordApplication || p[at+1] != 3 {
			return fmt.Errorf("no TLS record at offset %d: %.20q", at, p[at:])
		}
		at += 5 + int(p[at+3])<<8 + int(p[at+4])
	}
	return nil
}

// secured is what came of one connection over TLS.
type secured struct {
	tap        *tapped
	serverName string // as the client indicated it
	requested  bool   // the server got a request
	err        error
}

// secureEcho sends a message to a server over TLS and back. trust: the client
// knows the server's certificate.
func (f *faults) secureEcho(t *testing.T, trust bool) secured {
	cert := httptest.NewUnstartedServer(nil)
	cert.StartTLS()
	defer cert.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var s secured
	server := f.echo(l, &tls.Config{Certificates: cert.TLS.Certificates, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		mu.Lock()
		defer mu.Unlock()
		s.serverName = h.ServerName
		return nil, nil
	}}, func(*wsfsm.Request, net.Conn) *wsnet.Answer {
		mu.Lock()
		defer mu.Unlock()
		s.requested = true
		return nil
	})
	roots := x509.NewCertPool()
	if trust {
		roots.AddCert(cert.Certificate())
	}
	o := &wsnet.DialOptions{TLS: &tls.Config{RootCAs: roots}, Timeout: patience, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		nc, err := new(net.Dialer).DialContext(ctx, network, l.Addr().String())
		if err != nil {
			return nil, err
		}
		s.tap = &tapped{Conn: nc}
		if f.client != nil {
			return f.client(s.tap), nil
		}
		return s.tap, nil
	}}
	if f.dial != nil {
		f.dial(o)
	}
	s.err = talk(o)
	server.Close()
	mu.Lock()
	defer mu.Unlock()
	return s
}

// echo serves one message at a time, over TLS unless that is the fault.
func (f *faults) echo(l net.Listener, config *tls.Config, decide func(*wsfsm.Request, net.Conn) *wsnet.Answer) *wsnet.Server {
	if f.listener != nil {
		l = f.listener(l)
	}
	if !f.noTLS {
		l = tls.NewListener(l, config)
	}
	s := &wsnet.Server{Options: &wsnet.Options{Decide: decide}, Handler: func(c *wsnet.Conn) {
		for {
			kind, p, err := c.Read(context.Background())
			if err != nil || c.Write(context.Background(), kind, p) != nil {
				return
			}
		}
	}}
	go s.Serve(l)
	return s
}

// talk sends one message and waits for its echo.
func talk(o *wsnet.DialOptions) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := wsnet.Dial(ctx, "wss://example.com/", o)
	if err != nil {
		return err
	}
	defer c.CloseNow()
	if err := c.Write(ctx, wsnet.Text, []byte("hello")); err != nil {
		return err
	}
	if _, p, err := c.Read(ctx); err != nil || string(p) != "hello" {
		return fmt.Errorf("read %q, %w", p, err)
	}
	return c.Close(wsfsm.CloseNormal, "")
}

// RFC 6455 §4.1: TLS comes before anything else that the client sends.
func TestTLSComesFirst(t *testing.T) { pass(t, tlsComesFirst) }

func tlsComesFirst(t *testing.T, f *faults) error {
	s := f.secureEcho(t, true)
	if s.tap == nil {
		return s.err
	}
	if sent, _ := s.tap.octets(); len(sent) == 0 || sent[0] != recordHandshake {
		return fmt.Errorf("the client begins with %.20q", sent)
	}
	return s.err
}

// RFC 6455 §4.1, §4.2.2: both ends send all octets inside TLS.
func TestTLSHoldsAllOctets(t *testing.T) { pass(t, tlsHoldsAllOctets) }

func tlsHoldsAllOctets(t *testing.T, f *faults) error {
	s := f.secureEcho(t, true)
	if s.tap == nil {
		return s.err
	}
	sent, received := s.tap.octets()
	return errors.Join(onlyRecords(sent), onlyRecords(received), s.err)
}

// RFC 6455 §4.1: the client indicates the server's name.
func TestServerNameIsIndicated(t *testing.T) { pass(t, serverNameIsIndicated) }

func serverNameIsIndicated(t *testing.T, f *faults) error {
	if s := f.secureEcho(t, true); s.err != nil || s.serverName != "example.com" {
		return fmt.Errorf("server name %q, %w", s.serverName, s.err)
	}
	return nil
}

// RFC 6455 §4.1: if TLS fails the client sends no request.
func TestUntrustedServerFails(t *testing.T) { pass(t, untrustedServerFails) }

func untrustedServerFails(t *testing.T, f *faults) error {
	s := f.secureEcho(t, false)
	var unknown x509.UnknownAuthorityError
	if !errors.As(s.err, &unknown) || s.requested {
		return fmt.Errorf("got %w, requested %v", s.err, s.requested)
	}
	return nil
}

// RFC 6455 §10.6: clients and servers speak TLS.
func TestTLSEcho(t *testing.T) { pass(t, tlsEcho) }

func tlsEcho(t *testing.T, f *faults) error { return f.secureEcho(t, true).err }

// RFC 6455 §4.2.2: a server over TLS ends a connection that does not begin with
// TLS, and answers no request on it.
func TestTLSServerWantsTLS(t *testing.T) { pass(t, tlsServerWantsTLS) }

func tlsServerWantsTLS(t *testing.T, f *faults) error {
	cert := httptest.NewUnstartedServer(nil)
	cert.StartTLS()
	defer cert.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := f.echo(l, &tls.Config{Certificates: cert.TLS.Certificates}, nil)
	defer s.Close()
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return err
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(nc, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
		return err
	}
	got, err := io.ReadAll(nc)
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() || bytes.Contains(got, []byte("HTTP/")) {
		return fmt.Errorf("answered %q, %w", got, err)
	}
	return nil
}

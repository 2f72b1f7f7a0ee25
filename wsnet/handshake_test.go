package wsnet_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/wsnet"
)

// raw opens a plain connection to a ws URL and sends s.
func raw(t *testing.T, url, s string) net.Conn {
	t.Helper()
	nc, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(nc, s); err != nil {
		t.Fatal(err)
	}
	return nc
}

const upgrade = "GET /a HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

func TestRefusalsReachTheClientWhole(t *testing.T) {
	told := make(chan error, 10)
	url := serve(t, echo, wsnet.Options{Error: func(err error) { told <- err }})
	for request, status := range map[string]int{
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n":                  426,
		"POST / HTTP/1.1\r\nHost: h\r\n\r\n":                 405,
		"GET / HTTP/1.0\r\n\r\n":                             505,
		upgrade + "Origin: http://elsewhere\r\n\r\n":         403,
		"GET / HTTP/1.1\r\nA: " + strings.Repeat("x", 20000): 431,
		upgrade + "Content-Length: 5\r\n\r\nhello":           400,
		"nonsense\r\n\r\n":                                   400,
	} {
		nc := raw(t, url, request)
		r, err := http.ReadResponse(bufio.NewReader(nc), nil)
		if err != nil {
			t.Fatalf("%.30q: %v", request, err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != status || int64(len(body)) != r.ContentLength {
			t.Errorf("%.30q: status %d, body %q, %v; want %d", request, r.StatusCode, body, err, status)
		}
		nc.Close()
		var broken *wsfsm.Error
		if err := <-told; !errors.As(err, &broken) || broken.Status != status {
			t.Errorf("%.30q: told %v", request, err)
		}
	}
}

func TestDecide(t *testing.T) {
	url := serve(t, echo, wsnet.Options{Decide: func(r *wsfsm.Request) *wsnet.Answer {
		switch {
		case !r.WebSocket:
			return &wsnet.Answer{Status: 200, Header: []wsfsm.Field{{Name: "Content-Type", Value: "text/plain"}}, Body: []byte("page")}
		case r.Target == "/private":
			return &wsnet.Answer{Status: 401, Header: []wsfsm.Field{{Name: "WWW-Authenticate", Value: "Basic"}}}
		case r.Target == "/panic":
			panic("decide")
		}
		return &wsnet.Answer{Subprotocol: r.Subprotocols[len(r.Subprotocols)-1], Header: []wsfsm.Field{{Name: "X-A", Value: "b"}}}
	}})
	r, err := http.Get("http" + strings.TrimPrefix(url, "ws"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil || r.StatusCode != 200 || string(body) != "page" {
		t.Fatalf("%d %q %v", r.StatusCode, body, err)
	}
	_, err = wsnet.Dial(context.Background(), url+"private", nil)
	var refused *wsnet.HandshakeError
	if !errors.As(err, &refused) || refused.Response.Status != 401 || refused.Response.Header.Get("www-authenticate") != "Basic" || !errors.Is(err, states.BadStatus) {
		t.Fatalf("got %v", err)
	}
	if _, err := wsnet.Dial(context.Background(), url+"panic", nil); err == nil {
		t.Fatal("a panic accepts")
	}
	c := dial(t, url, &wsnet.DialOptions{Driver: wsfsm.Options{Subprotocols: []string{"one", "two"}}})
	if c.Subprotocol() != "two" || c.Response().Header.Get("X-A") != "b" {
		t.Fatalf("%q %v", c.Subprotocol(), c.Response())
	}
}

func TestHeadTimeout(t *testing.T) {
	told := make(chan error, 1)
	url := serve(t, echo, wsnet.Options{HeadTimeout: 50 * time.Millisecond, Error: func(err error) { told <- err }})
	nc := raw(t, url, "GET / HTTP/1.1\r\n")
	if _, err := io.ReadAll(nc); err != nil {
		t.Fatal(err)
	}
	nc.Close()
	if err := <-told; !errors.Is(err, wsnet.ErrHeadTimeout) {
		t.Fatalf("told %v", err)
	}
}

func TestDialErrorsAreToldApart(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	secret := "ws://user:s3cret@"
	short := &wsnet.DialOptions{Timeout: 50 * time.Millisecond}
	canceled, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("enough")
	cancel(cause)
	for name, check := range map[string]func() (error, bool){
		"refused": func() (error, bool) {
			_, err := wsnet.Dial(context.Background(), secret+closed.Addr().String(), nil)
			return err, errors.Is(err, syscall.ECONNREFUSED)
		},
		"timeout": func() (error, bool) {
			_, err := wsnet.Dial(context.Background(), secret+silent.Addr().String(), short)
			return err, errors.Is(err, wsnet.ErrDialTimeout) && errors.Is(err, context.DeadlineExceeded)
		},
		"cause": func() (error, bool) {
			_, err := wsnet.Dial(canceled, secret+silent.Addr().String(), nil)
			return err, errors.Is(err, cause)
		},
		"DNS": func() (error, bool) {
			_, err := wsnet.Dial(context.Background(), secret+"host.invalid", nil)
			var dns *net.DNSError
			return err, errors.As(err, &dns)
		},
		"TLS": func() (error, bool) {
			s := httptest.NewTLSServer(http.NotFoundHandler())
			defer s.Close()
			s.Config.ErrorLog = nil
			_, err := wsnet.Dial(context.Background(), "wss"+strings.TrimPrefix(s.URL, "https"), nil)
			var unknown x509.UnknownAuthorityError
			return err, errors.As(err, &unknown)
		},
		"end": func() (error, bool) {
			l, _ := net.Listen("tcp", "127.0.0.1:0")
			defer l.Close()
			go func() {
				if nc, err := l.Accept(); err == nil {
					nc.Close()
				}
			}()
			_, err := wsnet.Dial(context.Background(), secret+l.Addr().String(), nil)
			return err, errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
		},
	} {
		if err, ok := check(); !ok || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAcceptUnderNetHTTP(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := wsnet.Accept(w, r, nil)
		if err == nil {
			go echo(c) // the handler returns while the connection lives
		}
	}))
	defer s.Close()
	c := dial(t, "ws"+strings.TrimPrefix(s.URL, "http")+"/a?b", nil)
	for range 3 {
		if err := c.Write(context.Background(), wsnet.Text, []byte("hello")); err != nil {
			t.Fatal(err)
		}
		if _, p, err := c.Read(within(t, 5*time.Second)); err != nil || string(p) != "hello" {
			t.Fatalf("%q %v", p, err)
		}
	}
	if err := c.Close(wsfsm.CloseNormal, ""); err != nil {
		t.Fatal(err)
	}
	r, err := http.Get(s.URL)
	if err != nil || r.StatusCode != 426 || r.Header.Get("Sec-WebSocket-Version") != "13" {
		t.Fatalf("%v %v", r, err)
	}
	r.Body.Close()
}

func TestAcceptFeedsWhatIsBuffered(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := wsnet.Accept(w, r, nil); err == nil {
			echo(c)
		}
	}))
	defer s.Close()
	frame := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: 1, Masked: true}, []byte("early"))
	nc := raw(t, "ws"+strings.TrimPrefix(s.URL, "http"), upgrade+"\r\n"+string(frame))
	br := bufio.NewReader(nc)
	if r, err := http.ReadResponse(br, nil); err != nil || r.StatusCode != 101 {
		t.Fatal(r, err)
	}
	got := make([]byte, 7)
	if _, err := io.ReadFull(br, got); err != nil || string(got) != "\x81\x05early" {
		t.Fatalf("%q %v", got, err)
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	url := serveOn(t, func() (net.Listener, error) {
		return tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: s.TLS.Certificates})
	})
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c := dial(t, "wss"+strings.TrimPrefix(url, "ws"), &wsnet.DialOptions{TLS: &tls.Config{RootCAs: roots, ServerName: "example.com"}})
	if _, ok := c.NetConn().(*tls.Conn); !ok {
		t.Fatalf("the transport is a %T", c.NetConn())
	}
	large := make([]byte, 3<<20)
	if err := c.Write(context.Background(), wsnet.Binary, large); err != nil {
		t.Fatal(err)
	}
	if _, p, err := c.Read(within(t, 10*time.Second)); err != nil || len(p) != len(large) {
		t.Fatalf("%d octets, %v", len(p), err)
	}
	if err := c.Close(wsfsm.CloseNormal, ""); err != nil {
		t.Fatal(err)
	}
}

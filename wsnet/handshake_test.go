package wsnet_test

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log"
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

func TestRefusalsReachTheClientWhole(t *testing.T) {
	told := make(chan error, 10)
	url := serve(t, echo, &wsnet.Options{Error: func(err error) { told <- err }})
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
	told := make(chan error, 10)
	url := serve(t, echo, &wsnet.Options{Decide: func(r *wsfsm.Request, _ net.Conn) *wsnet.Answer {
		switch {
		case !r.WebSocket:
			return &wsnet.Answer{Status: 200, Header: []wsfsm.Field{{Name: "Content-Type", Value: "text/plain"}}, Body: []byte("page")}
		case r.Target == "/private":
			return &wsnet.Answer{Status: 401, Header: []wsfsm.Field{{Name: "WWW-Authenticate", Value: "Basic"}}}
		case r.Target == "/panic":
			panic("decide")
		}
		return &wsnet.Answer{Subprotocol: r.Subprotocols[len(r.Subprotocols)-1], Header: []wsfsm.Field{{Name: "X-A", Value: "b"}}}
	}, Error: func(err error) { told <- err }})
	r, err := http.Get("http" + strings.TrimPrefix(url, "ws"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil || r.StatusCode != 200 || string(body) != "page" {
		t.Fatalf("%d %q %v", r.StatusCode, body, err)
	}
	_, err = wsnet.Dial(background, url+"private", nil)
	var refused *wsnet.OpenError
	if !errors.As(err, &refused) || refused.Response.Status != 401 || refused.Response.Header.Get("www-authenticate") != "Basic" || !errors.Is(err, states.BadStatus) {
		t.Fatalf("got %v", err)
	}
	if _, err := wsnet.Dial(background, url+"panic", nil); !errors.As(err, &refused) || refused.Response.Status != 500 {
		t.Fatalf("a panic: %v", err)
	}
	var panicked *wsnet.PanicError
	if err := <-told; !errors.As(err, &panicked) || panicked.Value != "decide" {
		t.Fatalf("told %v", err)
	}
	c := dial(t, url, &wsnet.DialOptions{Driver: wsfsm.Options{Subprotocols: []string{"one", "two"}}})
	if c.Subprotocol() != "two" || c.Response().Header.Get("X-A") != "b" {
		t.Fatalf("%q %v", c.Subprotocol(), c.Response())
	}
}

func TestHeadTimeout(t *testing.T) {
	told := make(chan error, 1)
	url := serve(t, echo, &wsnet.Options{HeadTimeout: 50 * time.Millisecond, Error: func(err error) { told <- err }})
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
	canceled, cancel := context.WithCancelCause(background)
	cause := errors.New("enough")
	cancel(cause)
	for name, check := range map[string]func() (error, bool){
		"refused": func() (error, bool) {
			_, err := wsnet.Dial(background, secret+closed.Addr().String(), nil)
			return err, errors.Is(err, syscall.ECONNREFUSED)
		},
		"timeout": func() (error, bool) {
			_, err := wsnet.Dial(background, secret+silent.Addr().String(), short)
			return err, errors.Is(err, wsnet.ErrDialTimeout) && errors.Is(err, context.DeadlineExceeded)
		},
		"cause": func() (error, bool) {
			_, err := wsnet.Dial(canceled, secret+silent.Addr().String(), nil)
			return err, errors.Is(err, cause)
		},
		"DNS": func() (error, bool) {
			_, err := wsnet.Dial(background, secret+"host.invalid", nil)
			var dns *net.DNSError
			return err, errors.As(err, &dns)
		},
		"TLS": func() (error, bool) {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = log.New(io.Discard, "", 0) // the client hangs up
			s.StartTLS()
			defer s.Close()
			_, err := wsnet.Dial(background, "wss"+strings.TrimPrefix(s.URL, "https"), nil)
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
			_, err := wsnet.Dial(background, secret+l.Addr().String(), nil)
			return err, errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
		},
	} {
		if err, ok := check(); !ok || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

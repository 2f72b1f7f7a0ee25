package websocket_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

const upgrade = "GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	p, err := io.ReadAll(r)
	must(t, err)
	return string(p)
}

func TestCloseRules(t *testing.T) {
	url := serve(t, echo, nil)
	s, err := websocket.New(url, nil)
	must(t, err)
	for code := range 6000 {
		allowed := code == 0 || code == 1000 || code >= 3000 && code <= 4999
		if allowed {
			continue
		}
		if err := s.Close(wsfsm.CloseCode(code), ""); err != websocket.ErrInvalidAccess {
			t.Fatalf("%d: %v", code, err)
		}
	}
	for _, reason := range []string{strings.Repeat("x", 124), "\xff"} {
		if err := s.Close(1000, reason); err != websocket.ErrSyntax {
			t.Errorf("%q: %v", reason, err)
		}
	}
	if s.ReadyState() > websocket.Open {
		t.Fatalf("a refused Close has made it %v", s.ReadyState())
	}
	for _, test := range []struct {
		code   wsfsm.CloseCode
		reason string
		want   string
	}{
		{0, "", "close 1005  true closed"},
		{0, "reason", "close 1000 reason true closed"},
		{1000, "", "close 1000  true closed"},
		{3000, "", "close 3000  true closed"},
		{4999, strings.Repeat("x", 123), "close 4999 " + strings.Repeat("x", 123) + " true closed"},
	} {
		s, err := websocket.New(url, nil)
		must(t, err)
		var r record
		wait(t, r.listen(s, func() { must(t, s.Close(test.code, test.reason)) }))
		r.want(t, "open", test.want)
	}
	must(t, s.Close(0, ""))
	wait(t, s.Done())
}

func TestCloseBeforeOpen(t *testing.T) {
	l, url := listen(t) // accepts, but does not answer
	defer l.Close()
	s, err := websocket.New(url, nil)
	must(t, err)
	if s.ReadyState() != websocket.Connecting || s.Send("x") != websocket.ErrInvalidState || s.Ping(context.Background(), nil) != websocket.ErrInvalidState {
		t.Errorf("state %v", s.ReadyState())
	}
	if s.Conn() != nil || s.Protocol() != "" || s.Extensions() != "" || s.Version() != "" || s.Request() != nil || s.RemoteAddr() != nil || s.Origin() != "" {
		t.Error("something is known already")
	}
	must(t, s.Close(1000, ""))
	var r record
	wait(t, r.listen(s))
	r.want(t, "error "+websocket.ErrAborted.Error(), "close 1006  false closed")
}

func TestCausesOfFailure(t *testing.T) {
	closed, closedURL := listen(t)
	must(t, closed.Close())
	refusing := raw(t, &wsnet.Options{Decide: func(*wsfsm.Request, net.Conn) *wsnet.Answer { return &wsnet.Answer{Status: 403} }}, nil2)
	secure := httptest.NewTLSServer(nil)
	secure.Config.ErrorLog = quiet()
	defer secure.Close()
	for name, test := range map[string]struct {
		url   string
		cause func(error) bool
	}{
		"refused by TCP": {closedURL, func(err error) bool {
			var e *wsnet.OpenError
			return errors.As(err, &e) && e.Stage == wsnet.StageConnect
		}},
		"refused by status": {refusing, func(err error) bool {
			var e *wsnet.OpenError
			return errors.As(err, &e) && e.Response.Status == 403 && errors.Is(err, states.BadStatus)
		}},
		"unknown certificate": {"wss" + strings.TrimPrefix(secure.URL, "https"), func(err error) bool {
			var e *tls.CertificateVerificationError
			return errors.As(err, &e)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := websocket.New(test.url, nil)
			must(t, err)
			errs := make(chan error, 2)
			var r record
			s.OnError(func(e websocket.Event) { errs <- e.Err })
			done := make(chan struct{})
			s.OnClose(func(e websocket.Event) { r.note("close %d %t", e.Code, e.WasClean); close(done) })
			wait(t, done)
			if err := <-errs; !test.cause(err) || len(errs) > 0 {
				t.Errorf("got %v", err)
			}
			r.want(t, "close 1006 false")
		})
	}
}

func nil2(*wsnet.Conn) {}

func TestPeerFails(t *testing.T) {
	url := raw(t, nil, func(c *wsnet.Conn) { _ = c.CloseNow() })
	s, err := websocket.New(url, nil)
	must(t, err)
	var r record
	wait(t, r.listen(s))
	r.want(t, "open", "error wsnet: connection closed with code 1006: wsfsm: unexpected end of stream", "close 1006  false closed")
}

func TestNoErrorBehindClose(t *testing.T) {
	url := raw(t, nil, func(c *wsnet.Conn) {
		_, _, _ = c.Read(context.Background())
		_ = c.CloseNow()
	})
	s, err := websocket.New(url, nil)
	must(t, err)
	var r record
	wait(t, r.listen(s, func() {
		must(t, s.Send("hang up"))
		must(t, s.Close(1000, ""))
	}))
	r.want(t, "open", "close 1006  false closed")
}

func TestNoGoroutineStays(t *testing.T) {
	before := runtime.NumGoroutine()
	l, url := listen(t)
	server := websocket.NewServer(func(s *websocket.Socket) {
		must(t, s.Send("never listened to"))
	}, &websocket.ServerOptions{Socket: &websocket.Options{PingInterval: time.Hour}})
	go server.Serve(l)
	for i := range 20 {
		s, err := websocket.New(url, &websocket.Options{PingInterval: time.Hour})
		must(t, err)
		switch i % 3 {
		case 0:
			open := make(chan struct{})
			s.OnOpen(func(websocket.Event) { close(open) })
			wait(t, open)
		case 1:
			eventually(t, "open", func() bool { return s.ReadyState() == websocket.Open })
		}
		must(t, s.Close(1000, ""))
		wait(t, s.Done())
	}
	must(t, server.Shutdown(context.Background()))
	eventually(t, "all goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
}

func asOpenError(t *testing.T, err error) *wsnet.OpenError {
	t.Helper()
	var refused *wsnet.OpenError
	if !errors.As(err, &refused) {
		t.Fatalf("not an OpenError: %v", err)
	}
	return refused
}

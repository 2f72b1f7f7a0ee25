package wsnet_test

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// Every version opens, echoes and closes, on a server's sockets and on those of
// net/http.
func TestAllVersions(t *testing.T) {
	for _, p := range wsfsm.Protocols() {
		t.Run(p.Name, func(t *testing.T) {
			versions := wsfsm.Options{Versions: []string{p.Name}}
			url := serve(t, echo, &wsnet.Options{Driver: versions})
			talk(t, p, dial(t, url, &wsnet.DialOptions{Driver: versions}))
			o := &wsnet.Options{Driver: versions}
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c, err := wsnet.Accept(w, r, o)
				if err != nil {
					t.Error(err)
					return
				}
				echo(c)
			}))
			defer s.Close()
			talk(t, p, dial(t, "ws"+strings.TrimPrefix(s.URL, "http"), &wsnet.DialOptions{Driver: versions}))
		})
	}
}

// talk sends what a version can, and closes.
func talk(t *testing.T, p *wsfsm.Protocol, c *wsnet.Conn) {
	t.Helper()
	if c.Version() != p.Name {
		t.Fatalf("the version is %s", c.Version())
	}
	for _, text := range []string{"hello", "", strings.Repeat("€", 40000)} {
		written := make(chan error, 1)
		go func() { written <- c.Write(soon(t), wsnet.Text, []byte(text)) }()
		if got := read(t, c); got != text {
			t.Fatalf("%d octets came back as %d", len(text), len(got))
		}
		if err := <-written; err != nil {
			t.Fatal(err)
		}
	}
	err := c.Write(soon(t), wsnet.Binary, []byte{0xFF})
	if p.HasBinary() {
		if got := read(t, c); err != nil || got != "\xff" {
			t.Fatalf("%q, %v", got, err)
		}
	} else if !errors.Is(err, wsfsm.ErrUnsupported) {
		t.Fatalf("got %v", err)
	}
	if err := c.Ping(soon(t), []byte("?")); p.HasPings() && err != nil || !p.HasPings() && !errors.Is(err, wsfsm.ErrUnsupported) {
		t.Fatalf("ping: %v", err)
	}
	err = c.Close(wsfsm.CloseNormal, "")
	var end *wsnet.CloseError
	if p.HasClose() && err != nil || !p.HasClose() && err != nil && !errors.As(err, &end) {
		t.Fatalf("close: %v", err)
	}
}

// splitting sends what comes behind the head of a request late, or never.
type splitting struct {
	net.Conn
	never bool
}

func (s *splitting) Write(p []byte) (int, error) {
	head := bytes.Index(p, []byte("\r\n\r\n")) + 4
	if head < 4 {
		return s.Conn.Write(p)
	}
	if _, err := s.Conn.Write(p[:head]); err != nil || s.never {
		return len(p), err
	}
	time.Sleep(30 * time.Millisecond)
	n, err := s.Conn.Write(p[head:])
	return head + n, err
}

// The eight octets behind a request of hixie-76 may come later than it.
func TestAcceptWaitsForTheChallenge(t *testing.T) {
	versions := wsfsm.Options{Versions: []string{"hixie-76"}}
	o := &wsnet.Options{Driver: versions, HeadTimeout: 200 * time.Millisecond}
	failed := make(chan error, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := wsnet.Accept(w, r, o)
		if err != nil {
			failed <- err
			return
		}
		echo(c)
	}))
	defer s.Close()
	connect := func(never bool) *wsnet.DialOptions {
		nc, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return &wsnet.DialOptions{Driver: versions, Conn: &splitting{nc, never}}
	}
	url := "ws" + strings.TrimPrefix(s.URL, "http")
	talk(t, wsfsm.Protocols()[1], dial(t, url, connect(false)))
	if _, err := wsnet.Dial(soon(t), url, connect(true)); err == nil {
		t.Fatal("a connection without challenge is open")
	}
	if err := <-failed; !errors.Is(err, wsnet.ErrHeadTimeout) {
		t.Fatalf("got %v", err)
	}
}

package wsnet_test

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

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
		if err := c.Write(background, wsnet.Text, []byte("hello")); err != nil {
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
	if err != nil || r.StatusCode != 426 || r.Header.Get("Sec-WebSocket-Version") != "13, 8, 7" {
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

// accepting serves each request with Accept and an echo.
func accepting(t *testing.T, o *wsnet.Options, prepare func(http.Header)) string {
	t.Helper()
	noLeaks(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		prepare(w.Header())
		c, err := wsnet.Accept(w, r, o)
		if err != nil {
			var failed *wsnet.OpenError
			if !errors.As(err, &failed) || failed.Stage != wsnet.StageHandshake {
				t.Errorf("got %v", err)
			}
			return
		}
		echo(c)
		c.CloseNow()
	}))
	t.Cleanup(func() { s.Close(); http.DefaultClient.CloseIdleConnections() })
	return "ws" + strings.TrimPrefix(s.URL, "http") + "/"
}

// What the handler has set goes with the response, but for what concerns the
// connection, and chooses the subprotocol.
func TestAcceptSendsTheHandlersHeader(t *testing.T) {
	url := accepting(t, &wsnet.Options{Driver: wsfsm.Options{Header: []wsfsm.Field{{Name: "X-Both", Value: "1"}}}}, func(h http.Header) {
		h.Set("Set-Cookie", "a=b")
		h.Add("Set-Cookie", "c=d")
		h.Set("Connection", "close")
		h.Set("Content-Length", "7")
		h.Set("Sec-WebSocket-Protocol", "two")
	})
	c := dial(t, url, &wsnet.DialOptions{Driver: wsfsm.Options{Subprotocols: []string{"one", "two"}}})
	got := ""
	for _, f := range c.Response().Header {
		if f.Name == "Set-Cookie" || f.Name == "X-Both" || f.Name == "Connection" || f.Name == "Content-Length" {
			got += f.Name + ": " + f.Value + "\n"
		}
	}
	if got != "Connection: Upgrade\nX-Both: 1\nSet-Cookie: a=b\nSet-Cookie: c=d\n" || c.Subprotocol() != "two" {
		t.Fatalf("got %q, subprotocol %q", got, c.Subprotocol())
	}
	write(t, c, "hello")
	if got := read(t, c); got != "hello" {
		t.Fatalf("got %q", got)
	}
	if err := c.Close(wsfsm.CloseNormal, ""); err != nil {
		t.Fatal(err)
	}
	var failed *wsnet.OpenError
	if _, err := wsnet.Dial(soon(t), url, nil); !errors.As(err, &failed) || failed.Response.Status != 500 {
		t.Fatalf("a subprotocol that is not offered: %v", err)
	}
}

// What breaks a rule is answered as on raw sockets.
func TestAcceptRefuses(t *testing.T) {
	url := accepting(t, nil, func(http.Header) {})
	for request, status := range map[string]int{
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n":                                426,
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n":          405,
		upgrade + "Origin: http://elsewhere\r\n\r\n":                       403,
		upgrade + "Content-Length: 5\r\n\r\nhello":                         400,
		upgrade + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n":  400,
		strings.Replace(upgrade, "Version: 13", "Version: 12", 1) + "\r\n": 426,
	} {
		nc := raw(t, url, request)
		r, err := http.ReadResponse(bufio.NewReader(nc), nil)
		if err != nil {
			t.Fatalf("%.30q: %v", request, err)
		}
		if body, err := io.ReadAll(r.Body); err != nil || r.StatusCode != status || int64(len(body)) != r.ContentLength {
			t.Errorf("%.30q: status %d, body %q, %v; want %d", request, r.StatusCode, body, err, status)
		}
		nc.Close()
	}
}

func TestAcceptRefusesHTTP2(t *testing.T) {
	refused := make(chan error, 1)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := wsnet.Accept(w, r, nil)
		refused <- err
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	r, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if err := <-refused; r.StatusCode != 505 || r.ProtoMajor != 2 || !errors.Is(err, wsnet.ErrHTTPVersion) {
		t.Fatalf("%v, %v", r, err)
	}
}

func TestAcceptWithWrongOptions(t *testing.T) {
	url := accepting(t, &wsnet.Options{Driver: wsfsm.Options{Versions: []string{"99"}}}, func(http.Header) {})
	var failed *wsnet.OpenError
	if _, err := wsnet.Dial(soon(t), url, nil); !errors.As(err, &failed) || failed.Response.Status != 500 {
		t.Fatalf("got %v", err)
	}
}

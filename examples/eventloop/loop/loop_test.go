//go:build linux || darwin || netbsd || freebsd || openbsd || dragonfly

package loop_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/examples/eventloop/loop"
	"github.com/wsfsm/wsfsm/wsnet"
)

// serve starts a server on loopback and returns its address.
func serve(t testing.TB, o loop.Options) string {
	t.Helper()
	o.Addr = "127.0.0.1:0"
	s, err := loop.Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Error(err)
		}
	})
	return s.Addr()
}

func echo(c *loop.Conn, e wsfsm.Event) { _ = c.Send(e.Message, e.Data) }

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

var sizes = []int{0, 1, 125, 126, 4096, 65535, 65536, 1 << 20}

func TestEchoForWsnet(t *testing.T) {
	ends := make(chan wsfsm.Event, 1)
	addr := serve(t, loop.Options{Message: echo, MaxQueue: 4 << 20, Closed: func(_ *loop.Conn, e wsfsm.Event, err error) {
		if err != nil {
			t.Error(err)
		}
		ends <- e.Clone()
	}})
	c, err := wsnet.Dial(soon(t), "ws://"+addr+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range sizes {
		want := bytes.Repeat([]byte("x"), n)
		if err := c.Write(soon(t), wsnet.Text, want); err != nil {
			t.Fatal(err)
		}
		if kind, p, err := c.Read(soon(t)); err != nil || kind != wsnet.Text || !bytes.Equal(p, want) {
			t.Fatalf("%d octets: %v, %d octets, %v", n, kind, len(p), err)
		}
	}
	if err := c.Ping(soon(t), []byte("?")); err != nil {
		t.Error(err)
	}
	if err := c.Close(3001, "bye"); err != nil {
		t.Error(err)
	}
	if e := <-ends; !e.Clean() || e.Code() != 3001 || string(e.Data) != "bye" {
		t.Errorf("the server saw %d %q", e.Code(), e.Data)
	}
}

func TestEchoForGorilla(t *testing.T) {
	addr := serve(t, loop.Options{Message: echo, MaxQueue: 4 << 20})
	c, _, err := websocket.DefaultDialer.DialContext(soon(t), "ws://"+addr+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, n := range sizes {
		want := bytes.Repeat([]byte{0xff}, n)
		if err := c.WriteMessage(websocket.BinaryMessage, want); err != nil {
			t.Fatal(err)
		}
		if kind, p, err := c.ReadMessage(); err != nil || kind != websocket.BinaryMessage || !bytes.Equal(p, want) {
			t.Fatalf("%d octets: %v, %d octets, %v", n, kind, len(p), err)
		}
	}
	if err := c.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, "")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Error(err)
	}
	if _, err := c.NetConn().Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the server ends the transport with %v", err)
	}
}

// TestManyAtOnce: connections do not mix, whatever loop serves them.
func TestManyAtOnce(t *testing.T) {
	addr := serve(t, loop.Options{Message: echo})
	var clients sync.WaitGroup
	for i := range 50 {
		clients.Go(func() {
			c, err := wsnet.Dial(soon(t), "ws://"+addr+"/", nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.CloseNow()
			for n := range 50 {
				want := fmt.Sprint(i, " ", n)
				if err := c.Write(soon(t), wsnet.Text, []byte(want)); err != nil {
					t.Error(err)
					return
				}
				if _, p, err := c.Read(soon(t)); err != nil || string(p) != want {
					t.Errorf("%q, %v; want %q", p, err, want)
					return
				}
			}
		})
	}
	clients.Wait()
}

// TestServerCloses: the server closes by itself, from another goroutine.
func TestServerCloses(t *testing.T) {
	addr := serve(t, loop.Options{Message: echo, Open: func(c *loop.Conn) {
		go func() {
			if err := errors.Join(c.Send(wsfsm.Text, []byte("from "+c.RemoteAddr().String()+c.Request().Target)), c.Close(1001, "later")); err != nil {
				t.Error(err)
			}
		}()
	}})
	c, err := wsnet.Dial(soon(t), "ws://"+addr+"/a", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, p, err := c.Read(soon(t)); err != nil || string(p) != "from "+c.LocalAddr().String()+"/a" {
		t.Errorf("%q, %v", p, err)
	}
	var end *wsnet.CloseError
	if _, _, err := c.Read(soon(t)); !errors.As(err, &end) || end.Code != 1001 || end.Reason != "later" || !end.Clean {
		t.Error(err)
	}
}

// TestBrokenRules: the driver's answers go out, and the transport ends behind
// them.
func TestBrokenRules(t *testing.T) {
	causes := make(chan error, 1)
	addr := serve(t, loop.Options{Message: echo, Closed: func(_ *loop.Conn, _ wsfsm.Event, err error) { causes <- err }})
	for name, c := range map[string]struct{ sent, want string }{
		"no request": {"nonsense\r\n\r\n", "HTTP/1.1 400 "},
		"not masked": {upgrade + "\x81\x00", "\r\n\r\n\x88\x02\x03\xea"},
		"closed":     {upgrade + "\x88\x80\x00\x00\x00\x00", "\r\n\r\n\x88\x00"},
	} {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(nc, c.sent); err != nil {
			t.Fatal(err)
		}
		nc.SetReadDeadline(time.Now().Add(5 * time.Second))
		got, err := io.ReadAll(nc)
		nc.Close() // the server waits for that
		if err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 ") || !strings.Contains(string(got), c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if name != "no request" {
			if err := <-causes; (err == nil) != (name == "closed") {
				t.Errorf("%s: closed with %v", name, err)
			}
		}
	}
}

const upgrade = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// TestPatience: who does not finish a handshake is cut off.
func TestPatience(t *testing.T) {
	addr := serve(t, loop.Options{Message: echo, Patience: 50 * time.Millisecond, Open: func(c *loop.Conn) {
		if err := c.Close(1000, ""); err != nil {
			t.Error(err)
		}
	}})
	for _, sent := range []string{"GET / HTTP/1.1\r\n", upgrade} {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		if _, err := io.WriteString(nc, sent); err != nil {
			t.Fatal(err)
		}
		nc.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := io.ReadAll(nc); err != nil {
			t.Errorf("%.10q: %v", sent, err)
		}
	}
}

// TestSlowPeer: the queue of a peer that does not read is bounded.
func TestSlowPeer(t *testing.T) {
	ended := make(chan error, 1)
	addr := serve(t, loop.Options{Message: echo, MaxQueue: 1 << 20,
		Open: func(c *loop.Conn) {
			go func() {
				for c.Send(wsfsm.Binary, make([]byte, 64<<10)) == nil {
				}
			}()
		},
		Closed: func(_ *loop.Conn, _ wsfsm.Event, err error) { ended <- err },
	})
	c, r, err := websocket.DefaultDialer.DialContext(soon(t), "ws://"+addr+"/", http.Header{})
	if err != nil {
		t.Fatal(r, err)
	}
	defer c.Close()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the end has no cause")
		}
	case <-time.After(20 * time.Second):
		t.Error("the peer is not cut off")
	}
}

package wsnet_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

var background = context.Background()

func within(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(background, d)
	t.Cleanup(cancel)
	return ctx
}

// soon bounds what must not take long.
func soon(t testing.TB) context.Context { return within(t, 10*time.Second) }

// noLeaks fails the test if it leaves goroutines behind. It must be called
// before anything is started.
func noLeaks(t testing.TB) {
	t.Helper()
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				stacks := make([]byte, 1<<20)
				t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
			}
		}
	})
}

// listen returns a listener on loopback.
func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// serve starts a server on loopback and returns its URL. At the end of the test
// it is shut down, and no goroutine of the test may be left.
func serve(t testing.TB, handler func(*wsnet.Conn), o *wsnet.Options) string {
	t.Helper()
	return serveOn(t, listen(t), &wsnet.Server{Handler: handler, Options: o})
}

// serveOn is serve with a listener and a server of one's own.
func serveOn(t testing.TB, l net.Listener, s *wsnet.Server) string {
	t.Helper()
	noLeaks(t)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(background, 5*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-served; err != wsnet.ErrServerClosed {
			t.Errorf("Serve: %v", err)
		}
	})
	return "ws://" + l.Addr().String() + "/"
}

func dial(t testing.TB, url string, o *wsnet.DialOptions) *wsnet.Conn {
	t.Helper()
	c, err := wsnet.Dial(soon(t), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.CloseNow() })
	return c
}

// echo answers each message until the end.
func echo(c *wsnet.Conn) {
	for {
		kind, p, err := c.Read(background)
		if err != nil {
			return
		}
		if err := c.Write(background, kind, p); err != nil {
			return
		}
	}
}

// reusingEcho answers without allocating.
func reusingEcho(c *wsnet.Conn) {
	var buf []byte
	for {
		kind, p, err := c.AppendMessage(background, buf[:0])
		if err != nil || c.Write(background, kind, p) != nil {
			return
		}
		buf = p
	}
}

// wait serves a connection by doing nothing until it ends.
func wait(c *wsnet.Conn) { <-c.Context().Done() }

// read reads a message that must come soon.
func read(t testing.TB, c *wsnet.Conn) string {
	t.Helper()
	_, p, err := c.Read(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	return string(p)
}

func write(t testing.TB, c *wsnet.Conn, text string) {
	t.Helper()
	if err := c.Write(soon(t), wsnet.Text, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

// raw opens a plain connection to a ws URL and sends s.
func raw(t testing.TB, url, s string) net.Conn {
	t.Helper()
	nc, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(nc, s); err != nil {
		t.Fatal(err)
	}
	return nc
}

const upgrade = "GET /a HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

// rawOpen opens a connection by hand and returns it behind the response.
func rawOpen(t testing.TB, url string) (net.Conn, *bufio.Reader) {
	t.Helper()
	nc := raw(t, url, upgrade+"\r\n")
	br := bufio.NewReader(nc)
	if r, err := http.ReadResponse(br, nil); err != nil || r.StatusCode != 101 {
		t.Fatal(r, err)
	}
	return nc, br
}

// masked returns a final frame as a client sends it.
func masked(opcode byte, p string) []byte {
	return wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: opcode, Masked: true, Key: [4]byte{1, 2, 3, 4}}, []byte(p))
}

// plain returns a final frame as a server sends it.
func plain(opcode byte, p string) []byte {
	return wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: opcode}, []byte(p))
}

// Opcodes (RFC 6455 section 11.8).
const (
	opText   = 1
	opBinary = 2
	opClose  = 8
	opPing   = 9
	opPong   = 10
)

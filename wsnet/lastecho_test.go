package wsnet_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// exchange sends n messages and a close frame in one segment, and expects all
// answers, then the close frame, then the end of the stream.
func exchange(t *testing.T, nc net.Conn, r io.Reader, n int) {
	t.Helper()
	var out, want []byte
	for i := range n {
		p := strings.Repeat(string(rune('a'+i%26)), 1+i%200)
		out = append(out, masked(opText, p)...)
		want = append(want, plain(opText, p)...)
	}
	out = append(out, masked(opClose, "\x03\xe8bye")...)
	want = append(want, plain(opClose, "\x03\xe8bye")...)
	if _, err := nc.Write(out); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		t.Fatalf("%d octets that differ from offset %d on, want %d; %v", len(got), at, len(want), err)
	}
}

// slowEcho answers when a close frame behind the message would long have been
// answered if anybody looked at it.
func slowEcho(c *wsnet.Conn) {
	for {
		kind, p, err := c.Read(background)
		if err != nil {
			return
		}
		time.Sleep(120 * time.Millisecond)
		if err := c.Write(background, kind, p); err != nil {
			return
		}
	}
}

// cancellableEcho answers with a context that can end.
func cancellableEcho(c *wsnet.Conn) {
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	for {
		kind, p, err := c.Read(ctx)
		if err != nil || c.Write(ctx, kind, p) != nil {
			return
		}
	}
}

// streamingEcho answers through a MessageReader and a MessageWriter.
func streamingEcho(c *wsnet.Conn) {
	for {
		kind, r, err := c.Reader(background)
		if err != nil {
			return
		}
		p, err := io.ReadAll(r)
		if err != nil || c.Write(background, kind, p) != nil {
			return
		}
	}
}

// A close frame right behind a message is answered behind the answer to that.
func TestCloseFrameDoesNotOvertakeEchoes(t *testing.T) {
	for name, handler := range map[string]func(*wsnet.Conn){"echo": echo, "cancellable": cancellableEcho, "streaming": streamingEcho} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, handler, nil)
			for _, n := range []int{1, 2, 100, 1000} {
				nc, br := rawOpen(t, url)
				exchange(t, nc, br, n)
				nc.Close()
			}
		})
	}
	t.Run("slow", func(t *testing.T) {
		nc, br := rawOpen(t, serve(t, slowEcho, nil))
		exchange(t, nc, br, 3)
	})
	t.Run("wrapped", func(t *testing.T) {
		nc, br := rawOpen(t, serveOn(t, wrappingListener{listen(t), func(nc net.Conn) net.Conn { return wrapped{nc} }}, &wsnet.Server{Handler: echo}))
		exchange(t, nc, br, 100)
	})
	t.Run("TLS", func(t *testing.T) {
		server, client := certificate(t)
		l := listen(t)
		serveOn(t, tls.NewListener(l, server), &wsnet.Server{Handler: echo})
		nc, err := tls.Dial("tcp", l.Addr().String(), client)
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		if _, err := io.WriteString(nc, upgrade+"\r\n"); err != nil {
			t.Fatal(err)
		}
		skipHead(t, nc)
		exchange(t, nc, nc, 100)
	})
}

// skipHead reads a response octet by octet, so that nothing behind it is read.
func skipHead(t testing.TB, r io.Reader) {
	t.Helper()
	var head []byte
	for b := make([]byte, 1); !bytes.HasSuffix(head, []byte("\r\n\r\n")); head = append(head, b...) {
		if _, err := io.ReadFull(r, b); err != nil {
			t.Fatalf("%v behind %q", err, head)
		}
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) {
		t.Fatalf("got %q", head)
	}
}

// Pings and close frames are answered although nobody reads: at once if nobody
// has, and also behind a message that somebody has taken and does not answer.
func TestControlFramesAreAnsweredWithoutReader(t *testing.T) {
	url := serve(t, func(c *wsnet.Conn) {
		if c.Request().Target == "/once" {
			c.Read(background)
		}
		wait(c)
	}, nil)
	for _, target := range []string{"", "once"} {
		c := dial(t, url+target, nil)
		if target == "once" {
			write(t, c, "taken")
		}
		if err := c.Ping(soon(t), []byte("there?")); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(wsfsm.CloseNormal, ""); err != nil {
			t.Fatal(err)
		}
	}
}

// What is not read is not taken from the transport: the peer is slowed down.
func TestUnreadMessagesHoldThePeer(t *testing.T) {
	release := make(chan struct{})
	url := serve(t, func(c *wsnet.Conn) { <-release; echo(c) }, nil)
	c := dial(t, url, nil)
	block := make([]byte, 1<<20)
	sent := 0
	for ; sent < 200; sent++ {
		if err := c.Write(within(t, 300*time.Millisecond), wsnet.Binary, block); err != nil {
			break
		}
	}
	if sent == 200 {
		t.Fatal("200 MiB were taken although nobody reads")
	}
	close(release)
	for range sent {
		if _, p, err := c.Read(soon(t)); err != nil || len(p) != len(block) {
			t.Fatalf("%d octets, %v", len(p), err)
		}
	}
}

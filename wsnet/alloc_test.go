//go:build !race

package wsnet_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// TestEchoAllocates counts what the server allocates for what comes and goes back
// together; the client is a bare socket.
func TestEchoAllocates(t *testing.T) {
	const short = "0123456789abcdef"
	fragments := slices.Concat(
		wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: opText, Masked: true}, []byte("01234567")),
		wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Masked: true}, []byte("89abc")),
		wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Masked: true}, []byte("def")))
	for name, c := range map[string]struct {
		handler func(*wsnet.Conn)
		out, in []byte
		want    float64
	}{
		"Read":                        {echo, masked(opBinary, short), plain(opBinary, short), 1},
		"AppendMessage":               {reusingEcho, masked(opBinary, short), plain(opBinary, short), 0},
		"AppendMessage, text":         {reusingEcho, masked(opText, short), plain(opText, short), 0},
		"AppendMessage, many at once": {reusingEcho, bytes.Repeat(masked(opBinary, short), 16), bytes.Repeat(plain(opBinary, short), 16), 0},
		"AppendMessage, 64 KiB":       {reusingEcho, masked(opBinary, strings.Repeat(short, 1<<12)), plain(opBinary, strings.Repeat(short, 1<<12)), 0},
		"fragments":                   {reusingEcho, fragments, plain(opText, short), 0},
		"pings":                       {reusingEcho, masked(opPing, short), plain(opPong, short), 0},
		"ping inside a message": {reusingEcho,
			slices.Concat(fragments[:14], masked(opPing, ""), fragments[14:]), slices.Concat(plain(opPong, ""), plain(opText, short)), 0},
		"Read, many at once":          {echo, bytes.Repeat(masked(opBinary, short), 16), bytes.Repeat(plain(opBinary, short), 16), 16},
		"Read, context that can end":  {cancellableEcho, masked(opBinary, short), plain(opBinary, short), 4},
		"Write, context that can end": {cancellableWriter, masked(opBinary, short), plain(opBinary, short), 0},
	} {
		t.Run(name, func(t *testing.T) {
			nc, br := rawOpen(t, serve(t, c.handler, nil))
			in := make([]byte, len(c.in))
			round := func() {
				if _, err := nc.Write(c.out); err != nil {
					t.Fatal(err)
				}
				if _, err := io.ReadFull(br, in); err != nil {
					t.Fatal(err)
				}
			}
			allocates(t, round, c.want)
			if !bytes.Equal(in, c.in) {
				t.Errorf("%.100q came back, want %.100q", in, c.in)
			}
		})
	}
}

// TestClientAllocates counts what both ends allocate for a message there and
// back.
func TestClientAllocates(t *testing.T) {
	for name, kind := range map[string]wsnet.MessageKind{"text": wsnet.Text, "binary": wsnet.Binary} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, serve(t, reusingEcho, nil), nil)
			message := []byte("0123456789abcdef")
			var buf []byte
			allocates(t, func() {
				if err := c.Write(background, kind, message); err != nil {
					t.Fatal(err)
				}
				got, p, err := c.AppendMessage(background, buf[:0])
				if err != nil || got != kind || !bytes.Equal(p, message) {
					t.Fatalf("%q, %v", p, err)
				}
				buf = p
			}, 0)
		})
	}
}

// allocates fails the test if a round allocates more, once the pools are filled.
func allocates(t *testing.T, round func(), want float64) {
	t.Helper()
	for range 100 {
		round()
	}
	if got := testing.AllocsPerRun(1000, round); got > want {
		t.Errorf("%v allocations, want %v", got, want)
	}
}

// cancellableWriter is reusingEcho with a context for Write that can end.
func cancellableWriter(c *wsnet.Conn) {
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	var buf []byte
	for {
		kind, p, err := c.AppendMessage(background, buf[:0])
		if err != nil || c.Write(ctx, kind, p) != nil {
			return
		}
		buf = p
	}
}

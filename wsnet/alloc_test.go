//go:build !race

package wsnet_test

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/wsfsm/wsfsm/wsnet"
)

// TestEchoAllocates counts what the server of an echo allocates for a message;
// the client is a bare socket.
func TestEchoAllocates(t *testing.T) {
	for name, c := range map[string]struct {
		handler  func(*wsnet.Conn)
		messages int // at once
		want     float64
	}{
		"Read":                        {echo, 1, 1},
		"AppendMessage":               {reusingEcho, 1, 0},
		"AppendMessage, many at once": {reusingEcho, 16, 0},
		"Read, many at once":          {echo, 16, 16},
		"Read, context that can end":  {cancellableEcho, 1, 4},
		"Write, context that can end": {cancellableWriter, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			nc, br := rawOpen(t, serve(t, c.handler, nil))
			out := bytes.Repeat(masked(opBinary, "0123456789abcdef"), c.messages)
			in := make([]byte, len(plain(opBinary, "0123456789abcdef"))*c.messages)
			round := func() {
				if _, err := nc.Write(out); err != nil {
					t.Fatal(err)
				}
				if _, err := io.ReadFull(br, in); err != nil {
					t.Fatal(err)
				}
			}
			for range 100 {
				round() // fills the pools
			}
			got := testing.AllocsPerRun(2000, round)
			if got > c.want {
				t.Errorf("%v allocations for %d messages, want %v", got, c.messages, c.want)
			}
		})
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

package wsfsm_test

import (
	"bytes"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// echo answers all messages of the input and drops what it would send.
func echo(t testing.TB, d *wsfsm.Driver, in []byte) (messages int) {
	receive(t, d, in)
	for {
		e, ok := d.Next()
		if !ok {
			break
		}
		if e.Kind == wsfsm.EventMessage {
			messages++
			if err := d.Binary(e.Data); err != nil {
				t.Fatal(err)
			}
		}
	}
	d.Sent(d.Unsent())
	return messages
}

func TestEchoDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Log("the race detector makes sync.Pool drop buffers; the plain run counts")
		return
	}
	large := frame(2, string(bytes.Repeat([]byte("x"), 4000)))
	fragments := append(wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: 2, Masked: true, Key: key}, []byte("abc")),
		wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Masked: true, Key: key}, []byte("def"))...)
	for name, chunks := range map[string][][]byte{
		"whole":     {frame(2, "0123456789abcdef")},
		"large":     {large},
		"cut":       {large[:100], large[100:]},
		"fragments": {fragments},
		"octets":    split(frame(2, "0123456789abcdef"), 1),
	} {
		d := openServer(t, wsfsm.Options{})
		in := make([]byte, 8192)
		run := func() {
			n := 0
			for _, c := range chunks {
				n += echo(t, d, in[:copy(in, c)])
			}
			if n != 1 {
				t.Fatalf("%s: %d messages", name, n)
			}
		}
		run()
		if n := testing.AllocsPerRun(200, run); n > 0 {
			t.Errorf("%s: %v allocations per message", name, n)
		}
	}
}

func TestClientSendingDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		return
	}
	d := openClient(t, wsfsm.Options{Rand: bytes.NewReader(make([]byte, 1<<20))})
	p := []byte("0123456789abcdef")
	n := testing.AllocsPerRun(500, func() {
		if err := d.Binary(p); err != nil {
			t.Fatal(err)
		}
		d.Sent(d.Unsent())
	})
	if n > 0 {
		t.Errorf("%v allocations per message", n)
	}
}

func split(p []byte, n int) (chunks [][]byte) {
	for len(p) > n {
		chunks, p = append(chunks, p[:n]), p[n:]
	}
	return append(chunks, p)
}

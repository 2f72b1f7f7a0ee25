package wsfsm_test

import (
	"bytes"
	"errors"
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

func TestForgetHeads(t *testing.T) {
	client, server := opened(t, "rfc6455")
	if server.Request() == nil || client.Response() == nil {
		t.Fatal("no heads")
	}
	server.ForgetHeads()
	client.ForgetHeads()
	if server.Request() != nil || client.Response() != nil {
		t.Error("they are still there")
	}
	if err := server.Text([]byte("on")); err != nil {
		t.Fatal(err)
	}
	receive(t, client, sent(server))
	want(t, client, wsfsm.EventMessage)
	undecided := openEndpoint(t).Server()
	undecided.ForgetHeads()
	exchangeHead(t, undecided)
	if undecided.Request() == nil {
		t.Error("forgotten before it was read")
	}
}

func openEndpoint(t *testing.T) *wsfsm.Endpoint {
	t.Helper()
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	return ep
}

// In both roles nothing is allocated for messages, fragments, pings and their
// pongs.
func TestControlFramesAndFragmentsDoNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Log("the race detector makes sync.Pool drop buffers; the plain run counts")
		return
	}
	client, server := opened(t, "rfc6455")
	buf := make([]byte, 1<<10)
	pass := func(from, to *wsfsm.Driver) {
		n := copy(buf, from.Output())
		from.Sent(n)
		if err := to.Receive(buf[:n]); err != nil {
			t.Fatal(err)
		}
		for {
			if _, ok := to.Next(); !ok {
				return
			}
		}
	}
	p := []byte("payload")
	for name, run := range map[string]func(from *wsfsm.Driver) error{
		"pong": func(from *wsfsm.Driver) error { return from.Pong(p) },
		"fragments": func(from *wsfsm.Driver) error {
			return errors.Join(from.Begin(wsfsm.Text, p), from.Append(p), from.End(p))
		},
		"text":   func(from *wsfsm.Driver) error { return from.Text(p) },
		"binary": func(from *wsfsm.Driver) error { return from.Binary(p) },
		"ping": func(from *wsfsm.Driver) error {
			_, err := from.Ping(p)
			return err
		},
	} {
		for role, ends := range map[string][2]*wsfsm.Driver{"client": {client, server}, "server": {server, client}} {
			if n := testing.AllocsPerRun(200, func() {
				if err := run(ends[0]); err != nil {
					t.Fatal(err)
				}
				pass(ends[0], ends[1])
				pass(ends[1], ends[0]) // the pong
			}); n > 0 {
				t.Errorf("%s from the %s: %v allocations", name, role, n)
			}
		}
	}
}

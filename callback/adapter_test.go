package callback_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

const (
	request = "GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	plainRequest = "GET /chat HTTP/1.1\r\nHost: example.com\r\n\r\n"
)

// journal notes what is called and written, in order. Payloads of unmasked
// frames are noted as hexadecimal digits.
type journal struct {
	entries []string
	octets  []byte // all that was written
}

func (j *journal) note(format string, args ...any) {
	j.entries = append(j.entries, fmt.Sprintf(format, args...))
}

// Write is the adapter's writer.
func (j *journal) Write(p []byte) (int, error) {
	j.octets = append(j.octets, p...)
	if line, _, ok := strings.Cut(string(p), "\r\n"); ok && strings.Contains(line, "HTTP/1.1") {
		j.note("write %s", line)
	} else {
		j.note("write % x", p)
	}
	return len(p), nil
}

// listeners note every call.
func (j *journal) listeners() callback.Listeners {
	return callback.Listeners{
		OnConnect: func(a *callback.Adapter, r *wsfsm.Request) error {
			j.note("connect %s %t %v", r.Target, r.WebSocket, a.ReadyState())
			return a.Start()
		},
		OnOpen: func(a *callback.Adapter) error {
			j.note("open %v", a.ReadyState())
			return nil
		},
		OnMessage: func(_ *callback.Adapter, m callback.Message) error {
			j.note("message %v %q", m.Kind, m.Data)
			return nil
		},
		OnPing: func(_ *callback.Adapter, p []byte) error {
			j.note("ping %q", p)
			return nil
		},
		OnPong: func(_ *callback.Adapter, p []byte) error {
			j.note("pong %q", p)
			return nil
		},
		OnError: func(_ *callback.Adapter, err error) { j.note("error %v", err) },
		OnClose: func(a *callback.Adapter, e callback.CloseEvent) {
			j.note("close %d %q %t %v %v", e.Code, e.Reason, e.Clean, e.AwaitPeer, a.ReadyState())
		},
		OnFault: func(_ *callback.Adapter, f *callback.Fault) { j.note("fault %s", f.Function) },
	}
}

func (j *journal) want(t *testing.T, entries ...string) {
	t.Helper()
	if !slices.Equal(j.entries, entries) {
		t.Fatalf("got:\n\t%s\nwant:\n\t%s", strings.Join(j.entries, "\n\t"), strings.Join(entries, "\n\t"))
	}
	j.entries = nil
}

func endpoint(t testing.TB, o wsfsm.Options) *wsfsm.Endpoint {
	t.Helper()
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		t.Fatal(err)
	}
	return ep
}

// zeros is a source of masking keys that change nothing.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// server returns an adapter for a server, with journal.
func server(t testing.TB, change func(*callback.Listeners)) (*callback.Adapter, *journal) {
	t.Helper()
	j := &journal{}
	l := j.listeners()
	if change != nil {
		change(&l)
	}
	return callback.New(endpoint(t, wsfsm.Options{}).Server(), j, l), j
}

// client returns an adapter for a client that has sent its request, and the
// response to that.
func client(t testing.TB, change func(*callback.Listeners)) (*callback.Adapter, *journal, []byte) {
	t.Helper()
	j := &journal{}
	l := j.listeners()
	if change != nil {
		change(&l)
	}
	d, err := endpoint(t, wsfsm.Options{Rand: zeros{}}).Client("ws://example.com/chat")
	if err != nil {
		t.Fatal(err)
	}
	a := callback.New(d, j, l)
	must(t, a.Start())
	_, rest, _ := bytes.Cut(j.octets, []byte("Sec-WebSocket-Key: "))
	nonce, _, _ := bytes.Cut(rest, []byte("\r\n"))
	response := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		wsfsm.AcceptKey(string(nonce)) + "\r\n\r\n"
	return a, j, []byte(response)
}

// openServer returns a server's adapter behind OnOpen, with an empty journal.
func openServer(t testing.TB, change func(*callback.Listeners)) (*callback.Adapter, *journal) {
	t.Helper()
	a, j := server(t, change)
	must(t, a.Receive([]byte(request)))
	if a.ReadyState() != callback.Open {
		t.Fatalf("not open: %q", j.entries)
	}
	j.entries = nil
	return a, j
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// frame returns a frame of a client, masked with a key that changes nothing.
func frame(first byte, payload string) []byte {
	h := wsfsm.FrameHeader{Final: first&0x80 != 0, Opcode: first & 0x0F, Masked: true}
	return wsfsm.AppendFrame(nil, h, []byte(payload))
}

// unmasked returns a frame of a server.
func unmasked(first byte, payload string) []byte {
	h := wsfsm.FrameHeader{Final: first&0x80 != 0, Opcode: first & 0x0F}
	return wsfsm.AppendFrame(nil, h, []byte(payload))
}

// receive hands over p in pieces, each in a buffer of its own that is spoilt
// once it is given back.
func receive(t testing.TB, a *callback.Adapter, pieces ...[]byte) {
	t.Helper()
	for _, p := range pieces {
		p = bytes.Clone(p)
		must(t, a.Receive(p))
		if a.Pending() == 0 {
			clear(p)
		}
	}
}

// splits calls f for each way to cut p in two, for p whole, and octet by octet.
func splits(p []byte, f func(pieces [][]byte)) {
	for i := range p {
		f([][]byte{p[:i], p[i:]})
	}
	var single [][]byte
	for i := range p {
		single = append(single, p[i:i+1])
	}
	f(single)
}

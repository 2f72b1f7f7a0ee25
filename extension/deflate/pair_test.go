package deflate_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

func newMessage(t testing.TB, o deflate.Options) extension.Extension {
	t.Helper()
	x, err := deflate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func endpoint(t testing.TB, o wsfsm.Options, list ...extension.Extension) *wsfsm.Endpoint {
	t.Helper()
	o.AutoStart, o.Extensions = true, list
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		t.Fatal(err)
	}
	return ep
}

const request = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

// server returns an open server whose client offers that, and its answer.
func server(t testing.TB, ep *wsfsm.Endpoint, offer string) (*wsfsm.Driver, string) {
	t.Helper()
	d := ep.Server()
	if got := receive(t, d, []byte(request+"Sec-WebSocket-Extensions: "+offer+"\r\n\r\n")); got.failure != nil {
		t.Fatal(got.failure)
	}
	_, answer, _ := strings.Cut(string(d.Output()), "\r\nSec-WebSocket-Extensions: ")
	answer, _, _ = strings.Cut(answer, "\r\n")
	d.Sent(d.Unsent())
	return d, answer
}

// pair returns two open drivers.
func pair(t testing.TB, clients, servers *wsfsm.Endpoint) (client, server *wsfsm.Driver) {
	t.Helper()
	client, err := clients.Client("ws://h/")
	if err != nil {
		t.Fatal(err)
	}
	server = servers.Server()
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	receive(t, server, take(client))
	if got := receive(t, client, take(server)); got.failure != nil {
		t.Fatal(got.failure)
	}
	return client, server
}

// take returns all that a driver has to send.
func take(d *wsfsm.Driver) []byte {
	p := bytes.Join(d.AppendOutput(nil), nil)
	d.Sent(len(p))
	return p
}

// received is what came of some input.
type received struct {
	messages []string
	partial  []byte // of a message that has not ended
	failure  error
}

func receive(t testing.TB, d *wsfsm.Driver, p []byte) (got received) {
	t.Helper()
	got.add(t, d, p)
	return got
}

// add receives p, which it overwrites.
func (r *received) add(t testing.TB, d *wsfsm.Driver, p []byte) {
	t.Helper()
	if err := d.Receive(p); err != nil {
		t.Fatal(err)
	}
	for e := range d.Events() {
		switch e.Kind {
		case wsfsm.EventMessage:
			r.partial = append(r.partial, e.Data...)
			if e.Last() {
				r.messages = append(r.messages, string(r.partial))
				r.partial = nil
			}
		case wsfsm.EventError:
			r.failure = d.Err()
		}
	}
}

// addSplit receives p in pieces of that size.
func (r *received) addSplit(t testing.TB, d *wsfsm.Driver, p []byte, size int) {
	t.Helper()
	for len(p) > 0 {
		n := min(size, len(p))
		r.add(t, d, p[:n])
		p = p[n:]
	}
}

func octets(t testing.TB, s string) []byte {
	t.Helper()
	p, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// frame is a masked frame with RSV1 as told.
func frame(opcode byte, final bool, rsv byte, payload []byte) []byte {
	return wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: opcode, Final: final, RSV: rsv, Masked: true, Key: [4]byte{0x37, 0xfa, 0x21, 0x3d}}, payload)
}

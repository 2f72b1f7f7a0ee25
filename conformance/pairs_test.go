package conformance_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// end is one end behind its opening handshake, with or without an observer: an
// observer turns the fused path off.
type end struct {
	role     states.Role
	model    model.Role
	endpoint *wsfsm.Endpoint
	protocol *wsfsm.Protocol
}

const pairLimit = 70000 // octets of a message

func ends(t testing.TB, p *wsfsm.Protocol) (all []end) {
	t.Helper()
	for _, observer := range []func(wsfsm.Transition){nil, func(wsfsm.Transition) {}} {
		ep, err := wsfsm.NewEndpoint(wsfsm.Options{Protocols: []*wsfsm.Protocol{p}, AutoStart: true, MaxMessage: pairLimit, Observer: observer, Rand: zeros{}})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, end{states.Server, model.Server, ep, p}, end{states.Client, model.Client, ep, p})
	}
	return all
}

// zeros is a source of randomness that makes the handshake the same each time.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// open returns a driver behind its opening handshake.
func (e end) open(t testing.TB) *wsfsm.Driver {
	t.Helper()
	var d *wsfsm.Driver
	head := "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	if e.role == states.Client {
		var err error
		if d, err = e.endpoint.Client("ws://a/"); err != nil {
			t.Fatal(err)
		}
		if err := d.Start(); err != nil {
			t.Fatal(err)
		}
		head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + wsfsm.AcceptKey("AAAAAAAAAAAAAAAAAAAAAA==") + "\r\n\r\n"
	} else {
		d = e.endpoint.Server()
	}
	if err := d.Receive([]byte(head)); err != nil {
		t.Fatal(err)
	}
	if ev, ok := d.Next(); !ok || ev.Kind != wsfsm.EventOpen {
		t.Fatalf("no open connection: %v %v", ev.Kind, d.Err())
	}
	if ev, ok := d.Next(); ok {
		t.Fatalf("an event behind that of opening: %v", ev.Kind)
	}
	d.Sent(d.Unsent())
	return d
}

// verdict is what driver and model are compared by.
type verdict struct {
	events    string
	violation string
	code      uint16 // of the violation
	consumed  int    // up to the octet that broke the rule; only with a violation
}

// drive gives a stream in parts to an open driver.
func drive(t testing.TB, name string, d *wsfsm.Driver, parts ...[]byte) (v verdict) {
	start := d.Offset()
	var events strings.Builder
	for _, p := range parts {
		if err := d.Receive([]byte(string(p))); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for e := range d.Events() {
			switch e.Kind {
			case wsfsm.EventMessage:
				fmt.Fprintf(&events, "%v %q\n", e.Message, e.Data)
			case wsfsm.EventPing, wsfsm.EventPong:
				fmt.Fprintf(&events, "%v %q\n", e.Kind, e.Data)
			case wsfsm.EventError:
				var broken *wsfsm.Error
				if !errors.As(d.Err(), &broken) {
					t.Fatalf("%s: %v", name, d.Err())
				}
				v.violation, v.code, v.consumed = broken.Violation.String(), uint16(broken.Code), int(broken.Offset-start)+1
			}
		}
		d.Sent(d.Unsent())
	}
	if d.State() == states.ConnectionClosingBoth {
		d.ReceiveEOF(nil)
		for e := range d.Events() {
			fmt.Fprintf(&events, "close %d %q\n", e.Code(), e.Data)
		}
	}
	v.events = events.String()
	return v
}

// decode gives a stream to the model.
func decode(p model.Params, stream []byte) (v verdict) {
	m := p.Decode(stream)
	var events strings.Builder
	for _, o := range m.Outcomes {
		if o.Kind == model.KindClose {
			fmt.Fprintf(&events, "close %d %q\n", o.Code, o.Data)
			continue
		}
		fmt.Fprintf(&events, "%s %q\n", o.Kind, o.Data)
	}
	v.events = events.String()
	if m.Violation != "" {
		v.violation, v.code, v.consumed = string(m.Violation), p.CloseCode(m.Violation), m.Consumed
	}
	return v
}

func (e end) driven(t testing.TB, stream string) verdict {
	return drive(t, fmt.Sprintf("%x", stream), e.open(t), []byte(stream))
}

func (e end) modelled(stream string) verdict {
	return decode(model.Params{Role: e.model, Limit: pairLimit}, []byte(stream))
}

func (e end) compare(t *testing.T, stream string) {
	t.Helper()
	if got, want := e.driven(t, stream), e.modelled(stream); got != want {
		t.Errorf("%v, %.40x…: driver %.300v, model %.300v", e.role, stream, got, want)
	}
}

// prefixes bring the message machine into each of its states between frames.
func (e end) prefixes() []string {
	frame := func(head byte) string {
		f := model.Frame{Opcode: head & 15, Payload: "é", Fin: head&0x80 != 0}
		if e.role == states.Server {
			f = f.WithKey([4]byte{1, 2, 3, 4})
		}
		return string(model.Encode(f))
	}
	return []string{"", frame(1), frame(2)}
}

// rests are what may follow the first two octets of a frame: the extended
// length, also one that is not in its shortest form or overflows, a key and a
// payload of ASCII, as far as they announce them.
func rests(first, second byte) (all []string) {
	lengths := []uint64{uint64(second & 0x7F)}
	switch second & 0x7F {
	case 126:
		lengths = []uint64{125, 126, 256}
	case 127:
		lengths = []uint64{65535, 1 << 63, 1<<63 - 1}
		if first&3 == 1 { // the long payload for a quarter of the heads only
			lengths = append(lengths, 65536)
		}
	}
	for _, n := range lengths {
		s := ""
		switch second & 0x7F {
		case 126:
			s = string(binary.BigEndian.AppendUint16(nil, uint16(n)))
		case 127:
			s = string(binary.BigEndian.AppendUint64(nil, n))
		}
		if second&0x80 != 0 {
			s += "\x00\x00\x00\x00"
		}
		all = append(all, s+strings.Repeat("a", int(min(n, 65536))))
	}
	return all
}

// TestAllPairsOfOctets compares driver and model on all first two octets of a
// frame, in both roles, in each state between frames, fused and octet-wise.
func TestAllPairsOfOctets(t *testing.T) {
	t.Parallel()
	step := 1
	if testing.Short() {
		step = 17
	}
	for _, e := range ends(t, wsfsm.ProtocolNamed("rfc6455")) {
		for _, prefix := range e.prefixes() {
			for pair := 0; pair < 1<<16; pair += step {
				octets := string([]byte{byte(pair >> 8), byte(pair)})
				e.compare(t, prefix+octets)
				for _, rest := range rests(octets[0], octets[1]) {
					e.compare(t, prefix+octets+rest)
				}
				if t.Failed() {
					return
				}
			}
		}
	}
}

// TestAllCloseCodes compares driver and model on all close codes, with and
// without a reason, received and sent.
func TestAllCloseCodes(t *testing.T) {
	t.Parallel()
	for _, e := range ends(t, wsfsm.ProtocolNamed("rfc6455")) {
		for code := range 1 << 16 {
			f := model.CloseFrame(uint16(code), "é"[:code%2*2])
			f.Payload = string([]byte{byte(code >> 8), byte(code)}) + f.Payload[min(2, len(f.Payload)):]
			if e.role == states.Server {
				f = f.WithKey([4]byte{9, 8, 7, 6})
			}
			e.compare(t, string(model.Encode(f)))
			err := e.open(t).Close(wsfsm.CloseCode(code), "")
			if want := model.CloseCodeValidSent(uint16(code)) || code == 0; (err == nil) != want {
				t.Errorf("%v: Close(%d): %v", e.role, code, err)
			}
			if t.Failed() {
				return
			}
		}
	}
}

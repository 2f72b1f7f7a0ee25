package conformance_test

import (
	"fmt"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
)

// side is one side of a connection of some version: the model, and drivers
// behind the opening handshake that the model makes.
type side struct {
	name     string
	model    model.Params
	endpoint *wsfsm.Endpoint
	observed bool
	head     []byte // what the peer sends to open the connection
	mask     []byte // of frames masked as a whole with the key 01020304; made when it is needed
}

// The opening handshake of all sides.
const (
	sampleKey   = "dGhlIHNhbXBsZSBub25jZQ=="
	sampleKey1  = "4 @1  46546xW%0l 1 5"
	sampleKey2  = "12998 5 Y3 1  .P00"
	sampleKey3  = "^n:ds[4U"
	sampleNonce = "H+cNj5elaybfGIQv1esl2w=="
)

// String writes the verdict for a reader.
func (v verdict) String() string {
	return fmt.Sprintf("%.300q %s %d after %d", v.events, v.violation, v.code, v.consumed)
}

// sidesOf returns both sides of a version, with and without an observer: an
// observer turns the fused path off.
func sidesOf(t testing.TB, version string) (all []*side) {
	t.Helper()
	for _, observer := range []func(wsfsm.Transition){nil, func(wsfsm.Transition) {}} {
		ep, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: []string{version}, AutoStart: true, MaxMessage: pairLimit, Observer: observer, Rand: zeros{}})
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range []model.Role{model.Server, model.Client} {
			s := &side{model: model.New(version, role), endpoint: ep, observed: observer != nil}
			s.name = fmt.Sprintf("%s %s, observed %v", version, role, observer != nil)
			s.model.Limit = pairLimit
			s.prepare(t)
			all = append(all, s)
		}
	}
	return all
}

// prepare finds what opens the connection, and the key of hybi-04.
func (s *side) prepare(t testing.TB) {
	t.Helper()
	if s.model.Role == model.Server {
		r := s.model.OpeningRequest(model.Offer{Host: "a", Resource: "/", Key: sampleKey, Key1: sampleKey1, Key2: sampleKey2, Key3: sampleKey3})
		s.head = r.Octets()
		answer := s.answer(t)
		s.model.ConnectionKey = model.ConnectionKey(sampleKey, fieldOf(answer, "Sec-WebSocket-Nonce"))
		return
	}
	d := s.driver(t)
	r := parseRequest(d.Output())
	s.head = s.model.OpeningAnswer(r, model.Choice{Nonce: sampleNonce}).Octets()
	key := ""
	for _, h := range r.Headers {
		if h.Name == "Sec-WebSocket-Key" {
			key = h.Value
		}
	}
	s.model.ConnectionKey = model.ConnectionKey(key, sampleNonce)
}

// answer is what a server answers to the request.
func (s *side) answer(t testing.TB) string {
	t.Helper()
	d := s.endpoint.Server()
	if err := d.Receive([]byte(string(s.head))); err != nil {
		t.Fatal(err)
	}
	d.Next()
	return string(d.Output())
}

// driver returns a driver that a client's request may have been taken from.
func (s *side) driver(t testing.TB) *wsfsm.Driver {
	if s.model.Role == model.Server {
		return s.endpoint.Server()
	}
	d, err := s.endpoint.Client("ws://a/")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	return d
}

// open returns a driver behind its opening handshake.
func (s *side) open(t testing.TB) *wsfsm.Driver {
	d := s.driver(t)
	if err := d.Receive([]byte(string(s.head))); err != nil {
		t.Fatal(err)
	}
	if e, ok := d.Next(); !ok || e.Kind != wsfsm.EventOpen {
		t.Fatalf("%s: no open connection: %v %v", s.name, e.Kind, d.Err())
	}
	if e, ok := d.Next(); ok {
		t.Fatalf("%s: an event behind that of opening: %v", s.name, e.Kind)
	}
	d.Sent(d.Unsent())
	return d
}

// frame returns a frame as the peer sends it.
func (s *side) frame(f model.Frame) []byte {
	if s.model.Role == model.Server {
		f = f.WithKey([4]byte{0x37, 0xFA, 0x21, 0x3D})
	}
	return s.peer().Encode(f)
}

// peer is the model of the other side.
func (s *side) peer() model.Params {
	p := s.model
	p.Role = model.Client
	if s.model.Role == model.Client {
		p.Role = model.Server
	}
	return p
}

// driven gives a stream in parts to a driver whose limit is that of the model.
func (s *side) driven(t testing.TB, parts ...[]byte) (v verdict) {
	d := s.open(t)
	if s.model.Limit != pairLimit {
		if err := d.SetMaxMessage(int64(s.model.Limit)); err != nil {
			t.Fatal(err)
		}
	}
	return drive(t, s.name, d, parts...)
}

func (s *side) modelled(stream []byte) verdict { return decode(s.model, stream) }

// compare compares driver and model on a stream as a whole.
func (s *side) compare(t *testing.T, stream []byte) {
	if got, want := s.driven(t, stream), s.modelled(stream); got != want {
		t.Errorf("%s, limit %d: %.60x…:\ndriver %v\nmodel %v", s.name, s.model.Limit, stream, got, want)
	}
}

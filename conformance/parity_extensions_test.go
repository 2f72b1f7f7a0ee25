package conformance_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/states"
)

func extended(t *testing.T, o wsfsm.Options, list ...extension.Extension) *wsfsm.Endpoint {
	t.Helper()
	o.Extensions, o.AutoStart = list, true
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		t.Fatal(err)
	}
	return ep
}

// take takes the output.
func take(d *wsfsm.Driver) []byte {
	var out []byte
	for d.Unsent() > 0 {
		p := d.Output()
		out = append(out, p...)
		d.Sent(len(p))
	}
	return out
}

// hand hands over octets and returns the events.
func hand(t *testing.T, d *wsfsm.Driver, p []byte) (events []wsfsm.Event) {
	t.Helper()
	if err := d.Receive(bytes.Clone(p)); err != nil {
		t.Fatal(err)
	}
	for e := range d.Events() {
		events = append(events, e.Clone())
	}
	return events
}

// field is the value of a field of a head; "-" if it is not there.
func field(head []byte, name string) string {
	_, rest, ok := strings.Cut(string(head), "\r\n"+name+": ")
	if !ok {
		return "-"
	}
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// joined opens a connection between the extensions of two ends, and returns the
// offer and the answer, too.
func joined(t *testing.T, client, server *wsfsm.Endpoint) (c, s *wsfsm.Driver, offer, answer string) {
	t.Helper()
	c, err := client.Client("ws://h/")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	s = server.Server()
	request := take(c)
	hand(t, s, request)
	response := take(s)
	hand(t, c, response)
	if c.State() != states.ConnectionOpen || s.State() != states.ConnectionOpen {
		t.Fatalf("%q\n%q", request, response)
	}
	const name = "Sec-WebSocket-Extensions"
	return c, s, field(request, name), field(response, name)
}

func TestExtensionsOfBothEnds(t *testing.T) {
	c, s, offer, answer := joined(t, extended(t, wsfsm.Options{}, markB, markA), extended(t, wsfsm.Options{}, markA, markB, markC))
	if offer != "x-b; p=1, x-b, x-a; p=1, x-a" || answer != "x-a; p=1, x-b; p=1" {
		t.Errorf("offered %q, answered %q", offer, answer)
	}
	for _, d := range []*wsfsm.Driver{c, s} {
		if got := strings.Join(d.Extensions(), ", "); got != answer {
			t.Errorf("agreed on %q", got)
		}
	}
	if err := s.Text([]byte("Hello")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ping([]byte("p")); err != nil {
		t.Fatal(err)
	}
	out := take(s)
	if string(out) != "\xe1\x07Helloab\x89\x01p" { // the ping passes by
		t.Errorf("sent %q", out)
	}
	if got := hand(t, c, out); len(got) != 2 || string(got[0].Data) != "Hello" || string(got[1].Data) != "p" {
		t.Errorf("received %v", got)
	}
	if err := c.Text([]byte("back")); err != nil {
		t.Fatal(err)
	}
	if got := hand(t, s, take(c)); len(got) != 2 || got[0].Kind != wsfsm.EventPong || string(got[1].Data) != "back" {
		t.Errorf("received %v", got)
	}
}

func TestConflictsOfExtensions(t *testing.T) {
	for _, test := range []struct {
		server []extension.Extension
		answer string
	}{
		{[]extension.Extension{markA, markC, markB}, "x-a; p=1, x-b; p=1"},
		{[]extension.Extension{markC, markA}, "x-c; p=1"},
		{nil, "-"},
	} {
		_, s, _, answer := joined(t, extended(t, wsfsm.Options{}, markA, markB, markC), extended(t, wsfsm.Options{}, test.server...))
		if answer != test.answer || (len(s.Extensions()) == 0) != (test.answer == "-") {
			t.Errorf("answered %q, %v", answer, s.Extensions())
		}
	}
}

func TestAnswersOfExtensions(t *testing.T) {
	for answer, want := range map[string]string{
		"x-a":                "Helloa",
		"x-a; p=1":           "Helloa",
		"x-b, x-a":           "Helloba", // the order of the answer counts
		"x-a, x-b":           "Helloab",
		"x-z":                "",
		"x-a; q=1":           "",
		"x-a, x-c":           "",
		"x-a, x-a":           "",
		"x-a; ":              "",
		"permessage-deflate": "",
	} {
		c, err := extended(t, wsfsm.Options{}, markA, markB, markC).Client("ws://h/")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(c.Start(), c.Text([]byte("Hello"))); err != nil {
			t.Fatal(err)
		}
		key := field(take(c), "Sec-WebSocket-Key")
		events := hand(t, c, []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+
			wsfsm.AcceptKey(key)+"\r\nSec-WebSocket-Extensions: "+answer+"\r\n\r\n"))
		if want == "" {
			if len(events) == 0 || !errors.Is(c.Err(), states.WrongExtensions) {
				t.Errorf("%q is accepted: %v", answer, events)
			}
			continue
		}
		out := take(c)
		if len(out) < 6 {
			t.Errorf("%q is not accepted: %v", answer, events)
			continue
		}
		payload := out[6:]
		wsfsm.Mask([4]byte(out[2:6]), 0, payload)
		if string(payload) != want {
			t.Errorf("%q: sent %q", answer, payload)
		}
	}
}

func TestWrongExtensionsAreRefused(t *testing.T) {
	for name, list := range map[string][]extension.Extension{
		"nothing":     {nil},
		"no name":     {marking{mark: 'a'}},
		"no token":    {marking{name: "x a", mark: 'a'}},
		"a name anew": {markA, markB, markA},
	} {
		if _, err := wsfsm.NewEndpoint(wsfsm.Options{Extensions: list}); !errors.Is(err, extension.ErrConfiguration) {
			t.Errorf("%s: %v", name, err)
		}
		if err := extension.Check(list); !errors.Is(err, extension.ErrConfiguration) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is sent goes out in its order, the close frame behind it.
func TestExtensionsKeepTheOrder(t *testing.T) {
	_, s, _, _ := joined(t, extended(t, wsfsm.Options{}, markA), extended(t, wsfsm.Options{}, markA))
	if err := errors.Join(s.Text([]byte("1")), s.Begin(wsfsm.Binary, []byte("2")), s.Append([]byte("3")), s.End([]byte("4")),
		s.Binary([]byte("5")), s.Close(wsfsm.CloseNormal, "")); err != nil {
		t.Fatal(err)
	}
	if out := take(s); string(out) != "\xc1\x021a\x42\x012\x00\x013\x80\x024a\xc2\x025a\x88\x02\x03\xe8" {
		t.Errorf("sent %q", out)
	}
}

func TestExtensionsAreReleased(t *testing.T) {
	var log []string
	logging := markA
	logging.log = &log
	_, s, _, _ := joined(t, extended(t, wsfsm.Options{}, markA), extended(t, wsfsm.Options{}, logging))
	hand(t, s, []byte("\xc1\x82\x00\x00\x00\x001")) // inside a message
	if len(log) > 0 {
		t.Fatalf("%q", log)
	}
	s.ReceiveEOF(nil)
	for range s.Events() {
	}
	if slices.Sort(log); !slices.Equal(log, []string{"x-a decoder", "x-a encoder"}) {
		t.Errorf("released: %q", log)
	}
}

// The limit of messages holds for what comes of the decoding, and is noticed
// while that goes on.
func TestLimitHoldsBehindExtensions(t *testing.T) {
	for n, fits := range map[int]bool{10: true, 11: false, 10_000: false} {
		produced := 0
		tenfold := markA
		tenfold.repeated, tenfold.produced = 10, &produced
		c, s, _, _ := joined(t, extended(t, wsfsm.Options{}, markA), extended(t, wsfsm.Options{MaxMessage: 100}, tenfold))
		if err := c.Binary(make([]byte, n)); err != nil {
			t.Fatal(err)
		}
		events := hand(t, s, take(c))
		var broken *wsfsm.Error
		switch {
		case len(events) == 0:
			t.Errorf("%d: nothing happens", n)
		case fits && len(events[0].Data) != 10*n:
			t.Errorf("%d: got %v", n, events)
		case !fits && (!errors.As(s.Err(), &broken) || broken.Code != wsfsm.CloseMessageTooBig || produced > 101+10):
			t.Errorf("%d: got %v, %d octets decoded", n, events, produced)
		}
	}
}

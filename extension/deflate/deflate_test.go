package deflate_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/states"
)

const rsv1 = byte(extension.RSV1)

func TestNegotiation(t *testing.T) {
	pmd := func(s string) string { return strings.ReplaceAll(s, "pmd", deflate.Name) }
	small := deflate.Options{Window: 10, PeerWindow: 9}
	each := deflate.Options{NoContextTakeover: true, PeerNoContextTakeover: true}
	for _, c := range []struct {
		o             deflate.Options
		offer, answer string
	}{
		{deflate.Options{}, "pmd", "pmd"},
		{deflate.Options{}, "pmd; client_max_window_bits", "pmd"},
		{deflate.Options{}, "pmd; client_max_window_bits=11", "pmd; client_max_window_bits=11"},
		{deflate.Options{}, "pmd; server_max_window_bits=8", "pmd; server_max_window_bits=8"},
		{deflate.Options{}, `pmd; server_max_window_bits="15"`, "pmd; server_max_window_bits=15"},
		{deflate.Options{}, "pmd; server_no_context_takeover", "pmd; server_no_context_takeover"},
		{deflate.Options{}, "pmd; client_no_context_takeover", "pmd; client_no_context_takeover"},
		{small, "pmd; client_max_window_bits", "pmd; client_max_window_bits=9"},
		{small, "pmd; client_max_window_bits=8", "pmd; client_max_window_bits=8"},
		{small, "pmd; server_max_window_bits=15", "pmd; client_no_context_takeover; server_max_window_bits=10"},
		{each, "pmd", "pmd; server_no_context_takeover; client_no_context_takeover"},
		{deflate.Options{}, "pmd; x, pmd", "pmd"},
		{deflate.Options{}, "pmd; server_max_window_bits=7, foo, pmd; server_max_window_bits=12", "pmd; server_max_window_bits=12"},
		{deflate.Options{}, "foo", ""},
		{deflate.Options{}, "pmd; server_max_window_bits", ""},
		{deflate.Options{}, "pmd; server_max_window_bits=16", ""},
		{deflate.Options{}, "pmd; server_max_window_bits=09", ""},
		{deflate.Options{}, "pmd; server_max_window_bits=+9", ""},
		{deflate.Options{}, "pmd; client_max_window_bits=7", ""},
		{deflate.Options{}, "pmd; server_no_context_takeover=1", ""},
		{deflate.Options{}, "pmd; client_no_context_takeover=true", ""},
		{deflate.Options{}, "pmd; client_max_window_bits; client_max_window_bits=9", ""},
		{deflate.Options{}, "pmd; server_no_context_takeover; server_no_context_takeover", ""},
		{deflate.Options{}, "Permessage-Deflate", ""},
	} {
		d, answer := server(t, endpoint(t, wsfsm.Options{}, newMessage(t, c.o)), pmd(c.offer))
		if answer != pmd(c.answer) || d.State() != states.ConnectionOpen {
			t.Errorf("%+v, offer %q: answer %q, want %q; %v", c.o, c.offer, answer, c.answer, d.State())
		}
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		o      deflate.Options
		offer  string
		answer string
		ok     bool
	}{
		{deflate.Options{}, "; client_max_window_bits", "", true},
		{deflate.Options{}, "; client_max_window_bits", "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8; client_max_window_bits=8", true},
		{deflate.Options{}, "; client_max_window_bits", "; client_max_window_bits", false},
		{deflate.Options{}, "; client_max_window_bits", "; client_max_window_bits=16", false},
		{deflate.Options{}, "; client_max_window_bits", "; client_max_window_bits=7", false},
		{deflate.Options{}, "; client_max_window_bits", "; server_max_window_bits", false},
		{deflate.Options{}, "; client_max_window_bits", "; x", false},
		{deflate.Options{}, "; client_max_window_bits", "; server_no_context_takeover=0", false},
		{deflate.Options{}, "; client_max_window_bits", "; server_no_context_takeover; server_no_context_takeover", false},
		{deflate.Options{}, "; client_max_window_bits", ", permessage-deflate", false},
		{deflate.Options{PeerNoContextTakeover: true}, "; server_no_context_takeover; client_max_window_bits", "", false},
		{deflate.Options{Window: 9, NoContextTakeover: true}, "; client_no_context_takeover; client_max_window_bits=9", "", true},
		{deflate.Options{PeerWindow: 10}, "; server_max_window_bits=10; client_max_window_bits, permessage-deflate; server_no_context_takeover; client_max_window_bits",
			"; server_max_window_bits=11", false},
		{deflate.Options{PeerWindow: 10}, "; server_max_window_bits=10; client_max_window_bits, permessage-deflate; server_no_context_takeover; client_max_window_bits",
			"; server_max_window_bits=9", true},
		{deflate.Options{PeerWindow: 10}, "; server_max_window_bits=10; client_max_window_bits, permessage-deflate; server_no_context_takeover; client_max_window_bits",
			"; server_no_context_takeover", true},
	} {
		d, err := endpoint(t, wsfsm.Options{Rand: bytes.NewReader(make([]byte, 1024))}, newMessage(t, c.o)).Client("ws://h/")
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Start(); err != nil {
			t.Fatal(err)
		}
		if out := string(take(d)); !strings.Contains(out, "\r\nSec-WebSocket-Extensions: permessage-deflate"+c.offer+"\r\n") {
			t.Errorf("%+v offers %q, want %q", c.o, out, c.offer)
		}
		got := receive(t, d, []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Accept: "+wsfsm.AcceptKey("AAAAAAAAAAAAAAAAAAAAAA==")+"\r\nSec-WebSocket-Extensions: permessage-deflate"+c.answer+"\r\n\r\n"))
		if (got.failure == nil) != c.ok || !c.ok && (!errors.Is(got.failure, states.WrongExtensions) || !errors.Is(got.failure, extension.ErrAnswer)) {
			t.Errorf("%+v, answer %q: %v", c.o, c.answer, got.failure)
		}
	}
}

func TestRequired(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{Rand: bytes.NewReader(make([]byte, 1024))}, newMessage(t, deflate.Options{Required: true}))
	d, err := ep.Client("ws://h/")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.Start(), d.Text([]byte("queued"))); err != nil {
		t.Fatal(err)
	}
	take(d)
	got := receive(t, d, []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: "+wsfsm.AcceptKey("AAAAAAAAAAAAAAAAAAAAAA==")+"\r\n\r\n"))
	want := "\x88\x94\x00\x00\x00\x00\x03\xf2permessage-deflate"
	if out := string(take(d)); out != want || !errors.Is(got.failure, extension.ErrRequired) {
		t.Errorf("%q, %v; want %q", out, got.failure, want)
	}
	old := endpoint(t, wsfsm.Options{Versions: []string{"hybi-07"}}, newMessage(t, deflate.Options{Required: true}))
	if _, err := old.Client("ws://h/"); !errors.Is(err, extension.ErrConfiguration) {
		t.Errorf("a version without extensions: %v", err)
	}
}

func TestConfigurationErrors(t *testing.T) {
	for _, o := range []deflate.Options{{Window: 7}, {Window: 16}, {PeerWindow: 7}, {PeerWindow: -1}, {Level: 9}, {Threshold: -2}, {MaxRatio: -1}} {
		if _, err := deflate.New(o); !errors.Is(err, extension.ErrConfiguration) {
			t.Errorf("%+v: %v", o, err)
		}
		if _, err := deflate.NewFrame(deflate.Frame, o); !errors.Is(err, extension.ErrConfiguration) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := deflate.NewFrame("deflate", deflate.Options{}); !errors.Is(err, extension.ErrConfiguration) {
		t.Errorf("another name: %v", err)
	}
	x := newMessage(t, deflate.Options{})
	if _, err := wsfsm.NewEndpoint(wsfsm.Options{Extensions: []extension.Extension{x, x}}); !errors.Is(err, extension.ErrConfiguration) {
		t.Errorf("twice: %v", err)
	}
}

// vectors are those of RFC 7692 §7.2.3, and more: frames, unmasked, and the
// messages that they are.
var vectors = []struct{ name, frames, messages string }{
	{"hello", "c1 07 f248cdc9c90700", "Hello"},
	{"two with takeover", "c1 07 f248cdc9c90700 c1 05 f200110000", "Hello|Hello"},
	{"fragments", "41 03 f248cd 80 04 c9c90700", "Hello"},
	{"stored", "c1 0b 000500faff48656c6c6f00", "Hello"},
	{"final block", "c1 08 f348cdc9c9070000", "Hello"},
	{"final block without its octet", "c1 07 f348cdc9c90700", "Hello"},
	{"two blocks", "c1 0d f248050000 00ffff cac9c90700", "Hello"},
	{"empty", "c1 01 00", ""},
	{"empty last fragment", "41 07 f248cdc9c90700 80 00", "Hello"},
	{"empty fragments", "41 00 00 03 f248cd 00 00 80 04 c9c90700", "Hello"},
	{"ping between", "41 03 f248cd 89 02 6869 80 04 c9c90700", "Hello"},
	{"plain between", "c1 07 f248cdc9c90700 81 02 6869 c1 05 f200110000", "Hello|hi|Hello"},
	{"final block, then takeover", "c1 08 f348cdc9c9070000 c1 05 f200110000", "Hello|Hello"},
}

func TestVectorsAtEverySplit(t *testing.T) {
	eps := []*wsfsm.Endpoint{
		endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{})),
		endpoint(t, wsfsm.Options{Deliver: wsfsm.DeliverPieces}, newMessage(t, deflate.Options{})),
		endpoint(t, wsfsm.Options{Observer: func(wsfsm.Transition) {}}, newMessage(t, deflate.Options{})),
	}
	for _, v := range vectors {
		stream := octets(t, v.frames)
		for cut := 0; cut <= len(stream); cut++ {
			for i, ep := range eps {
				client, _ := pair(t, ep, ep)
				var got received
				got.add(t, client, bytes.Clone(stream[:cut]))
				got.add(t, client, bytes.Clone(stream[cut:]))
				if s := strings.Join(got.messages, "|"); s != v.messages || got.failure != nil {
					t.Fatalf("%s, cut at %d, endpoint %d: %q, %v", v.name, cut, i, s, got.failure)
				}
			}
		}
	}
}

func TestSentVectors(t *testing.T) {
	d, _ := server(t, endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{Threshold: deflate.NoThreshold})), deflate.Name)
	for _, c := range []struct{ message, frame string }{
		{"", "81 00"},
		{"Hello", "81 05 48656c6c6f"}, // would grow
		{"HelloHelloHello", "c1 09 f248cdc9c947100000"},
	} {
		if err := d.Text([]byte(c.message)); err != nil {
			t.Fatal(err)
		}
		if got := take(d); !bytes.Equal(got, octets(t, c.frame)) {
			t.Errorf("%q: %x, want %s", c.message, got, c.frame)
		}
	}
	for _, f := range []struct {
		send  func([]byte) error
		frame string
	}{
		{func(p []byte) error { return d.Begin(wsfsm.Text, p) }, "41 0b f240d100 000000ffff"},
		{d.Append, ""}, {d.End, ""},
	} {
		if err := f.send([]byte("Hello")); err != nil {
			t.Fatal(err)
		}
		if got := take(d); len(got) < 3 || got[0]&0x70 != 0 != (got[0]&0x0F == 1) {
			t.Errorf("%x: RSV1 is for the first fragment", got)
		}
	}
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		frames string
		err    error
		code   wsfsm.CloseCode
	}{
		"garbage":            {"c2 03 060000", deflate.ErrCorrupt, 1007},
		"truncated":          {"c2 03 f248cd", deflate.ErrTruncated, 1007},
		"no octet":           {"c2 00", deflate.ErrTruncated, 1007},
		"distance":           {"c2 05 f200110000", deflate.ErrDistance, 1007},
		"text":               {"c1 0b 000500faff48656cff6f00", states.InvalidText, 1007},
		"text, then garbage": {"c1 0c 000500faff48656c6cff6f00", states.InvalidText, 1007},
		"incomplete text":    {"c1 07 000100feffc300", states.InvalidText, 1007},
		"RSV1 on ping":       {"c9 00", states.ReservedBits, 1002},
		"RSV1 on fragment":   {"41 03 f248cd c0 04 c9c90700", states.ReservedBits, 1002},
		"RSV2":               {"a1 00", states.ReservedBits, 1002},
		"garbage at the end": {"c2 08 f248cdc9c90700 06", deflate.ErrCorrupt, 1007},
	} {
		var first error
		stream := octets(t, c.frames)
		for cut := 0; cut < len(stream); cut++ {
			ep := endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{}))
			client, _ := pair(t, ep, ep)
			var got received
			got.add(t, client, bytes.Clone(stream[:cut]))
			got.add(t, client, bytes.Clone(stream[cut:]))
			var broken *wsfsm.Error
			if !errors.As(got.failure, &broken) || !errors.Is(broken, c.err) || broken.Code != c.code {
				t.Fatalf("%s, cut at %d: %v", name, cut, got.failure)
			}
			if first == nil {
				first = got.failure
			}
			if got.failure.Error() != first.Error() {
				t.Errorf("%s, cut at %d: %v, uncut %v", name, cut, got.failure, first)
			}
		}
	}
}

// A random conversation with random parameters and random splits comes back.
func TestRandomConversations(t *testing.T) {
	conversations := 400
	if testing.Short() {
		conversations = 60
	}
	for seed := range conversations {
		r := rand.New(rand.NewPCG(uint64(seed), 4))
		options := func() deflate.Options {
			return deflate.Options{
				Window: 8 + r.IntN(8), PeerWindow: 8 + r.IntN(8), NoContextTakeover: r.IntN(2) == 0, PeerNoContextTakeover: r.IntN(2) == 0,
				Level: deflate.Level(r.IntN(2)), Threshold: r.IntN(3) - 1,
			}
		}
		own := func(o deflate.Options) []extension.Extension {
			if seed%5 == 0 {
				x, err := deflate.NewFrame(deflate.WebkitFrame, o)
				if err != nil {
					t.Fatal(err)
				}
				return []extension.Extension{x}
			}
			return []extension.Extension{newMessage(t, o)}
		}
		o := wsfsm.Options{Deliver: wsfsm.Deliver(r.IntN(2)), MaxOutput: wsfsm.NoLimit}
		client, server := pair(t, endpoint(t, o, own(options())...), endpoint(t, o, own(options())...))
		if len(client.Extensions()) != 1 || fmt.Sprint(client.Extensions()) != fmt.Sprint(server.Extensions()) {
			t.Fatalf("seed %d: %q and %q", seed, client.Extensions(), server.Extensions())
		}
		for _, way := range [][2]*wsfsm.Driver{{client, server}, {server, client}} {
			var want []string
			for range 1 + r.IntN(12) {
				want = append(want, send(t, r, way[0]))
			}
			var got received
			p := take(way[0])
			for len(p) > 0 {
				n := min(1+r.IntN(1<<r.IntN(17)), len(p))
				got.add(t, way[1], p[:n])
				p = p[n:]
			}
			if got.failure != nil || fmt.Sprintf("%q", got.messages) != fmt.Sprintf("%q", want) {
				t.Fatalf("seed %d, %q: %d messages of %d, %v", seed, client.Extensions(), len(got.messages), len(want), got.failure)
			}
		}
	}
}

// send sends a random message, whole or in fragments.
func send(t *testing.T, r *rand.Rand, d *wsfsm.Driver) string {
	t.Helper()
	p := payload(r)
	if r.IntN(3) > 0 {
		if err := d.Binary(p); err != nil {
			t.Fatal(err)
		}
		return string(p)
	}
	cuts := [2]int{r.IntN(len(p) + 1), r.IntN(len(p) + 1)}
	low, high := min(cuts[0], cuts[1]), max(cuts[0], cuts[1])
	if err := errors.Join(d.Begin(wsfsm.Binary, p[:low]), d.Append(p[low:high]), d.End(p[high:])); err != nil {
		t.Fatal(err)
	}
	return string(p)
}

func payload(r *rand.Rand) []byte {
	p := make([]byte, r.IntN(1<<r.IntN(18)))
	for i := range p {
		switch {
		case i > 20 && r.IntN(4) > 0:
			p[i] = p[i-1-r.IntN(20)]
		default:
			p[i] = byte(r.IntN(40))
		}
	}
	return p
}

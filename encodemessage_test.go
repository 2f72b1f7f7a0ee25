package wsfsm_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// situations bring a driver into a state in which a message is sent, or refused.
var situations = map[string]func(testing.TB, *wsfsm.Driver){
	"open": func(testing.TB, *wsfsm.Driver) {},
	"output waits": func(_ testing.TB, d *wsfsm.Driver) {
		d.Ping([]byte("waits"))
		d.Text([]byte("waits too"))
	},
	"part of the output is sent": func(_ testing.TB, d *wsfsm.Driver) {
		d.Text([]byte("waits"))
		d.Sent(3)
	},
	"a payload is lent":        func(_ testing.TB, d *wsfsm.Driver) { d.Lend(wsfsm.Text, []byte("lent"), func() {}) },
	"an empty payload is lent": func(_ testing.TB, d *wsfsm.Driver) { d.Lend(wsfsm.Text, nil, func() {}) },
	"output is full":           func(_ testing.TB, d *wsfsm.Driver) { d.Text([]byte(strings.Repeat("x", 3000))) },
	"inside a message":         func(_ testing.TB, d *wsfsm.Driver) { d.Begin(wsfsm.Text, []byte("begun")) },
	"inside a message, all sent": func(_ testing.TB, d *wsfsm.Driver) {
		d.Begin(wsfsm.Text, []byte("begun"))
		d.Sent(d.Unsent())
	},
	"closing": func(_ testing.TB, d *wsfsm.Driver) { d.Close(wsfsm.CloseNormal, "") },
	"closing, all sent": func(_ testing.TB, d *wsfsm.Driver) {
		d.Close(wsfsm.CloseNormal, "")
		d.Sent(d.Unsent())
	},
	"closed":                    func(_ testing.TB, d *wsfsm.Driver) { d.Expire() },
	"the transport has ended":   func(_ testing.TB, d *wsfsm.Driver) { d.ReceiveEOF(nil); d.Next() },
	"a pong waits for its turn": pongWaits,
}

func pongWaits(t testing.TB, d *wsfsm.Driver) {
	d.Text([]byte(strings.Repeat("x", 3000)))
	if d.Role().String() != "server" || d.Version() != "rfc6455" {
		return
	}
	receive(t, d, frame(9, "ping"))
	for range d.Events() {
	}
}

// EncodeMessage writes what Text and Binary have put into the output, and refuses
// what they refuse.
func TestEncodeMessageIsTextAndOutput(t *testing.T) {
	for _, version := range []string{"rfc6455", "hybi-05", "hybi-04", "hybi-02", "hixie-76", "hixie-75"} {
		for _, compressed := range []bool{false, true} {
			for name, situation := range situations {
				for _, p := range []string{"", "Hello", strings.Repeat("long ", 30), strings.Repeat("x", 70_000), "\xff"} {
					for _, kind := range []wsfsm.MessageKind{wsfsm.Text, wsfsm.Binary} {
						where := fmt.Sprintf("%s, %s, compressed %v, %v of %d octets", version, name, compressed, kind, len(p))
						var ends [2][]*wsfsm.Driver
						for i := range ends {
							client, server := connected(t, predictable(t, version, compressed))
							ends[i] = []*wsfsm.Driver{client, server}
						}
						for side := range 2 {
							compareAppend(t, where, ends[0][side], ends[1][side], situation, kind, p, 0)
						}
					}
				}
			}
		}
	}
}

// What is short is encoded by other ways, if there is room for it. With an octet that
// is no ASCII, it is text or not.
func TestEncodeMessageOfShortText(t *testing.T) {
	for name, situation := range situations {
		for _, version := range []string{"rfc6455", "hixie-75"} {
			ep := predictable(t, version, false)
			for n := range 20 {
				for at := range n + 1 {
					for _, octets := range []string{"", "\xc3", "\xbf", "ß"} {
						p := []byte(strings.Repeat("x", n))
						p = append(append(p[:at:at], octets...), p[min(n, at+len(octets)):]...)
						kind := wsfsm.Text
						if (n+at)%3 == 0 {
							kind = wsfsm.Binary
						}
						_, plain := connected(t, ep)
						_, appended := connected(t, ep)
						compareAppend(t, fmt.Sprintf("%s, %s, %v %q", version, name, kind, p), plain, appended, situation, kind, string(p), n+6+(at%2)*30)
					}
				}
			}
		}
	}
}

// predictable makes an endpoint whose masking keys are the same each time.
func predictable(t testing.TB, version string, compressed bool) *wsfsm.Endpoint {
	o := wsfsm.Options{Versions: []string{version}, AutoStart: true, MaxOutput: 2000, KeepReading: true, Rand: rand.NewChaCha8([32]byte{})}
	if compressed {
		d, err := deflate.New(deflate.Options{})
		if err != nil {
			t.Fatal(err)
		}
		o.Extensions = []extension.Extension{d}
	}
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		t.Fatal(err)
	}
	return ep
}

func compareAppend(t *testing.T, where string, plain, appended *wsfsm.Driver, situation func(testing.TB, *wsfsm.Driver), kind wsfsm.MessageKind, p string, room int) {
	t.Helper()
	situation(t, plain)
	situation(t, appended)
	send := plain.Text
	if kind == wsfsm.Binary {
		send = plain.Binary
	}
	before := bytes.Join(appended.AppendOutput(nil), nil)
	wantErr := send([]byte(p))
	got, err := appended.EncodeMessage(append(make([]byte, 0, room), "kept"...), kind, []byte(p))
	if fmt.Sprint(err) != fmt.Sprint(wantErr) {
		t.Fatalf("%s: error %v, want %v", where, err, wantErr)
	}
	if err != nil {
		if string(got) != "kept" || !bytes.Equal(before, bytes.Join(appended.AppendOutput(nil), nil)) {
			t.Errorf("%s: a refused message has changed something", where)
		}
		return
	}
	want := []byte("kept")
	for plain.Unsent() > 0 {
		want = append(want, sent(plain)...)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: %q, want %q", where, shortened(got), shortened(want))
	}
	if appended.Unsent() != 0 {
		t.Errorf("%s: %d octets are not taken for sent", where, appended.Unsent())
	}
}

func shortened(p []byte) []byte { return p[:min(len(p), 100)] }

// Before the connection is open the message is queued, and what is returned is the
// opening handshake.
func TestEncodeMessageQueues(t *testing.T) {
	ep := predictable(t, "rfc6455", false)
	client, err := ep.Client("ws://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	request, err := client.EncodeMessage(nil, wsfsm.Text, []byte("early"))
	if err != nil || !bytes.HasPrefix(request, []byte("GET / HTTP/1.1\r\n")) {
		t.Fatalf("%q, %v", request, err)
	}
	server := ep.Server()
	receive(t, server, request)
	for range server.Events() {
	}
	hand(t, server, client)
	receive(t, server, sent(client))
	if e, ok := server.Next(); !ok || e.Kind != wsfsm.EventMessage || string(e.Data) != "early" {
		t.Fatalf("%v %q", e.Kind, e.Data)
	}
}

func TestEncodeMessageDoesNotAllocate(t *testing.T) {
	client, server := opened(t, "rfc6455")
	p := octets(200)
	buf := make([]byte, 0, 1<<10)
	for _, d := range []*wsfsm.Driver{client, server} {
		if n := testing.AllocsPerRun(200, func() {
			var err error
			if buf, err = d.EncodeMessage(buf[:0], wsfsm.Binary, p); err != nil || len(buf) < len(p) {
				t.Fatal(err)
			}
		}); n > 0 {
			t.Errorf("%v: %v allocations per message", d.Role(), n)
		}
	}
}

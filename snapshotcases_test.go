package wsfsm_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// TestMovedRequestIsTheSame moves a server that has a request to decide.
func TestMovedRequestIsTheSame(t *testing.T) {
	d := endpoint(t, wsfsm.Options{Versions: []string{"rfc6455"}}).Server()
	receive(t, d, []byte(strings.Replace(request, "\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat, superchat\r\nSec-WebSocket-Extensions: x-a; b=1; c, x-d\r\n\r\n\x81", 1)))
	want(t, d, wsfsm.EventRequest)
	before := *d.Request()
	if len(before.Subprotocols) != 2 || len(before.Extensions) != 2 {
		t.Fatalf("%+v", before)
	}
	d = moved(t, d)
	if !reflect.DeepEqual(*d.Request(), before) {
		t.Errorf("the request is %+v, not %+v", *d.Request(), before)
	}
	if err := d.ChooseSubprotocol("superchat"); err != nil {
		t.Fatal(err)
	}
	d = moved(t, d)
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	d = moved(t, d)
	want(t, d, wsfsm.EventOpen)
	if d.Subprotocol() != "superchat" || d.Pending() != 1 || !strings.Contains(string(d.Output()), "superchat") {
		t.Errorf("subprotocol %q, %d pending, %q", d.Subprotocol(), d.Pending(), d.Output())
	}
}

// TestMovedSecureServer wants what a server was told of its transport to travel:
// hixie-76 says so in its answer.
func TestMovedSecureServer(t *testing.T) {
	d := endpoint(t, wsfsm.Options{Versions: []string{"hixie-76"}, AutoStart: true}).Server()
	d.SetSecure()
	d = moved(t, d)
	receive(t, d, []byte("GET /chat HTTP/1.1\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nHost: example.com\r\nOrigin: http://example.com\r\n"+
		"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n\r\n^n:d"))
	wantNone(t, d)
	d = moved(t, d)
	receive(t, d, []byte("s[4U"))
	want(t, d, wsfsm.EventOpen)
	if got := string(d.Output()); !strings.Contains(got, "wss://example.com/chat") || !strings.HasSuffix(got, "8jKS'y:G*Co,Wxa-") {
		t.Errorf("%q", got)
	}
}

// TestMovedPings moves a server between its pings and their answers.
func TestMovedPings(t *testing.T) {
	d := openServer(t, wsfsm.Options{})
	for _, p := range []string{"a", "b", "a"} {
		if _, err := d.Ping([]byte(p)); err != nil {
			t.Fatal(err)
		}
	}
	d = moved(t, d)
	if id, err := d.Ping(nil); id != 4 || err != nil {
		t.Errorf("the next ping is %d, %v", id, err)
	}
	receive(t, d, frame(10, "b"))
	if e := want(t, d, wsfsm.EventPong); e.Ping() != 2 {
		t.Errorf("the pong answers %d", e.Ping())
	}
	wantNone(t, d)
	d = moved(t, d)
	receive(t, d, frame(10, "a"))
	if e := want(t, d, wsfsm.EventPong); e.Ping() != 3 {
		t.Errorf("the pong answers %d", e.Ping())
	}
}

// TestMovedControlFrames moves a server inside a ping, then while the answer waits.
func TestMovedControlFrames(t *testing.T) {
	d := openServer(t, wsfsm.Options{MaxOutput: 1, KeepReading: true})
	d.Text([]byte("full"))
	ping := frame(9, "Hello")
	receive(t, d, ping[:8])
	wantNone(t, d)
	d = moved(t, d)
	receive(t, d, ping[8:])
	if e := want(t, d, wsfsm.EventPing); string(e.Data) != "Hello" {
		t.Errorf("the ping is %q", e.Data)
	}
	d = moved(t, d)
	d.Sent(d.Unsent())
	if got := string(d.Output()); got != "\x8A\x05Hello" {
		t.Errorf("the output is %q", got)
	}
}

// TestMovedInsideACharacterSent moves a server whose text to be sent ends inside a
// character so far.
func TestMovedInsideACharacterSent(t *testing.T) {
	d := openServer(t, wsfsm.Options{})
	if err := d.Begin(wsfsm.Text, []byte("a\xE2\x82")); err != nil {
		t.Fatal(err)
	}
	d = moved(t, d)
	if err := d.End(nil); err != wsfsm.ErrInvalidText {
		t.Errorf("inside a character: %v", err)
	}
	if err := d.End([]byte("\xAC")); err != nil {
		t.Errorf("its end: %v", err)
	}
}

// TestMovedEnds moves drivers that have ended, or are about to, each in its way.
func TestMovedEnds(t *testing.T) {
	clean := openServer(t, wsfsm.Options{})
	clean.Close(wsfsm.CloseNormal, "bye")
	receive(t, clean, frame(8, "\x0F\xA0over"))
	clean = moved(t, clean)
	wantNone(t, clean)
	clean.ReceiveEOF(errors.New("reset"))
	clean = moved(t, clean)
	if e := want(t, clean, wsfsm.EventClosed); e.Code() != 4000 || string(e.Data) != "over" || !e.Clean() {
		t.Errorf("closed %d %q %v", e.Code(), e.Data, e.Clean())
	}
	if clean = moved(t, clean); clean.Err() != nil {
		t.Errorf("behind a clean end: %v", clean.Err())
	}

	broken := openServer(t, wsfsm.Options{})
	receive(t, broken, []byte{0xC1, 0x80})
	broken = moved(t, broken)
	want(t, broken, wsfsm.EventError)
	text := broken.Err().Error()
	if broken = moved(t, broken); broken.Err().Error() != text || !strings.Contains(text, "reserved bit") {
		t.Errorf("%v in place of %s", broken.Err(), text)
	}

	late := openServer(t, wsfsm.Options{})
	late.Expire()
	late = moved(t, late)
	want(t, late, wsfsm.EventClosed)
	if late = moved(t, late); late.Err() != wsfsm.ErrTimeout {
		t.Errorf("%v", late.Err())
	}
}

// TestMovedHeadLimits moves a server inside a head, whose limits count on.
func TestMovedHeadLimits(t *testing.T) {
	for limit, o := range map[string]wsfsm.Options{"head": {MaxHead: 100}, "line": {MaxLine: 60}} {
		o.Versions = []string{"rfc6455"}
		long := "GET / HTTP/1.1\r\nHost: example.com\r\nX: " + strings.Repeat("x", 100)
		d := endpoint(t, o).Server()
		refusedAt := 0
		for i := range len(long) {
			if d.State() != states.ConnectionConnecting {
				break
			}
			receive(t, d, []byte(long[i:i+1]))
			d.Next()
			d = moved(t, d)
			refusedAt = i
		}
		if want := map[string]int{"head": 100, "line": len("GET / HTTP/1.1\r\nHost: example.com\r\n") + 60}[limit]; refusedAt != want {
			t.Errorf("the limit of the %s is met at octet %d, not %d", limit, refusedAt, want)
		}
	}
}

package wsfsm_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

const request = "GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

var key = [4]byte{0x37, 0xfa, 0x21, 0x3d}

func endpoint(t testing.TB, o wsfsm.Options) *wsfsm.Endpoint {
	t.Helper()
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		t.Fatal(err)
	}
	return ep
}

// openServer returns a server's driver behind its opening handshake.
func openServer(t testing.TB, o wsfsm.Options) *wsfsm.Driver {
	t.Helper()
	o.AutoStart = true
	d := endpoint(t, o).Server()
	receive(t, d, []byte(request))
	want(t, d, wsfsm.EventOpen)
	wantNone(t, d)
	d.Sent(d.Unsent())
	return d
}

// openClient returns a client's driver behind its opening handshake.
func openClient(t testing.TB, o wsfsm.Options) *wsfsm.Driver {
	t.Helper()
	d, err := endpoint(t, o).Client("ws://example.com/chat")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(d.Output(), []byte("Sec-WebSocket-Key: "))
	nonce, _, _ := bytes.Cut(rest, []byte("\r\n"))
	accept := wsfsm.AcceptKey(string(nonce))
	d.Sent(d.Unsent())
	receive(t, d, []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+accept+"\r\n\r\n"))
	want(t, d, wsfsm.EventOpen)
	wantNone(t, d)
	return d
}

func receive(t testing.TB, d *wsfsm.Driver, p []byte) {
	t.Helper()
	if err := d.Receive(p); err != nil {
		t.Fatal(err)
	}
}

func want(t testing.TB, d *wsfsm.Driver, kind wsfsm.EventKind) wsfsm.Event {
	t.Helper()
	e, ok := d.Next()
	if !ok || e.Kind != kind {
		t.Fatalf("event %v %q %v, want %v", e.Kind, e.Data, d.Err(), kind)
	}
	return e
}

func wantNone(t testing.TB, d *wsfsm.Driver) {
	t.Helper()
	if e, ok := d.Next(); ok {
		t.Fatalf("unexpected event %v %q %v", e.Kind, e.Data, d.Err())
	}
}

func wantOutput(t testing.TB, d *wsfsm.Driver, hex string) {
	t.Helper()
	var all []byte
	for _, run := range d.AppendOutput(nil) {
		all = append(all, run...)
	}
	if got := fmt.Sprintf("% x", all); got != hex {
		t.Fatalf("output % s, want %s", got, hex)
	}
	d.Sent(len(all))
}

func frame(opcode byte, payload string) []byte {
	return wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: opcode, Masked: true, Key: key}, []byte(payload))
}

func TestReceiveIsRefusedWhileInputIsPending(t *testing.T) {
	d := openServer(t, wsfsm.Options{})
	receive(t, d, append(frame(1, "a"), frame(1, "b")...))
	if err := d.Receive([]byte("x")); !errors.Is(err, wsfsm.ErrInputPending) {
		t.Fatalf("got %v", err)
	}
	for e := range d.Events() {
		if string(e.Data) != "a" {
			t.Fatalf("got %q", e.Data)
		}
		break
	}
	if d.Pending() == 0 {
		t.Fatal("leaving the loop early has lost input")
	}
	if e := want(t, d, wsfsm.EventMessage); string(e.Data) != "b" || !e.First() || !e.Last() {
		t.Fatalf("got %+v", e)
	}
	if d.Pending() != 0 || !errors.Is(d.Receive([]byte("x")), wsfsm.ErrInputPending) {
		t.Fatal("the buffer is given back before Next says so")
	}
	wantNone(t, d)
	if err := d.Receive(frame(1, "c")); err != nil {
		t.Fatal(err)
	}
}

func TestQueueIsBounded(t *testing.T) {
	d := endpoint(t, wsfsm.Options{MaxOutput: 100}).Server()
	n := 0
	for ; d.Text(nil) == nil && n < 1000; n++ {
	}
	if err := d.Text(nil); !errors.Is(err, wsfsm.ErrOutputFull) || n > 50 {
		t.Fatalf("%d empty messages are queued, then %v", n, err)
	}
}

func TestAnswerStaysRightWhateverHappensToItsBuffer(t *testing.T) {
	d := openServer(t, wsfsm.Options{})
	in := frame(1, "hello")
	receive(t, d, in)
	e := want(t, d, wsfsm.EventMessage)
	if err := d.Text(e.Data); err != nil {
		t.Fatal(err)
	}
	clear(in)
	wantNone(t, d)
	wantOutput(t, d, "81 05 68 65 6c 6c 6f")
}

func TestBlockedOutputHoldsInputBack(t *testing.T) {
	d := openServer(t, wsfsm.Options{MaxOutput: 10})
	receive(t, d, append(frame(2, "0123456789"), frame(2, "next")...))
	e := want(t, d, wsfsm.EventMessage)
	if err := d.Binary(e.Data); err != nil {
		t.Fatal(err)
	}
	if err := d.Binary([]byte("x")); !errors.Is(err, wsfsm.ErrOutputFull) || !d.Blocked() {
		t.Fatalf("got %v", err)
	}
	wantNone(t, d)
	if d.Pending() == 0 {
		t.Fatal("input was read although output is full")
	}
	d.Sent(12)
	if e := want(t, d, wsfsm.EventMessage); string(e.Data) != "next" {
		t.Fatalf("got %q", e.Data)
	}
}

func TestKeepReadingCoalescesPongs(t *testing.T) {
	d := openServer(t, wsfsm.Options{MaxOutput: 4, KeepReading: true})
	if err := d.Binary([]byte("0123")); err != nil {
		t.Fatal(err)
	}
	receive(t, d, append(append(frame(9, "one"), frame(9, "two")...), frame(2, "x")...))
	want(t, d, wsfsm.EventPing)
	want(t, d, wsfsm.EventPing)
	want(t, d, wsfsm.EventMessage)
	wantOutput(t, d, "82 04 30 31 32 33")
	wantOutput(t, d, "8a 03 74 77 6f")
	wantOutput(t, d, "")
}

func TestLend(t *testing.T) {
	d := openServer(t, wsfsm.Options{})
	lent, returned := []byte("lent"), 0
	if err := d.Text([]byte("a")); err != nil {
		t.Fatal(err)
	}
	if err := d.Lend(wsfsm.Binary, lent, func() { returned++ }); err != nil {
		t.Fatal(err)
	}
	if err := d.Lend(wsfsm.Binary, nil, func() { returned += 10 }); err != nil {
		t.Fatal(err)
	}
	if err := d.Text([]byte("b")); err != nil {
		t.Fatal(err)
	}
	var all []byte
	for d.Unsent() > 0 {
		before := d.Unsent()
		all = append(all, d.Output()[0])
		if d.Sent(1); d.Unsent() != before-1 {
			t.Fatalf("%d octets unsent after one of %d was sent", d.Unsent(), before)
		}
		if done := len(all) >= 9; (returned%10 == 1) != done {
			t.Fatalf("after %d octets done was called %d times", len(all), returned)
		}
	}
	if got := fmt.Sprintf("% x", all); got != "81 01 61 82 04 6c 65 6e 74 82 00 81 01 62" || returned != 11 {
		t.Fatalf("output %s, returned %d", got, returned)
	}
	if err := d.Lend(wsfsm.Binary, lent, func() { returned++ }); err != nil {
		t.Fatal(err)
	}
	if d.DropOutput(); returned != 12 || d.Unsent() != 0 {
		t.Fatalf("DropOutput: returned %d, unsent %d", returned, d.Unsent())
	}
	queued := endpoint(t, wsfsm.Options{}).Server()
	if err := queued.Lend(wsfsm.Binary, lent, func() { returned++ }); err != nil {
		t.Fatal(err)
	}
	if queued.DropOutput(); returned != 13 {
		t.Fatalf("DropOutput before the connection is open: returned %d", returned)
	}
	if err := openClient(t, wsfsm.Options{}).Lend(wsfsm.Text, lent, nil); !errors.Is(err, wsfsm.ErrMasked) {
		t.Fatalf("a client lends: %v", err)
	}
}

func TestPongSettlesItsPingAndEarlierOnes(t *testing.T) {
	d := openServer(t, wsfsm.Options{})
	for i := range wsfsm.MaxPings {
		if id, err := d.Ping([]byte{byte(i)}); err != nil || id != wsfsm.PingID(i+1) {
			t.Fatalf("ping %d: %d, %v", i, id, err)
		}
	}
	if _, err := d.Ping(nil); !errors.Is(err, wsfsm.ErrTooManyPings) {
		t.Fatalf("got %v", err)
	}
	receive(t, d, append(frame(10, "\x1e"), frame(10, "\x03")...))
	if e := want(t, d, wsfsm.EventPong); e.Ping() != 31 {
		t.Fatalf("got %d", e.Ping())
	}
	if e := want(t, d, wsfsm.EventPong); e.Ping() != 0 {
		t.Fatalf("a pong settled earlier counts again: %d", e.Ping())
	}
	if _, err := d.Ping(nil); err != nil {
		t.Fatal(err)
	}
}

func TestRefusalNamesCommandMachineAndState(t *testing.T) {
	d := openServer(t, wsfsm.Options{})
	if err := d.Begin(wsfsm.Text, []byte("a")); err != nil {
		t.Fatal(err)
	}
	d.Sent(d.Unsent())
	err := d.Text([]byte("b"))
	var refused *wsfsm.RefusedError
	if !errors.Is(err, wsfsm.ErrRefused) || !errors.As(err, &refused) || refused.Machine != states.MachineMessage || refused.State != "text-wait" {
		t.Fatalf("got %v", err)
	}
	if err := d.Append(nil); err != nil {
		t.Fatal(err)
	}
	if err := d.End([]byte("c")); err != nil {
		t.Fatal(err)
	}
	wantOutput(t, d, "00 00 80 01 63")
	if err := d.Append(nil); !errors.Is(err, wsfsm.ErrRefused) {
		t.Fatalf("got %v", err)
	}
}

func TestTextIsCheckedBeforeItIsSent(t *testing.T) {
	d := openServer(t, wsfsm.Options{})
	for _, err := range []error{d.Text([]byte("\xff")), d.Text([]byte("\xe2\x82")), d.Begin(wsfsm.Text, []byte("\xc0"))} {
		if !errors.Is(err, wsfsm.ErrInvalidText) {
			t.Fatalf("got %v", err)
		}
	}
	if err := d.Begin(wsfsm.Text, []byte("\xe2\x82")); err != nil {
		t.Fatal(err)
	}
	d.Sent(d.Unsent())
	if err := d.End(nil); !errors.Is(err, wsfsm.ErrInvalidText) {
		t.Fatalf("a text that ends inside a character: %v", err)
	}
	if err := d.End([]byte("\xac")); err != nil {
		t.Fatal(err)
	}
	wantOutput(t, d, "80 01 ac")
}

func TestDetachReturnsWhatFollowsTheHead(t *testing.T) {
	d := endpoint(t, wsfsm.Options{}).Server()
	receive(t, d, []byte("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest"))
	want(t, d, wsfsm.EventRequest)
	if r := d.Request(); r.WebSocket || r.Target != "/" || r.Header.Get("HOST") != "a" {
		t.Fatalf("got %+v", r)
	}
	wantNone(t, d)
	rest, err := d.Detach()
	if err != nil || string(rest) != "rest" {
		t.Fatalf("got %q, %v", rest, err)
	}
	if d.ReceiveEOF(nil); d.State() != states.ConnectionClosed {
		t.Fatalf("state %v", d.State())
	}
	wantNone(t, d)
}

func TestHeaderFieldsCannotInjectLines(t *testing.T) {
	for _, f := range []wsfsm.Field{{Name: "A", Value: "b\r\nC: d"}, {Name: "A: b\r\nC", Value: "d"}, {Name: "A", Value: "\x00"}, {Name: "", Value: "x"}, {Name: "Upgrade", Value: "x"}} {
		if _, err := wsfsm.NewEndpoint(wsfsm.Options{Header: []wsfsm.Field{f}}); err == nil {
			t.Errorf("Options.Header: %+v is accepted", f)
		}
		d := endpoint(t, wsfsm.Options{}).Server()
		receive(t, d, []byte(request))
		want(t, d, wsfsm.EventRequest)
		if err := d.Start(f); err == nil {
			t.Errorf("Start: %+v is accepted", f)
		}
		if err := d.Reject(400, []wsfsm.Field{f}, nil); err == nil && f.Name != "Upgrade" {
			t.Errorf("Reject: %+v is accepted", f)
		}
	}
}

// sparse gives few random octets.
type sparse struct{ left int }

func (s *sparse) Read(p []byte) (int, error) {
	if s.left < len(p) {
		return 0, io.ErrUnexpectedEOF
	}
	s.left -= len(p)
	return len(p), nil
}

func TestFailingRandomnessRefusesCommands(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{Rand: &sparse{left: 8}})
	d, err := ep.Client("ws://a/")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(); !errors.Is(err, io.ErrUnexpectedEOF) || d.Unsent() > 0 {
		t.Fatalf("Start: %v, %d octets", err, d.Unsent())
	}
	d = openClient(t, wsfsm.Options{Rand: &sparse{left: 16}})
	if err := d.Text([]byte("a")); !errors.Is(err, io.ErrUnexpectedEOF) || d.Unsent() > 0 {
		t.Fatalf("Text: %v, %d octets", err, d.Unsent())
	}
}

func TestClientURLs(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{})
	for url, lines := range map[string]string{
		"ws://example.com":               "GET / HTTP/1.1\r\nHost: example.com\r\n",
		"ws://example.com:80/a%20b?c=d":  "GET /a%20b?c=d HTTP/1.1\r\nHost: example.com\r\n",
		"wss://example.com:80/?":         "GET / HTTP/1.1\r\nHost: example.com:80\r\n",
		"wss://example.com:443?x":        "GET /?x HTTP/1.1\r\nHost: example.com\r\n",
		"WS://[::1]:9001/":               "GET / HTTP/1.1\r\nHost: [::1]:9001\r\n",
		"ws://us%65r:p%40ss@example.com": "GET / HTTP/1.1\r\nHost: example.com\r\n",
	} {
		d, err := ep.Client(url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		if err := d.Start(); err != nil {
			t.Fatal(err)
		}
		out := string(d.Output())
		if !strings.HasPrefix(out, lines) {
			t.Errorf("%s: %q", url, out)
		}
		if strings.Contains(url, "@") != strings.Contains(out, "\r\nAuthorization: Basic dXNlcjpwQHNz\r\n") {
			t.Errorf("%s: %q", url, out)
		}
	}
	for _, url := range []string{"", "http://a/", "ws:///a", "ws://a/#b", "ws://a/#", "ws://ä/", "ws://a:99999/", "ws://a/?b c", "ws://a/?b\r\nc", "ws://:s3cret@/", "::"} {
		if _, err := ep.Client(url); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

package wsfsm_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/states"
)

// stretch is an extension of the tests: it sends each octet so many times, and
// gives one of them back.
type stretch struct {
	name  string
	bits  extension.Bits
	scope extension.Scope
	times int
	fail  error // of the decoder, at the octet '!'
}

func (x *stretch) Name() string                    { return x.name }
func (x *stretch) Offers() [][]extension.Parameter { return [][]extension.Parameter{nil} }

func (x *stretch) Answer([][]extension.Parameter) ([]extension.Parameter, *extension.Session) {
	return nil, x.session()
}

func (x *stretch) Accept([]extension.Parameter) (*extension.Session, error) { return x.session(), nil }

func (x *stretch) session() *extension.Session {
	return &extension.Session{Bits: x.bits, Scope: x.scope, Encoder: &stretching{stretch: x}, Decoder: &stretching{stretch: x}}
}

// stretching works in one direction of one connection.
type stretching struct {
	*stretch
	seen int // octets of the run at hand
	end  int // octets that End still has to give
}

func (s *stretching) Encode(dst, p []byte, at extension.Position) ([]byte, extension.Bits, bool) {
	if bytes.HasPrefix(p, []byte("plain")) && (at == extension.Whole || at == extension.First) {
		return dst, 0, false
	}
	for _, b := range p {
		dst = append(dst, bytes.Repeat([]byte{b}, s.times)...)
	}
	return dst, s.bits, true
}

func (s *stretching) Begin(extension.Bits) { s.seen, s.end = 0, 3 }

func (s *stretching) Decode(dst, src []byte, room int) ([]byte, int, error) {
	start := len(dst)
	for n, b := range src {
		switch {
		case b == '!' && s.fail != nil:
			return dst, n, s.fail
		case s.seen+1 < s.times:
			s.seen++
		case len(dst)-start == room:
			return dst, n, nil
		default:
			dst, s.seen = append(dst, b), 0
		}
	}
	return dst, len(src), nil
}

// End gives three dots, one at a time.
func (s *stretching) End(dst []byte, room int) ([]byte, bool, error) {
	if s.end > 0 && room > 0 {
		dst = append(dst, '.')
		s.end--
	}
	return dst, s.end == 0, nil
}

func (s *stretching) Release() {}

const offerAll = "Sec-WebSocket-Extensions: a, b, c\r\n"

// openExtended returns a server that has agreed on the extensions.
func openExtended(t testing.TB, o wsfsm.Options, list ...extension.Extension) *wsfsm.Driver {
	t.Helper()
	o.AutoStart, o.Extensions = true, list
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		t.Fatal(err)
	}
	d := ep.Server()
	receive(t, d, []byte("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"+offerAll+"\r\n"))
	for range d.Events() {
	}
	d.Sent(d.Unsent())
	return d
}

func coded(opcode byte, final bool, rsv extension.Bits, p string) []byte {
	return wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: opcode, Final: final, RSV: byte(rsv), Masked: true, Key: key}, []byte(p))
}

// texts receives a stream cut in two and returns the messages and the error.
func texts(t *testing.T, d *wsfsm.Driver, stream []byte, cut int) (messages []string, failure error) {
	t.Helper()
	var piece []byte
	for _, p := range [][]byte{bytes.Clone(stream[:cut]), bytes.Clone(stream[cut:])} {
		receive(t, d, p)
		for e := range d.Events() {
			switch e.Kind {
			case wsfsm.EventMessage:
				if piece = append(piece, e.Data...); e.Last() {
					messages, piece = append(messages, string(piece)), nil
				}
			case wsfsm.EventError:
				failure = d.Err()
			}
		}
	}
	return messages, failure
}

func TestChains(t *testing.T) {
	message := &stretch{name: "a", bits: extension.RSV1, times: 2}
	frame := &stretch{name: "b", bits: extension.RSV3, scope: extension.PerFrame, times: 3}
	always := &stretch{name: "c", times: 2}
	for name, c := range map[string]struct {
		list   []extension.Extension
		stream []byte
		want   string
	}{
		"message":           {[]extension.Extension{message}, coded(1, true, 4, "aabb"), "ab..."},
		"message, split":    {[]extension.Extension{message}, append(coded(1, false, 4, "a"), coded(0, true, 0, "abb")...), "ab..."},
		"frames":            {[]extension.Extension{frame}, append(coded(1, false, 1, "aaa"), coded(0, true, 1, "bbb")...), "a...b..."},
		"one frame of two":  {[]extension.Extension{frame}, append(coded(1, false, 0, "aaa"), coded(0, true, 1, "bbb")...), "aaab..."},
		"both":              {[]extension.Extension{message, frame}, append(coded(1, false, 5, "aaaaaa"), coded(0, true, 1, "bbbbbb")...), "a.b.|"},
		"none":              {[]extension.Extension{message, frame}, coded(1, true, 0, "abc"), "abc"},
		"without a bit":     {[]extension.Extension{always}, append(coded(1, true, 0, "aabb"), coded(2, true, 0, "")...), "ab...|..."},
		"then without bits": {[]extension.Extension{message}, append(coded(1, true, 4, "aa"), coded(1, true, 0, "bb")...), "a...|bb"},
	} {
		for _, o := range []wsfsm.Options{{}, {Deliver: wsfsm.DeliverPieces}, {Observer: func(wsfsm.Transition) {}}} {
			for cut := range c.stream {
				got, err := texts(t, openExtended(t, o, c.list...), c.stream, cut)
				if name == "both" { // dots of frames are octets of the message
					if err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "a.") {
						t.Fatalf("%s, cut at %d: %q, %v", name, cut, got, err)
					}
					continue
				}
				if s := strings.Join(got, "|"); s != c.want || err != nil {
					t.Fatalf("%s, cut at %d: %q, %v; want %q", name, cut, s, err, c.want)
				}
			}
		}
	}
}

func TestConflictsAreNotAgreedTo(t *testing.T) {
	a := &stretch{name: "a", bits: extension.RSV1, times: 1}
	for name, c := range map[string]struct {
		second *stretch
		want   string
	}{
		"same bit":      {&stretch{name: "b", bits: extension.RSV1 | extension.RSV2}, "[a]"},
		"other bit":     {&stretch{name: "b", bits: extension.RSV2}, "[a b]"},
		"frames behind": {&stretch{name: "b", bits: extension.RSV2, scope: extension.PerFrame}, "[a b]"},
	} {
		if got := fmt.Sprint(openExtended(t, wsfsm.Options{}, a, c.second).Extensions()); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	frames := &stretch{name: "c", bits: extension.RSV3, scope: extension.PerFrame}
	if got := fmt.Sprint(openExtended(t, wsfsm.Options{}, frames, a).Extensions()); got != "[c]" {
		t.Errorf("messages behind frames: %s", got)
	}
}

func TestSentThroughChain(t *testing.T) {
	d := openExtended(t, wsfsm.Options{}, &stretch{name: "a", bits: extension.RSV1, times: 2}, &stretch{name: "b", bits: extension.RSV3, scope: extension.PerFrame, times: 2})
	done := 0
	for _, c := range []struct {
		send func([]byte) error
		p    string
		want string
	}{
		{d.Text, "ab", "\xd1\x08aaaabbbb"},
		{func(p []byte) error { return d.Begin(wsfsm.Text, p) }, "a", "\x51\x04aaaa"},
		{d.Append, "b", "\x10\x04bbbb"},
		{d.End, "c", "\x90\x04cccc"},
		{func(p []byte) error { return d.Begin(wsfsm.Text, p) }, "plain", "\x01\x05plain"},
		{d.End, "x", "\x90\x02xx"},
		{func(p []byte) error { return d.Lend(wsfsm.Binary, p, func() { done++ }) }, "ab", "\xd2\x08aaaabbbb"},
		{d.Pong, "p", "\x8a\x01p"},
	} {
		if err := c.send([]byte(c.p)); err != nil {
			t.Fatal(err)
		}
		if got := bytes.Join(d.AppendOutput(nil), nil); string(got) != c.want {
			t.Errorf("%q: %q, want %q", c.p, got, c.want)
		}
		d.Sent(d.Unsent())
	}
	if done != 1 {
		t.Errorf("the payload lent was given back %d times", done)
	}
}

func TestDecoderErrors(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		err       error
		violation states.Violation
		code      wsfsm.CloseCode
	}{{broken, states.BadCoding, 1007}, {fmt.Errorf("more: %w", extension.ErrTooLong), states.TooLong, 1009}} {
		d := openExtended(t, wsfsm.Options{}, &stretch{name: "a", bits: extension.RSV1, times: 1, fail: c.err})
		_, err := texts(t, d, coded(2, true, 4, "abc!"), 0)
		var e *wsfsm.Error
		if !errors.As(err, &e) || e.Violation != c.violation || e.Code != c.code || !errors.Is(err, c.err) {
			t.Errorf("%v: %v", c.err, err)
		}
	}
}

// What is decoded waits while output is full, and counts as pending.
func TestDecodingWaitsForOutput(t *testing.T) {
	d := openExtended(t, wsfsm.Options{MaxOutput: 10, Deliver: wsfsm.DeliverPieces}, &stretch{name: "a", bits: extension.RSV1, times: 1})
	receive(t, d, coded(2, true, 4, strings.Repeat("x", 1_000_000)))
	total, waits := 0, 0
	for {
		for e := range d.Events() {
			total += len(e.Data)
			if err := d.Binary(make([]byte, 20)); err != nil {
				t.Fatal(err)
			}
		}
		if d.Pending() == 0 {
			break
		}
		if err := d.Receive(nil); !errors.Is(err, wsfsm.ErrInputPending) {
			t.Fatalf("Receive: %v", err)
		}
		waits++
		d.Sent(d.Unsent())
	}
	if total != 1_000_003 || waits < 5 {
		t.Errorf("%d octets, %d times full", total, waits)
	}
}

func TestLimitCountsWhatIsDecoded(t *testing.T) {
	x := &stretch{name: "a", bits: extension.RSV1, times: 4}
	for size, want := range map[int]error{97: nil, 98: states.TooLong} { // three dots more
		d := openExtended(t, wsfsm.Options{MaxMessage: 100}, x)
		if _, err := texts(t, d, coded(2, true, 4, strings.Repeat("x", 4*size)), 0); !errors.Is(err, want) {
			t.Errorf("%d octets: %v", size, err)
		}
	}
}

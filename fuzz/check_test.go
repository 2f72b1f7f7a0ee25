package fuzz

import (
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// TestCheckFindsFaults plants a fault for each rule of Check in a server's
// driver. The same program must pass without it.
func TestCheckFindsFaults(t *testing.T) {
	frame := func(typ FrameType, payload string) Op {
		return Op{Kind: OpFrame, Type: typ, Octet: Plain(payload)}
	}
	send := func(kind OpKind, payload string) Op { return Op{Kind: kind, Octet: Plain(payload)} }
	closing := Op{Kind: OpClose, N: 1000}
	stray := frame(FrameContinuation, "x")
	handshake := Options{Handshake: true}
	for _, c := range []struct {
		name  string
		p     Program
		plant func(*faulty)
		want  string
	}{
		{"closed twice", Program{}, func(d *faulty) {
			closed := 0
			d.next = func(e wsfsm.Event, ok bool) (wsfsm.Event, bool) {
				if e.Kind == wsfsm.EventClosed {
					closed++
				}
				if closed == 1 && !ok {
					return wsfsm.Event{Kind: wsfsm.EventClosed}, true
				}
				return e, ok
			}
		}, "comes after the last event"},
		{"no closed", Program{}, func(d *faulty) {
			d.next = func(e wsfsm.Event, ok bool) (wsfsm.Event, bool) { return e, ok && e.Kind != wsfsm.EventClosed }
		}, "closed was reported: false"},
		{"ping after the error", Program{Ops: []Op{stray}}, func(d *faulty) {
			failed := false
			d.next = func(e wsfsm.Event, ok bool) (wsfsm.Event, bool) {
				again := failed && !ok
				failed = e.Kind == wsfsm.EventError
				if again {
					return wsfsm.Event{Kind: wsfsm.EventPing}, true
				}
				return e, ok
			}
		}, "ping comes after the last event"},
		{"refusal that sends", Program{Ops: []Op{send(OpText, "\xff")}}, func(d *faulty) {
			d.text = func(p []byte) error {
				err := d.Driver.Text(p)
				if err != nil {
					_ = d.Driver.Pong(nil)
				}
				return err
			}
		}, "it has changed"},
		{"refusal that is remembered", Program{Ops: []Op{send(OpText, "\xff"), send(OpPong, "x")}}, func(d *faulty) {
			refused := false
			d.text = func(p []byte) error { refused = true; return d.Driver.Text(p) }
			d.pong = func(p []byte) error {
				if !refused {
					p = nil
				}
				return d.Driver.Pong(p)
			}
		}, "without the commands that were refused"},
		{"output without bound", Program{Options: Options{MaxOutput: 10, Hold: true}, Ops: []Op{send(OpPong, "x")}}, func(d *faulty) {
			d.pong = func([]byte) error { return d.Driver.Binary(make([]byte, 5000)) }
		}, "are unsent, more than"},
		{"loan returned twice", Program{Ops: []Op{send(OpLend, "x")}}, func(d *faulty) {
			d.lend = func(k wsfsm.MessageKind, p []byte, done func()) error {
				return d.Driver.Lend(k, p, func() { done(); done() })
			}
		}, "given back 2 times"},
		{"loan returned early", Program{Options: Options{Hold: true}, Ops: []Op{send(OpLend, "x"), {Kind: OpSent, N: 1}}}, func(d *faulty) {
			d.lend = func(k wsfsm.MessageKind, p []byte, done func()) error {
				err := d.Driver.Lend(k, p, nil)
				done()
				return err
			}
		}, "a lent payload is back: true, after 1 octets"},
		{"loan changed", Program{Ops: []Op{send(OpLend, "x")}}, func(d *faulty) {
			d.lend = func(k wsfsm.MessageKind, p []byte, done func()) error {
				return d.Driver.Lend(k, p, func() { p[0]++; done() })
			}
		}, "a lent payload was given back 1 times"},
		{"pending input replaced", Program{Options: Options{MaxOutput: 1, Hold: true}, Ops: []Op{send(OpText, "x"), stray}}, func(d *faulty) {
			d.takesPending = true
		}, "input pending, and Receive returns"},
		{"text on a closed connection", Program{}, func(d *faulty) {
			d.text = func([]byte) error { return nil }
		}, "Text on a closed connection"},
		{"reserved bit sent", Program{Ops: []Op{send(OpText, "x")}}, func(d *faulty) {
			d.change = func(p []byte) { p[0] |= 0x40 }
		}, `finds "reserved-bits"`},
		{"octets behind the close frame", Program{Ops: []Op{closing, send(OpPong, "")}}, func(d *faulty) {
			d.pong = func(p []byte) error {
				if d.Driver.State() == states.ConnectionClosingSent {
					d.extra = []byte{0x8A, 0}
					return nil
				}
				return d.Driver.Pong(p)
			}
		}, "the peer reads 4 of them"},
		{"output that changes", Program{Options: Options{Hold: true}, Ops: []Op{send(OpPing, ""), send(OpPing, "")}}, func(d *faulty) {
			shown := make([]byte, 4)
			d.change = nil
			d.ping = func(p []byte) (wsfsm.PingID, error) {
				shown[0]++
				d.extra = shown
				return d.Driver.Ping(p)
			}
		}, "output has changed"},
		{"message changed", Program{Ops: []Op{frame(FrameBinary, "x")}}, onEvent(wsfsm.EventMessage, func(e *wsfsm.Event) { e.Data = nil }), "the model wants"},
		{"message as text", Program{Ops: []Op{frame(FrameBinary, "x")}}, onEvent(wsfsm.EventMessage, func(e *wsfsm.Event) { e.Message = wsfsm.Text }), "the model wants"},
		{"text that is none", Program{Ops: []Op{frame(FrameText, "x")}}, onEvent(wsfsm.EventMessage, func(e *wsfsm.Event) { e.Data = []byte{0xFF} }), "text is no UTF-8"},
		{"small piece", Program{Ops: []Op{frame(FrameText, "x")}}, onEvent(wsfsm.EventMessage, func(e *wsfsm.Event) { *e = wsfsm.MessageEvent(e.Message, e.Data, true, false) }), "a piece has 1 octets"},
		{"piece of nothing", Program{Ops: []Op{frame(FrameText, "x")}}, onEvent(wsfsm.EventMessage, func(e *wsfsm.Event) { *e = wsfsm.MessageEvent(e.Message, e.Data, false, true) }), "does not belong"},
		{"violation at another octet", Program{Ops: []Op{stray}}, func(d *faulty) {
			d.err = func() error {
				broken, ok := d.Driver.Err().(*wsfsm.Error)
				if !ok {
					return d.Driver.Err()
				}
				moved := *broken
				moved.Offset++
				return &moved
			}
		}, "stray-continuation at 2"},
		{"another close code", Program{Ops: []Op{frame(FrameClose, "\x03\xE8")}}, onEvent(wsfsm.EventClosed, func(e *wsfsm.Event) { *e = wsfsm.ClosedEvent(e.Code()+1, string(e.Data), e.Clean()) }), "the connection ends with"},
		{"unclean", Program{Ops: []Op{frame(FrameClose, "")}}, func(d *faulty) {
			onEvent(wsfsm.EventClosed, func(e *wsfsm.Event) { *e = wsfsm.ClosedEvent(e.Code(), string(e.Data), false) })(d)
			d.err = func() error { return wsfsm.ErrTimeout }
		}, "the connection ends with"},
		{"ping not reported", Program{Ops: []Op{frame(FramePing, "")}}, func(d *faulty) {
			d.next = func(e wsfsm.Event, ok bool) (wsfsm.Event, bool) {
				if e.Kind == wsfsm.EventPing {
					return d.Driver.Next()
				}
				return e, ok
			}
		}, "is missing"},
		{"pong for no ping", Program{Ops: []Op{frame(FramePong, "")}}, onEvent(wsfsm.EventPong, func(e *wsfsm.Event) { *e = wsfsm.PongEvent(1, e.Data) }), "the pong answers ping 1, not 0"},
		{"number of a ping", Program{Ops: []Op{send(OpPing, "")}}, func(d *faulty) {
			d.ping = func(p []byte) (wsfsm.PingID, error) { id, err := d.Driver.Ping(p); return id + 1, err }
		}, "has number 2, not 1"},
		{"pong that is refused", Program{Ops: []Op{send(OpPong, "")}}, func(d *faulty) {
			d.pong = func([]byte) error { return wsfsm.ErrRefused }
		}, "refused: wsfsm: command refused, the model: false"},
		{"another pong", Program{Ops: []Op{send(OpPong, "x")}}, func(d *faulty) {
			d.pong = func([]byte) error { return d.Driver.Pong(nil) }
		}, `the model's is fin true rsv 0 opcode 10 "x"`},
		{"another state", Program{Ops: []Op{closing, send(OpPong, "")}}, func(d *faulty) {
			d.state = func() states.ConnectionState {
				if s := d.Driver.State(); s != states.ConnectionClosingSent {
					return s
				}
				return states.ConnectionOpen
			}
		}, "the model's is close-sent"},
		{"wrong offset", Program{Ops: []Op{frame(FramePing, "")}}, func(d *faulty) {
			base := int64(-1)
			d.offset = func() int64 {
				if base < 0 {
					base = d.Driver.Offset()
				}
				return base
			}
		}, "octets consumed or pending"},
		{"octets lost by Detach", Program{Options: handshake, Ops: []Op{{Kind: OpHead}, frame(FramePing, ""), {Kind: OpDetach}}}, func(d *faulty) {
			d.detach = func() ([]byte, error) { p, err := d.Driver.Detach(); return p[min(1, len(p)):], err }
		}, "the octets from Detach"},
		{"request without a key", Program{Options: handshake, Ops: []Op{{Kind: OpHead, N: 11}}}, func(d *faulty) {
			d.request = &wsfsm.Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", WebSocket: true}
		}, "the request is taken, the model answers 400"},
		{"lost at a cut", Program{Ops: []Op{frame(FrameBinary, "xy")}}, func(d *faulty) { d.Driver = &careless{Driver: d.Driver} }, "input cut another way"},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			cfg := Config{Role: states.Server}
			if err := Check(cfg, c.p); err != nil {
				t.Fatalf("without the fault: %v", err)
			}
			cfg.Wrap = func(d Driver) Driver {
				f := &faulty{Driver: d}
				c.plant(f)
				return f
			}
			if err := Check(cfg, c.p); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("found %v, not %q", err, c.want)
			}
		})
	}
}

// TestCheckFindsResponsesTakenWrongly runs a client that does not look at
// Sec-WebSocket-Accept, and one that refuses all responses.
func TestCheckFindsResponsesTakenWrongly(t *testing.T) {
	rfc := wsfsm.ProtocolNamed("rfc6455")
	accept := func(l wsfsm.HeadLine) bool { return l.Name == "Sec-WebSocket-Accept" }
	for _, c := range []struct {
		response int
		change   func([]wsfsm.HeadLine) []wsfsm.HeadLine
		want     string
	}{
		{4, func(lines []wsfsm.HeadLine) []wsfsm.HeadLine { return slices.DeleteFunc(lines, accept) }, `the response is accepted, the model finds its fault "accept"`},
		{0, func(lines []wsfsm.HeadLine) []wsfsm.HeadLine {
			lines[slices.IndexFunc(lines, accept)].Count = 0
			return lines
		}, "the response is not accepted, the model finds no fault"},
	} {
		p := Program{Options: Options{Handshake: true}, Ops: []Op{{Kind: OpStart}, {Kind: OpHead, N: c.response}}}
		cfg := Config{Role: states.Client}
		if err := Check(cfg, p); err != nil {
			t.Fatalf("without the fault: %v", err)
		}
		changed := *rfc
		changed.Handshake.Heads = slices.Clone(rfc.Handshake.Heads)
		for i := range changed.Handshake.Heads {
			if h := &changed.Handshake.Heads[i]; h.Name == "response" {
				h.Lines = c.change(slices.Clone(h.Lines))
			}
		}
		cfg.Protocol = &changed
		if err := Check(cfg, p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("found %v, not %q", err, c.want)
		}
	}
}

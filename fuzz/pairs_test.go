package fuzz

import (
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// TestPairFindsFaults plants a fault for each rule of CheckPair in both drivers. The
// same program must pass without it.
func TestPairFindsFaults(t *testing.T) {
	send := func(kind OpKind, payload string) Op { return Op{Kind: kind, Octet: Plain(payload)} }
	arrive := []Op{{Kind: OpSent}, {Kind: OpCut}, {Kind: OpNext}, {Kind: OpSent}, {Kind: OpCut}, {Kind: OpNext}}
	for _, c := range []struct {
		name  string
		ops   []Op
		plant func(*faulty)
		want  string
	}{
		{"message changed", []Op{send(OpText, "a")}, onEvent(wsfsm.EventMessage, func(e *wsfsm.Event) { e.Data = nil }), `the event is text "", not`},
		{"message as binary", []Op{send(OpText, "a")}, onEvent(wsfsm.EventMessage, func(e *wsfsm.Event) { e.Message = wsfsm.Binary }), `the event is binary "a", not`},
		{"ping lost", []Op{send(OpPing, "p")}, func(d *faulty) {
			d.next = func(e wsfsm.Event, ok bool) (wsfsm.Event, bool) { return e, ok && e.Kind != wsfsm.EventPing }
		}, "missing is"},
		{"pong changed", append([]Op{send(OpPing, "p")}, arrive...), onEvent(wsfsm.EventPong, func(e *wsfsm.Event) { *e = wsfsm.PongEvent(e.Ping(), []byte("q")) }), "the pong answers ping 1, not 0"},
		{"pong from nowhere", append([]Op{send(OpPing, "p")}, arrive...), onEvent(wsfsm.EventPong, func(e *wsfsm.Event) { *e = wsfsm.PongEvent(0, []byte("q")) }), "answers nothing"},
		{"reserved bit", []Op{send(OpText, "a")}, func(d *faulty) {
			d.change = func(p []byte) {
				if p[0] == 0x81 {
					p[0] |= 0x40
				}
			}
		}, "an honest peer has failed it"},
		{"text that is not sent", []Op{send(OpText, "a")}, func(d *faulty) { d.text = func([]byte) error { return nil } }, "missing is"},
		{"texts that change places", []Op{send(OpText, "a"), send(OpText, "b")}, func(d *faulty) {
			var held []byte
			d.text = func(p []byte) error {
				if held == nil {
					held = append([]byte{}, p...)
					return nil
				}
				_ = d.Driver.Text(p)
				return d.Driver.Text(held)
			}
		}, `the event is text "b", not`},
		{"another close code", []Op{{Kind: OpClose, N: 1001, Octet: Plain("gone")}}, onEvent(wsfsm.EventClosed, func(e *wsfsm.Event) { *e = wsfsm.ClosedEvent(1000, "gone", true) }), "the connection has ended with 1000"},
		{"unclean end", nil, onEvent(wsfsm.EventClosed, func(e *wsfsm.Event) { *e = wsfsm.ClosedEvent(1006, "", false) }), "unclean"},
		{"no end", nil, func(d *faulty) {
			d.next = func(e wsfsm.Event, ok bool) (wsfsm.Event, bool) { return e, ok && e.Kind != wsfsm.EventClosed }
		}, "closed came: false"},
		{"two ends", nil, func(d *faulty) {
			closed := 0
			d.next = func(e wsfsm.Event, ok bool) (wsfsm.Event, bool) {
				if e.Kind == wsfsm.EventClosed {
					closed++
				}
				if closed == 1 && !ok {
					closed++
					return wsfsm.Event{Kind: wsfsm.EventPing}, true
				}
				return e, ok
			}
		}, "comes behind the last event"},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			p := Program{Ops: c.ops}
			if err := CheckPair(Config{}, p); err != nil {
				t.Fatalf("without the fault: %v", err)
			}
			cfg := Config{Wrap: func(d Driver) Driver {
				f := &faulty{Driver: d}
				c.plant(f)
				return f
			}}
			if err := CheckPair(cfg, p); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("found %v, not %q", err, c.want)
			}
		})
	}
}

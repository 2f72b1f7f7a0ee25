package fuzz

import (
	"fmt"
	"math"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// roles returns the model's names of a role and of its peer's.
func roles(r states.Role) (own, peer model.Role) {
	if r == states.Client {
		return model.Client, model.Server
	}
	return model.Server, model.Client
}

// limit returns the message limit that the options stand for.
func (o Options) limit() uint64 {
	switch {
	case o.MaxMessage < 0:
		return math.MaxUint64
	case o.MaxMessage == 0:
		return wsfsm.DefaultMaxMessage
	}
	return uint64(o.MaxMessage)
}

// checkSent has the model read, as the peer, all that was sent: it must be
// frames that break no rule, whole ones, the last of them the close frame if
// there is one.
func checkSent(s side, r *record) error {
	if r.torn {
		return nil
	}
	_, octets := r.sent(s)
	_, peer := s.of(r)
	peer.Limit = math.MaxUint64
	decoded := peer.Decode(octets)
	if decoded.Violation != "" || decoded.Consumed != len(octets) {
		return fmt.Errorf("sent %d octets, the peer reads %d of them and finds %q: %.200x", len(octets), decoded.Consumed, decoded.Violation, octets)
	}
	return nil
}

// checkReceived compares the events with what the model reads in the octets
// received.
func checkReceived(s side, p Program, r *record) error {
	want, closing := expectedEvents(s, p, r)
	for _, got := range r.events() {
		switch got.kind {
		case "request", "open":
			continue
		case "closed":
			if s.version == "hixie-75" {
				continue // how the transport ended decides; checkReactions looks at it
			}
			if got.number != int(closing.Code) || got.data != closing.Data || got.clean != closing.Clean {
				return fmt.Errorf("the connection ends with %v, not %d %q clean %v", got, closing.Code, closing.Data, closing.Clean)
			}
			continue
		}
		if !r.open {
			continue // the error of an opening handshake; watched by the player
		}
		if got.kind == "pong" {
			got.number = 0 // compared by the player
		}
		if len(want) == 0 || want[0] != got {
			return fmt.Errorf("the event is %v, the model wants %v", got, want[:min(len(want), 1)])
		}
		want = want[1:]
	}
	if len(want) > 0 {
		return fmt.Errorf("the event %v is missing", want[0])
	}
	return nil
}

// expectedEvents returns what the octets received mean, and the end of the
// connection.
func expectedEvents(s side, p Program, r *record) (want []event, closing model.Event) {
	closing.Code = uint16(wsfsm.CloseAbnormal)
	if !r.open {
		return nil, closing
	}
	stream := r.received
	if r.readTo >= 0 {
		stream = stream[:min(r.readTo, len(stream))]
	}
	own, _ := s.of(r)
	own.Limit = p.Options.limit()
	decoded := own.Decode(stream[r.openAt:])
	for _, o := range decoded.Outcomes {
		if o.Kind == model.KindClose {
			closing = model.Event{Code: o.Code, Data: o.Data, Clean: true}
			continue
		}
		want = append(want, event{kind: string(o.Kind), data: o.Data})
	}
	if v := decoded.Violation; v != "" {
		want = append(want, event{kind: "error", number: int(own.CloseCode(v)), violation: violationNamed(string(v)), at: r.openAt + decoded.Consumed - 1})
	}
	return want, closing
}

// violationNamed finds a violation by its name; 0 if there is none.
func violationNamed(name string) states.Violation {
	for v := states.Violation(1); v != 0; v++ {
		if v.String() == name {
			return v
		}
	}
	return 0
}

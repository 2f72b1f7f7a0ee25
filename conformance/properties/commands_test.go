package properties

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

const clientRole = states.Client

// roundTrip: what one end sends, in any fragments and between pings, the other one
// receives, whatever the chunks.
func roundTrip(s *stage, in *input) error {
	o := in.options()
	o.MaxMessage = 0
	own, peer, err := s.opened(in, o)
	if err != nil {
		return err
	}
	var want []model.Event
	var message model.Event // that goes on
	for _, op := range in.program.Ops {
		if !isCommand(op) || own.command(op) != nil {
			continue
		}
		data := string(op.Octet.Bytes())
		switch op.Kind {
		case fuzz.OpText, fuzz.OpBinary, fuzz.OpLend:
			want = append(want, model.Event{Kind: model.Kind(messageOf(op).String()), Data: data})
		case fuzz.OpBegin:
			message = model.Event{Kind: model.Kind(messageOf(op).String()), Data: data}
		case fuzz.OpAppend:
			message.Data += data
		case fuzz.OpEnd:
			message.Data += data
			want = append(want, message)
		case fuzz.OpPing:
			want = append(want, model.Event{Kind: model.KindPing, Data: data})
		case fuzz.OpPong:
			want = append(want, model.Event{Kind: model.KindPong, Data: data})
		}
		if err := peer.receive(take(own), in.chunks); err != nil {
			return err
		}
	}
	return same("event", peer.events, want)
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	holds(t, roundTrip, 600)
}

// refusedChangesNothing: a driver that was given commands which it refused looks
// as one that was not, and has done the same.
func refusedChangesNothing(s *stage, in *input) error {
	own, peer, err := s.opened(in, in.options())
	if err != nil {
		return err
	}
	leaveOut := map[int]bool{}
	if err := own.play(in, peer.model, in.program.Ops, nil, func(i int) { leaveOut[i] = true }); err != nil {
		return err
	}
	other, peer, err := s.opened(in, in.options())
	if err != nil {
		return err
	}
	if err := other.play(in, peer.model, in.program.Ops, leaveOut, nil); err != nil {
		return err
	}
	if err := same("event", own.events, other.events); err != nil {
		return err
	}
	if !bytes.Equal(own.sent, other.sent) {
		return fmt.Errorf("sent %x in place of %x", own.sent, other.sent)
	}
	return looksAs(own, other)
}

func TestRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	holds(t, refusedChangesNothing, 800)
}

// finalAbsorbs: once the connection has ended, nothing that is done to a driver has
// any effect.
func finalAbsorbs(s *stage, in *input) error {
	own, peer, err := s.opened(in, in.options())
	if err != nil {
		return err
	}
	half := len(in.program.Ops) / 2
	if err := own.play(in, peer.model, in.program.Ops[:half], nil, nil); err != nil {
		return err
	}
	if err := own.finish(); err != nil {
		return err
	}
	events, sent, failure := len(own.events), len(own.sent), own.driver.Err()
	refused, commands := 0, 0
	for _, op := range in.program.Ops {
		if isCommand(op) {
			commands++
		}
	}
	if err := own.play(in, peer.model, in.program.Ops, nil, func(int) { refused++ }); err != nil {
		return err
	}
	if err := own.finish(); err != nil {
		return err
	}
	if len(own.events) != events || len(own.sent) != sent || refused != commands || !own.isClosed() || own.driver.Err() != failure {
		return fmt.Errorf("behind the end: %+v, sent %x, %d of %d commands refused, %v, %v", own.events[events:], own.sent[sent:], refused, commands, own.driver.State(), own.driver.Err())
	}
	return nil
}

func TestFinalAbsorbs(t *testing.T) {
	t.Parallel()
	holds(t, finalAbsorbs, 600)
}

// closeIsLast: behind the own close frame nothing is sent.
func closeIsLast(s *stage, in *input) error {
	own, peer, err := s.opened(in, in.options())
	if err != nil {
		return err
	}
	ops := in.program.Ops
	half := len(ops) / 2
	if err := own.play(in, peer.model, ops[:half], nil, nil); err != nil {
		return err
	}
	_ = own.Close(0, "") // refused if the connection is closing already
	if err := own.play(in, peer.model, ops[half:], nil, nil); err != nil {
		return err
	}
	if err := own.finish(); err != nil {
		return err
	}
	frames, err := own.frames()
	if err != nil {
		return err
	}
	for i, f := range frames {
		if in.version == "hixie-75" {
			break // it has no close frame
		}
		if f.Opcode == own.model.Opcode(model.KindClose) && i < len(frames)-1 {
			return fmt.Errorf("%+v is sent behind the close frame", frames[i+1])
		}
	}
	return nil
}

func TestCloseIsLast(t *testing.T) {
	t.Parallel()
	holds(t, closeIsLast, 600)
}

// noHiddenState: a driver made of what a snapshot shows answers what comes next as
// the one does whose snapshot it is: another driver with the same history.
func noHiddenState(s *stage, in *input) error {
	ops := in.program.Ops
	at := 0
	if len(ops) > 0 {
		at = in.bits().Intn(len(ops))
	}
	own, peer, err := s.opened(in, in.options())
	if err != nil {
		return err
	}
	twin, _, err := s.opened(in, in.options())
	if err != nil {
		return err
	}
	for _, e := range []*end{own, twin} {
		if err := e.play(in, peer.model, ops[:at], nil, nil); err != nil {
			return err
		}
		// What is pending belongs to what is visible.
		if octets := in.stream(peer.model); len(octets) > 0 {
			if err := e.Receive(bytes.Clone(octets[:1+len(octets)/3])); err != nil {
				return err
			}
		}
	}
	p, err := twin.driver.Snapshot()
	if err != nil {
		return err
	}
	d, err := twin.driver.Endpoint().Restore(p)
	if err != nil {
		return err
	}
	other := &end{calls: d, driver: d, model: own.model, counts: map[string]int{}}
	*own = end{calls: own.calls, driver: own.driver, model: own.model, trace: own.trace, piece: own.piece, counts: map[string]int{}}
	other.piece = bytes.Clone(own.piece)
	for _, e := range []*end{own, other} {
		if err := e.settle(); err != nil {
			return err
		}
		if err := e.play(in, peer.model, ops[at:], nil, nil); err != nil {
			return err
		}
	}
	if err := same("event", other.events, own.events); err != nil {
		return err
	}
	got, err := other.frames()
	if err != nil {
		return err
	}
	want, err := own.frames()
	if err != nil {
		return err
	}
	return same("frame", got, want)
}

func TestNoHiddenState(t *testing.T) {
	t.Parallel()
	holds(t, noHiddenState, 800)
}

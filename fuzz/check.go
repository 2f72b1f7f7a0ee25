package fuzz

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/states"
)

// Check plays a program and says what is wrong with what came of it; nil if
// nothing is. In the order in which it is looked for:
//
//   - No call of the driver breaks a rule that always holds: EventClosed comes
//     once, last, and behind EventError nothing else; a command that fails
//     changes nothing; output is bounded; lent payloads come back once, in time;
//     input is refused while some is pending; a closed connection refuses all.
//   - What was sent is what a peer accepts, and ends with the close frame.
//   - An opening handshake that is part of the program is taken or refused as
//     the model judges it, and commands that waited for it are sent first.
//   - What was received is what the independent model makes of it: the same
//     messages, pings, pongs and close, the same violation at the same octet.
//   - Each operation has the events, the output, the state and the refusal that
//     the independent model says, if the program starts on an open connection,
//     takes each event at once, and output was never full.
//   - A second driver whose input is cut another way, which delivers messages
//     the other way (in pieces or whole) and has an observer, which turns the
//     fused path off, does the same in each operation.
//   - So does a third one that is not given the commands that were refused.
//
// A panic of the driver is not caught.
func Check(cfg Config, p Program) error {
	rec, err := play(cfg, p, way{})
	if err != nil {
		return err
	}
	s := side{cfg.Role, p.Options.Version}
	if len(cfg.Versions) > 0 {
		s = s.recognised(rec)
	}
	if err := errors.Join(checkSent(s, rec), checkOpening(s, cfg, p, rec), checkReceived(s, p, rec)); err != nil {
		return err
	}
	if err := checkReactions(s, p, rec); err != nil {
		return err
	}
	ways := []way{{observe: true, other: true}}
	if refused := rec.refused(); len(refused) > 0 {
		ways = append(ways, way{leaveOut: refused})
	}
	for _, w := range ways {
		again, err := play(cfg, p, w)
		if err != nil {
			return err
		}
		if rec.hasty && w.other {
			continue // what had been given to the driver when the transport ended differs
		}
		if err := same(rec, again); err != nil {
			return fmt.Errorf("%v: %w", w, err)
		}
	}
	return nil
}

// playStream plays the program on a driver of that role.
func playStream(octets []byte, role states.Role) error {
	p, ok := Decode(octets)
	if !ok {
		return nil // not a program of a known version
	}
	return Check(Config{Role: role}, p)
}

// same compares what two drivers did, operation by operation.
func same(a, b *record) error {
	if len(a.steps) != len(b.steps) {
		return fmt.Errorf("%d steps in place of %d", len(b.steps), len(a.steps))
	}
	for i := range a.steps {
		s, t := &a.steps[i], &b.steps[i]
		switch {
		case !slices.Equal(s.events, t.events):
			return fmt.Errorf("step %d, %v: events\n%s\nin place of\n%s", i, s.op, lines(t.events), lines(s.events))
		case string(s.sent) != string(t.sent):
			return fmt.Errorf("step %d, %v: sent %x in place of %x", i, s.op, t.sent, s.sent)
		case s.stands != t.stands:
			return fmt.Errorf("step %d, %v: state %v in place of %v", i, s.op, t.stands, s.stands)
		}
	}
	return nil
}

func lines(events []event) string {
	var all []string
	for _, e := range events {
		all = append(all, "\t"+e.String())
	}
	return strings.Join(all, "\n")
}

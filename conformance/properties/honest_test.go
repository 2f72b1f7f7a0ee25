package properties

import (
	"fmt"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

// honest: two ends that keep the rules never fail each other, whatever is sent when
// and in whatever pieces it arrives; no message is lost, changed or made up, and
// once one of them closes both end cleanly.
func honest(s *stage, in *input) error {
	o := in.options()
	o.MaxMessage = 0
	// Two ends with little room for output that stop reading while it is full may
	// wait for each other; Options.KeepReading is there for that.
	o.MaxOutput, o.KeepReading = in.program.Options.MaxOutput, true
	own, peer, err := s.opened(in, o)
	if err != nil {
		return err
	}
	bits := in.bits()
	ends := [2]*party{{end: own}, {end: peer}}
	for _, op := range in.program.Ops {
		from := bits.Intn(2)
		switch {
		case isCommand(op):
			ends[from].say(op)
		default:
			if err := ends[from].deliver(ends[1-from], 1+bits.Intn(1<<bits.Intn(12))); err != nil {
				return err
			}
		}
	}
	ends[0].say(fuzz.Op{Kind: fuzz.OpEnd})
	ends[1].say(fuzz.Op{Kind: fuzz.OpEnd})
	closes := ends[0].end.Close(0, "")
	if closes != nil && own.driver.State() == states.ConnectionOpen && !ends[0].full() {
		return fmt.Errorf("an open connection is not closed: %w", closes)
	}
	return talkToTheEnd(ends, own.Close)
}

// party is an honest end.
type party struct {
	*end
	message model.Event // that is being sent
	said    []model.Event
	eof     bool
}

func (p *party) full() bool { return p.driver.Blocked() || p.driver.Unsent() > 0 }

// say gives a command and notes the message sent, unless it is refused.
func (p *party) say(op fuzz.Op) {
	if p.command(op) != nil {
		return
	}
	kind, data := model.Kind(messageOf(op).String()), string(op.Octet.Bytes())
	switch op.Kind {
	case fuzz.OpText, fuzz.OpBinary, fuzz.OpLend:
		p.said = append(p.said, model.Event{Kind: kind, Data: data})
	case fuzz.OpBegin:
		p.message = model.Event{Kind: kind, Data: data}
	case fuzz.OpAppend:
		p.message.Data += data
	case fuzz.OpEnd:
		p.message.Data += data
		p.said = append(p.said, p.message)
	}
}

// deliver hands up to n octets of what this end has to send to the other one.
func (p *party) deliver(to *party, n int) error {
	if err := to.listen(); err != nil {
		return err
	}
	octets := p.Output()
	if to.driver.Pending() > 0 || len(octets) == 0 || to.eof {
		return nil
	}
	octets = append([]byte(nil), octets[:min(n, len(octets))]...)
	p.Sent(len(octets))
	if err := to.Receive(octets); err != nil {
		return err
	}
	return to.listen()
}

// listen takes events, until none is left or the output is full.
func (p *party) listen() error {
	for ev, ok := p.Next(); ok; ev, ok = p.Next() {
		if err := p.note(ev); err != nil {
			return err
		}
		if ev.Kind == wsfsm.EventError {
			return fmt.Errorf("an honest peer breaks a rule: %w", p.driver.Err())
		}
	}
	return nil
}

// talkToTheEnd delivers all there is until both ends are closed.
func talkToTheEnd(ends [2]*party, closes func(wsfsm.CloseCode, string) error) error {
	for round := 0; !ends[0].isClosed() || !ends[1].isClosed(); round++ {
		if round > 10000 {
			return fmt.Errorf("the ends are %v and %v for ever", ends[0].driver.State(), ends[1].driver.State())
		}
		_ = closes(0, "") // refused once it has been taken, or while the output is full
		for i, p := range ends {
			if err := p.deliver(ends[1-i], 1<<14); err != nil {
				return err
			}
			hangsUp := p.driver.CloseExpected() == states.WaitHangUp && p.driver.Unsent() == 0
			if !p.eof && (hangsUp || ends[1-i].eof && ends[1-i].driver.Unsent() == 0) {
				p.eof = true
				p.ReceiveEOF(nil)
				if err := p.listen(); err != nil {
					return err
				}
			}
		}
	}
	for i, p := range ends {
		last := p.events[len(p.events)-1]
		if !last.Clean {
			return fmt.Errorf("end %d ends with %+v", i, last)
		}
		got, want := p.messages(), ends[1-i].said
		if len(got) > len(want) || p.model.Version != "hixie-75" && len(got) < len(want) {
			return fmt.Errorf("%d messages in place of %d", len(got), len(want))
		}
		// Behind its own end of the transport, an end of hixie-75 reads nothing.
		if err := same("message", got, want[:len(got)]); err != nil {
			return err
		}
	}
	return nil
}

func TestHonestEnds(t *testing.T) {
	t.Parallel()
	holds(t, honest, 600)
}

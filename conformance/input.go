package conformance

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wsfsm/wsfsm"
)

// receive hands over the octets of consecutive input steps, each step by
// itself or cut as the config says.
func (r *runner) receive(steps []Step) error {
	var parts [][]byte
	for i := range steps {
		parts = append(parts, r.octets(&steps[i]))
	}
	if r.cut != nil {
		parts = r.cut.Apply(r.runs, slices.Concat(parts...))
	}
	r.runs++
	r.held = append(r.held, parts...)
	return r.pump()
}

// pump collects events and hands over input, until the driver wants something
// else first.
func (r *runner) pump() error {
	for {
		if err := r.collect(); err != nil {
			return err
		}
		if r.d.Pending() > 0 {
			return r.refusesInput()
		}
		r.reclaim()
		if len(r.held) == 0 {
			return nil
		}
		if err := r.d.Receive(r.read()); err != nil {
			return r.mismatch("Receive returned an error", "", err.Error())
		}
	}
}

// read returns what is received next.
func (r *runner) read() []byte {
	first := r.held[0]
	if r.cfg.Room {
		if room := r.d.Room(1); room != nil {
			n := copy(room, first)
			if r.held[0] = first[n:]; n == len(first) {
				r.held = r.held[1:]
			}
			return room[:n]
		}
	}
	r.borrowed, r.held = slices.Clone(first), r.held[1:]
	return r.borrowed
}

// reclaim overwrites input that the driver must not read any more.
func (r *runner) reclaim() {
	overwrite(r.borrowed)
	r.borrowed = nil
}

func overwrite(p []byte) {
	for i := range p {
		p[i] = 0xDB
	}
}

// refusesInput checks that pending input is not replaced.
func (r *runner) refusesInput() error {
	pending := r.d.Pending()
	if err := r.d.Receive([]byte{0x81}); !errors.Is(err, wsfsm.ErrInputPending) || r.d.Pending() != pending {
		return r.mismatch("Receive while input is pending", wsfsm.ErrInputPending.Error(), fmt.Sprint(err))
	}
	return nil
}

// pending returns the octets received and not consumed, also those that the
// driver has not been given yet.
func (r *runner) pending() int {
	n := r.d.Pending()
	for _, p := range r.held {
		n += len(p)
	}
	return n
}

// collect takes all events that the driver has.
func (r *runner) collect() error {
	for {
		e, ok := r.d.Next()
		if !ok {
			return nil
		}
		if err := r.inOrder(e); err != nil {
			return err
		}
		if e.Kind == wsfsm.EventMessage {
			if err := r.addMessage(e); err != nil {
				return err
			}
			continue
		}
		r.events = append(r.events, e.Clone())
	}
}

// inOrder checks that EventError is followed by EventClosed only, and
// EventClosed by nothing.
func (r *runner) inOrder(e wsfsm.Event) error {
	if r.closed || r.ended && e.Kind != wsfsm.EventClosed {
		return r.mismatch("an event after the last one", "", eventString(e, r))
	}
	r.closed = e.Kind == wsfsm.EventClosed
	r.ended = r.ended || r.closed || e.Kind == wsfsm.EventError
	return nil
}

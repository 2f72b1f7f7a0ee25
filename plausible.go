package wsfsm

import (
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm/states"
)

// plausible checks that the parts of a driver that was read fit each other, so that
// no method meets what the tables exclude. Whether the machines could ever have come
// there together does not matter.
func (d *Driver) plausible() error {
	for _, err := range []error{
		knownState("connection", d.connection, d.prog.Connection.Final),
		knownState("handshake", d.handshake, d.prog.Handshake.Final),
		knownState("http", d.http, d.prog.HTTP.Final),
		knownState("frame", d.frame, d.prog.Frame.Final),
		knownState("message", d.message, d.prog.Message.Final),
		knownState("message", d.sending, d.prog.Message.Final),
	} {
		if err != nil {
			return err
		}
	}
	switch {
	case d.size < uint64(len(d.body)), d.size > maxLength64, d.inputStage() == states.InputFrame && d.length > maxLength64:
		return errors.New("a message has a size that it cannot have")
	case d.opening == nil && d.needsOpening():
		return errors.New("the opening handshake is missing")
	case d.opening != nil && d.inputStage() == states.InputFrame:
		return errors.New("the opening handshake goes on while frames are read")
	case d.opening == nil && d.prog.masksWhole() && d.frameMask == nil:
		return errors.New("the key of the frames is missing")
	}
	return errors.Join(d.plausibleOpening(), d.plausibleFrame())
}

func knownState[S ~uint8](machine string, s S, final []bool) error {
	if s == 0 || int(s) >= len(final) {
		return fmt.Errorf("the %s has no state %d", machine, s)
	}
	return nil
}

// needsOpening reports whether the connection is in a state that works with what is
// kept during the opening handshake only.
func (d *Driver) needsOpening() bool {
	if d.inputStage() == states.InputHandshake {
		return true
	}
	for e := range 256 {
		switch d.prog.Connection.Table.At(d.connection, states.ConnectionEvent(e)).Do {
		case states.ConnectionDoFlush, states.ConnectionDoQueue:
			return true
		}
	}
	return false
}

// masksWhole reports whether frames are masked by a key of the connection.
func (prog *program) masksWhole() bool {
	for i := range prog.Frame.Reads {
		if r := &prog.Frame.Reads[i]; r.Field == states.FieldFrameNonce || r.Through == states.FieldFrameNonce {
			return true
		}
	}
	return false
}

func (d *Driver) plausibleOpening() error {
	o := d.opening
	if o == nil {
		return nil
	}
	r := &d.prog.Handshake.Reads[d.handshake]
	behind := 0 // octets that are read behind a head
	if r.Kind == states.ReadOctets {
		behind = int(r.Args[d.prog.side])
	}
	server := d.prog.side == int(states.Server)-1
	decides := d.inputStage() == states.InputHandshake && r.Kind != states.ReadHead && !d.prog.Handshake.Final[d.handshake]
	switch {
	case len(o.body) > max(behind-1, 0):
		return fmt.Errorf("%d octets have come behind a head", len(o.body))
	case server && decides && d.Request() == nil:
		return errors.New("the request is missing")
	case !server && behind > 0 && d.Response() == nil:
		return errors.New("the response is missing")
	}
	return d.plausibleHead()
}

// plausibleHead checks how a head has been taken apart so far.
func (d *Driver) plausibleHead() error {
	o, last := d.opening, 0
	for _, end := range o.ends {
		if end < last || end > len(o.text) {
			return errors.New("the parts of a head are out of order")
		}
		last = end
	}
	if o.words > len(o.ends) || !d.prog.headPlaces()[headPlace{d.http, o.words, (len(o.ends) - o.words) % 2}] {
		return fmt.Errorf("a head has %d words and %d parts in the state %s", o.words, len(o.ends), d.http)
	}
	return nil
}

// headPlace is how far a head has come: words of its first line, and names without
// a value, 0 or 1.
type headPlace struct {
	state states.HTTPState
	words int
	open  int
}

// findHeadPlaces follows the rows of the http machine to all places there are.
func (prog *program) findHeadPlaces() map[headPlace]bool {
	return reached(headPlace{state: prog.HTTP.Initial[prog.side]}, func(at headPlace, event uint8) (headPlace, bool) {
		c := prog.HTTP.Table.At(at.state, states.HTTPEvent(event))
		to := headPlace{c.To, at.words, at.open}
		switch c.Do {
		case states.HTTPDoEndWord:
			to.words++
		case states.HTTPDoEndName, states.HTTPDoEndValue:
			to.open ^= 1
		}
		return to, c.To != 0 && to.words <= 3
	})
}

func (d *Driver) plausibleFrame() error {
	r := &d.prog.Frame.Reads[d.frame]
	var gathers bool
	field := 0
	switch r.Kind {
	case states.ReadOctets:
		field = max(int(r.Args[d.prog.side])-1, 0)
	case states.ReadBody:
		gathers = true
	}
	switch {
	case int(d.filled) > field:
		return fmt.Errorf("%d octets of a field have come in the state %s", d.filled, d.frame)
	case d.parts != nil && len(d.parts.gather) > 0 && !gathers:
		return fmt.Errorf("a control frame is gathered in the state %s", d.frame)
	case d.inputStage() != states.InputFrame:
		return nil
	}
	if !d.prog.framePlaces()[framePlace{d.frame, d.prog.Message.Reads[d.message].Kind}] {
		return fmt.Errorf("the frame is %s while the message is %s", d.frame, d.message)
	}
	return nil
}

// framePlace is a state of the frame machine, and what the message machine waits
// for then: a frame or its content.
type framePlace struct {
	state  states.FrameState
	awaits states.ReadKind
}

// findFramePlaces follows the rows of the frame machine to all places there are.
func (prog *program) findFramePlaces() map[framePlace]bool {
	return reached(framePlace{prog.Frame.Initial[prog.side], states.ReadFrame}, func(at framePlace, event uint8) (framePlace, bool) {
		c := prog.Frame.Table.At(at.state, states.FrameEvent(event))
		to := framePlace{c.To, at.awaits}
		switch c.Do {
		case states.FrameDoBegin:
			to.awaits = states.ReadContent
		case states.FrameDoEnd:
			to.awaits = states.ReadFrame
		}
		return to, c.To != 0
	})
}

// reached returns all places that events lead to from the first.
func reached[P comparable](first P, next func(P, uint8) (P, bool)) map[P]bool {
	seen := map[P]bool{first: true}
	for list := []P{first}; len(list) > 0; {
		at := list[len(list)-1]
		list = list[:len(list)-1]
		for e := range 256 {
			if to, ok := next(at, uint8(e)); ok && !seen[to] {
				seen[to] = true
				list = append(list, to)
			}
		}
	}
	return seen
}

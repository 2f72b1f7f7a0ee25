package wsfsm

import (
	"iter"

	"github.com/wsfsm/wsfsm/states"
)

// Receive hands over octets that came from the transport. The driver borrows p
// and may overwrite it (payloads are unmasked in place) until Next has returned
// false and Pending is zero. Before that Receive returns ErrInputPending and
// takes nothing.
func (d *Driver) Receive(p []byte) error {
	if d.borrowed {
		return d.refusedInput()
	}
	d.in, d.borrowed, d.unmarked = p, len(p) > 0, false
	return nil
}

// refusedInput says why Receive takes nothing.
func (d *Driver) refusedInput() error {
	if d.handedOver() {
		return ErrHandedOver
	}
	return ErrInputPending
}

// ReceiveEOF says that the transport has ended, after what was received so far:
// orderly (nil) or by an error, which EventClosed then carries. Once the
// connection is closed it changes nothing.
func (d *Driver) ReceiveEOF(cause error) {
	if d.connection == d.finalState() {
		return
	}
	d.ended = true
	d.noteOutcome().cause = cause
}

// Expire says that the timer CloseExpected asked for, or a deadline of the
// caller's own, has run out. The connection is closed at once; input that is
// pending is not looked at any more.
func (d *Driver) Expire() {
	if d.connection == d.finalState() {
		return
	}
	if d.attach() {
		defer d.detach()
	}
	d.noteOutcome().cause = ErrTimeout
	d.fireConnection(states.ConnectionOnTimeout)
}

// Events returns an iterator over Next. Leaving the loop early loses nothing.
func (d *Driver) Events() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for {
			e, ok := d.Next()
			if !ok || !yield(e) {
				return
			}
		}
	}
}

// next is Next for all that takes more than one step.
func (d *Driver) next() (Event, bool) {
	if d.due != 0 {
		return d.takeDue(), !d.handedOver()
	}
	if f := &d.prog.fused; len(d.in) == 0 && !d.ended && d.message == f.rest && f.starts>>d.frame&1 != 0 {
		d.borrowed = false // at rest between messages
		return Event{}, false
	}
	if !d.mayOpen() {
		if d.ep.opensAtOnce && d.opening != nil && d.awaitsHead() && d.takeHead() && d.due != 0 {
			return d.takeDue(), true
		}
		return d.partOrSteps()
	}
	frame, opened := d.openFrame()
	if !opened {
		return d.partOrSteps()
	}
	if kind, ok := d.asMessage(&frame); ok {
		d.expected.note(frame.payload)
		return Event{Kind: EventMessage, Message: kind, detail: detailWhole, Data: frame.payload}, true
	}
	return d.steps(&frame)
}

func (d *Driver) partOrSteps() (Event, bool) {
	if d.takePart() {
		return Event{}, false
	}
	return d.steps(nil)
}

// steps lets the machines take their steps, up to the next event; a frame may have
// been opened before.
func (d *Driver) steps(frame *dataFrame) (Event, bool) {
	if d.attach() {
		defer d.detach()
	}
	if frame != nil {
		d.readFrameWhole(frame)
	}
	for {
		if d.event.Kind != 0 {
			d.expected.note(d.event.Data)
			return d.event, true
		}
		if d.due != 0 {
			return d.takeDue(), true
		}
		if !d.step() && d.event.Kind == 0 && d.due == 0 {
			d.borrowed = d.Pending() > 0
			d.releaseParts()
			return Event{}, false
		}
	}
}

// mayOpen reports whether a message may begin with the input and be delivered
// without a step of its own machine.
func (d *Driver) mayOpen() bool {
	f := &d.prog.fused
	return f.reads>>d.connection&1 != 0 && d.message == f.rest && d.chain == nil && d.Unsent() < d.ep.maxOutput
}

// step goes on with the input, up to the next event. It returns false when
// nothing more can be done now.
func (d *Driver) step() bool {
	switch d.inputStage() {
	case states.InputHandshake:
		if d.stepHandshake() {
			return true
		}
	case states.InputFrame:
		if d.Blocked() && !d.ep.options.KeepReading && !d.ended {
			d.retain()
			return false
		}
		if d.stepFrame() {
			return true
		}
		if d.retain(); d.event.Kind != 0 {
			return true
		}
	default:
		d.take(len(d.in))
		d.forget()
	}
	if len(d.in) > 0 || !d.ended {
		return false
	}
	d.ended = false
	if d.connection == d.finalState() {
		return false
	}
	d.fireConnection(states.ConnectionOnEndOfStream)
	return true
}

// inputStage returns which stage eats octets now.
func (d *Driver) inputStage() states.Input { return d.prog.Connection.Inputs[d.connection] }

// finalState returns the connection's state if it is final, else 0.
func (d *Driver) finalState() states.ConnectionState {
	if d.prog.Connection.Final[d.connection] {
		return d.connection
	}
	return 0
}

// take consumes n octets of the input.
func (d *Driver) take(n int) []byte {
	p := d.in[:n]
	d.in = d.in[n:]
	d.offset += int64(n)
	return p
}

// takeDue returns the first of the events that come once.
func (d *Driver) takeDue() Event {
	if d.handedOver() {
		return Event{}
	}
	first := d.due & -d.due
	d.due &^= first
	switch first {
	case dueRequest:
		return Event{Kind: EventRequest}
	case dueTunnel:
		return Event{Kind: EventTunnel}
	case dueOpen:
		return Event{Kind: EventOpen}
	case dueError:
		return Event{Kind: EventError}
	}
	return d.closedEvent()
}

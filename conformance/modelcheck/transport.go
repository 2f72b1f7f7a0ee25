package modelcheck

import (
	"fmt"
	"slices"
)

// gather takes what a step has added to the output of an end and names it as the
// model does. The one frame of two whose size is not known is told by the other.
func (e *Ends) gather(end int, kinds []string) error {
	have := 0
	for _, f := range e.waiting[end] {
		have += len(f.octets)
	}
	fresh := e.output(end)[have:]
	if (len(fresh) == 0) != (len(kinds) == 0) {
		return fmt.Errorf("end %d sends %d octets where the model sends %q", end, len(fresh), kinds)
	}
	unknown := len(fresh)
	for _, kind := range kinds {
		unknown -= e.sizes[end][kind]
	}
	for _, kind := range kinds {
		size := e.sizes[end][kind]
		if size == 0 {
			size, unknown = unknown, 0
		}
		if size <= 0 || size > len(fresh) {
			return fmt.Errorf("end %d sends %x where the model sends %q", end, fresh, kinds)
		}
		f := frame{kind, fresh[:size]}
		e.waiting[end] = append(e.waiting[end], f)
		e.sent[end] = append(e.sent[end], f)
		fresh = fresh[size:]
	}
	if len(fresh) > 0 {
		return fmt.Errorf("end %d sends %x more than the model", end, fresh)
	}
	return nil
}

// output is a copy of all that an end has to send.
func (e *Ends) output(end int) []byte {
	return slices.Concat(e.drivers[end].AppendOutput(nil)...)
}

// move lets the next frame of an end go on its way if nothing is on the way.
func (e *Ends) move(end int) {
	if len(e.wire[end]) == 0 && len(e.waiting[end]) > 0 {
		next := e.waiting[end][0]
		e.wire[end], e.waiting[end] = append(e.wire[end], next), e.waiting[end][1:]
		e.drivers[end].Sent(len(next.octets))
	}
}

// drop loses everything that is on its way.
func (e *Ends) drop() {
	for end, d := range e.drivers {
		e.wire[end], e.waiting[end] = nil, nil
		for d.Unsent() > 0 { // a pong may have waited for room
			d.Sent(d.Unsent())
		}
	}
}

// take hands the frame that arrives to an end.
func (e *Ends) take(to int, kind string) error {
	from := 1 - to
	if len(e.wire[from]) == 0 || e.wire[from][0].kind != kind {
		return fmt.Errorf("%s does not arrive, but %v", kind, e.wire[from])
	}
	next := e.wire[from][0]
	e.wire[from] = nil
	e.move(from)
	if next.octets == nil {
		e.drivers[to].ReceiveEOF(nil)
		return nil
	}
	return e.drivers[to].Receive(slices.Clone(next.octets))
}

// hangUp ends the transport behind what waits.
func (e *Ends) hangUp(end int) {
	e.ended = append(e.ended, end)
	if !e.lost {
		e.waiting[end] = append(e.waiting[end], frame{kind: "f_end"})
	}
}

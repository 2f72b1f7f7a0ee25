package wsfsm

import "github.com/wsfsm/wsfsm/states"

// layout is how frames are written: what the receiver's tables want of them,
// followed from state to state.
type layout struct {
	prefix states.Field // random octets in front of a frame that mask the whole of it are stored there; 0: none
	masks  bool         // payloads are masked, and the mask bit says so
	marked bool         // the payload of a message ends with a mark and has no length
	mark   byte
}

// keyed reports whether each frame takes a masking key.
func (l *layout) keyed() bool { return l.masks || l.prefix != 0 }

// plain reports whether a frame is its header and its payload, as they are.
func (l *layout) plain() bool { return !l.marked && !l.keyed() }

// layoutFor returns the layout of the frames that the receiver of that side
// reads.
func layoutFor(p *Protocol, side int) (l layout) {
	if r := &p.Frame.Reads[p.Frame.Initial[side]]; r.Kind == states.ReadOctets && r.Args[side] > 0 {
		l.prefix = r.Field
	}
	for _, form := range secondOctets(p, side) {
		l.masks = l.masks || form.header > 0 && form.masked
	}
	l.mark, l.marked = endMark(p, side)
	return l
}

// headState returns the state that reads the head of a frame.
func headState(p *Protocol, side int) states.FrameState {
	s := p.Frame.Initial[side]
	if r := &p.Frame.Reads[s]; r.Kind == states.ReadOctets {
		return p.Frame.Table.At(s, states.FrameOnDone).To
	}
	return s
}

// endMark finds the octet that ends a message's payload, if one does.
func endMark(p *Protocol, side int) (mark byte, ok bool) {
	head := headState(p, side)
	r := &p.Frame.Reads[head]
	if r.Kind != states.ReadOctet {
		return 0, false
	}
	for octet, ev := range p.Frame.Classes[r.Args[side]].Tables[side][0] {
		c := p.Frame.Table.At(head, ev)
		body := &p.Frame.Reads[c.To]
		if c.Do != states.FrameDoBegin || p.messageEvent(byte(octet)) == 0 || body.Kind != states.ReadOctet {
			continue
		}
		for octet, ev := range p.Frame.Classes[body.Args[side]].Tables[side][0] {
			if p.Frame.Table.At(c.To, ev).Do == states.FrameDoEnd {
				return byte(octet), true
			}
		}
	}
	return 0, false
}

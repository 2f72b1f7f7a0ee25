package wsfsm

import (
	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/states"
)

// takePart takes input that is part of a payload and ends inside it, without a
// step of either machine. It returns false, and leaves everything as it is, where
// more than that has to be done.
func (d *Driver) takePart() bool {
	f, p := &d.prog.fused, d.in
	if f.passes>>d.frame&1 == 0 || f.delivers>>d.message&1 == 0 || f.reads>>d.connection&1 == 0 ||
		len(p) == 0 || uint64(len(p)) >= d.length || d.chain != nil || d.ended || d.Unsent() >= d.ep.maxOutput ||
		d.ep.options.Deliver == DeliverPieces && len(d.body)+len(p) >= PieceSize {
		return false
	}
	through, text := d.prog.Frame.Reads[d.frame].Through, d.text
	if through == states.FieldFrameNonce {
		return false
	}
	d.length -= uint64(len(p))
	d.own(len(p))
	plain, ascii := (*d.owned)[len(d.body):][:len(p)], false
	if through == states.FieldKey {
		ascii = mask.XORTo(plain, p, d.key)
	} else {
		copy(plain, p)
	}
	switch d.coding() {
	case states.CodingText, states.CodingTextPart:
		if ascii && text.Complete() || text.Check(plain) < 0 {
			break
		}
		fallthrough
	case states.CodingReplacedText, states.CodingReplacedTextPart:
		d.length += uint64(len(p))
		return false
	}
	if through == states.FieldKey {
		d.key = d.key.At(len(p))
	}
	d.text = text
	d.take(len(p))
	d.size += uint64(len(p))
	d.body = (*d.owned)[:len(d.body)+len(p)]
	*d.owned = d.body
	d.borrowed = false
	return true
}

// fusedFragment takes a fragment inside a message in one step of the message machine:
// one that is neither the first nor the last, whose rows do nothing but deliver it. It
// returns false, and leaves everything as it is, where more than that has to be done.
func (d *Driver) fusedFragment(frame *dataFrame) bool {
	f := &d.prog.fused
	if f.fragments>>d.message&1 == 0 || d.chain != nil || frame.behind > 0 || d.messageClass(frame.head) != states.MessageOnContinuation ||
		d.ep.options.Deliver == DeliverPieces {
		return false
	}
	text := d.text
	if f.texts>>d.message&1 != 0 && !(frame.ascii && text.Complete()) && text.Check(frame.payload) >= 0 {
		return false
	}
	d.text = text
	d.prog.Message.Table.Fire(&d.message, states.MessageOnContinuation)
	d.head, d.length = frame.head, 0
	if len(frame.payload) > 0 {
		d.addToBody(frame.payload)
	}
	d.prog.Message.Table.Fire(&d.message, states.MessageOnEnd)
	return true
}

// messageClass returns what a frame with that head is for the message machine.
func (d *Driver) messageClass(head byte) states.MessageEvent {
	r := &d.prog.Message.Reads[d.message]
	return d.prog.Message.Classes[r.Args[d.prog.side]].Tables[d.prog.side][0][head]
}

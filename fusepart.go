package wsfsm

import (
	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/states"
)

// takePart takes input that is part of a payload and ends inside it, without a
// step of either machine. It returns false, and leaves everything as it is, where
// more than that has to be done.
func (d *Driver) takePart() bool {
	p := d.in
	if !d.passesPart() || len(p) == 0 || uint64(len(p)) >= d.length || d.Unsent() >= d.ep.maxOutput ||
		d.ep.options.Deliver == DeliverPieces && len(d.body)+len(p) >= PieceSize {
		return false
	}
	through, coding, text := d.prog.Frame.Reads[d.frame].Through, d.coding(), d.text
	if through == states.FieldFrameNonce || coding == states.CodingReplacedText || coding == states.CodingReplacedTextPart {
		return false
	}
	there := d.inPlace(p) // it was read into Room
	d.own(len(p))
	plain, ascii := (*d.owned)[len(d.body):][:len(p)], false
	if through == states.FieldKey {
		ascii = mask.XORTo(plain, p, d.key)
	} else if !there {
		copy(plain, p)
	}
	if (coding == states.CodingText || coding == states.CodingTextPart) &&
		!(ascii && text.Complete()) && text.Check(plain) >= 0 {
		if there && through == states.FieldKey {
			mask.XOR(d.key, p)
		}
		return false
	}
	if through == states.FieldKey {
		d.key = d.key.At(len(p))
	}
	d.text = text
	d.length -= uint64(len(p))
	d.take(len(p))
	d.size += uint64(len(p))
	d.body = (*d.owned)[:len(d.body)+len(p)]
	*d.owned = d.body
	d.borrowed = false
	return true
}

// takeFragments takes the fragments that the input begins with, as long as they lie
// there as a whole and their rows do nothing but deliver them: those that are neither
// the first nor the last of a message. It returns true if one is not the text that it
// has to be, which the machines have found then.
func (d *Driver) takeFragments() (broken bool) {
	f, in := &d.prog.fused, d.in
	if f.fragments>>d.message&1 == 0 || f.starts>>d.frame&1 == 0 || d.filled > 0 || f.prefix.octets > 0 ||
		d.ep.options.Deliver == DeliverPieces {
		return false
	}
	class, text := d.messageClasses(), f.texts>>d.message&1 != 0
	for len(in) >= 2 && class[in[0]] == states.MessageOnContinuation && f.data[in[0]] {
		form := f.second[in[1]]
		at, length := int(form.header), uint64(in[1]&0x7F)
		if at == 0 || len(in) < at {
			break
		}
		if form.extra != 0 {
			var ok bool
			if length, ok = form.length(in); !ok {
				break
			}
		}
		if length > uint64(len(in)-at) || d.size+length > d.maxSize {
			break
		}
		frame := dataFrame{head: in[0], payload: in[at : at+int(length)]}
		d.take(at + int(length))
		if form.masked {
			d.key = maskingKey(in[at-4 : at])
			frame.unmaskTo(d.behind(frame.payload), d.key)
		}
		if in = d.in; !d.addFragment(&frame, text) {
			d.handOn(&frame)
			return true
		}
	}
	return false
}

// addFragment adds a fragment to the message, unless it is not the text that it has
// to be.
func (d *Driver) addFragment(frame *dataFrame, text bool) bool {
	if checker := d.text; text && !(frame.ascii && checker.Complete()) {
		if checker.Check(frame.payload) >= 0 {
			return false
		}
		d.text = checker
	}
	d.head, d.length = frame.head, 0
	if len(frame.payload) > 0 {
		d.addToBody(frame.payload)
	}
	return true
}

// fusedFragment is takeFragments for one that the frame machine has taken.
func (d *Driver) fusedFragment(frame *dataFrame) bool {
	f := &d.prog.fused
	return f.fragments>>d.message&1 != 0 && d.chain == nil && frame.behind == 0 && d.messageClasses()[frame.head] == states.MessageOnContinuation &&
		d.ep.options.Deliver != DeliverPieces && d.addFragment(frame, f.texts>>d.message&1 != 0)
}

// messageClasses returns what a frame is for the message machine, by its head.
func (d *Driver) messageClasses() *[256]states.MessageEvent {
	r := &d.prog.Message.Reads[d.message]
	return d.prog.Message.Classes[r.Args[d.prog.side]].Tables[d.prog.side][0]
}

package wsfsm

import (
	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/states"
)

// fusedSending sends a whole message in one step. Like fused it is composed from
// the rows that such a message takes, here those of the connection and of the
// message machine that guards sending.
type fusedSending struct {
	states       uint64              // of the connection in which data is sent at once and that stay as they are, a bit each
	rest         states.MessageState // the state at rest
	text, binary wholeFrame
}

// wholeFrame is how a whole message is sent: its first octet, and whether there is a
// header, then the payload as it is, or a header, a masking key, then the masked payload.
type wholeFrame struct {
	head          byte
	plain, masked bool // neither: not in one step
}

func fuseSending(prog *program) fusedSending {
	f := fusedSending{
		rest:   prog.Message.Initial[prog.side],
		text:   prog.wholeFrame(states.MessageOnTextWhole),
		binary: prog.wholeFrame(states.MessageOnBinaryWhole),
	}
	send := fsm.Cell[states.ConnectionState, states.ConnectionAction]{Do: states.ConnectionDoSend}
	for state := range prog.Connection.Inputs {
		if send.To = states.ConnectionState(state); prog.Connection.Table.At(send.To, states.ConnectionOnSendData) == send {
			f.states |= 1 << state
		}
	}
	return f
}

// wholeFrame follows the rows that a message in one frame takes.
func (prog *program) wholeFrame(ev states.MessageEvent) wholeFrame {
	l, leads := &prog.layout, sendsWhole(prog.Protocol, prog.Message.Initial[prog.side], ev)
	return wholeFrame{
		head:   prog.heads.message[ev],
		plain:  leads && l.plain(),
		masked: leads && !l.marked && l.prefix == 0 && l.masks,
	}
}

// wholeEvent is what a message in one frame is for the receiver's message machine.
func wholeEvent(kind MessageKind) states.MessageEvent {
	if kind == Binary {
		return states.MessageOnBinaryWhole
	}
	return states.MessageOnTextWhole
}

// sendsWhole follows the rows that a whole message takes, and back to rest.
func sendsWhole(p *Protocol, rest states.MessageState, ev states.MessageEvent) bool {
	begin := p.Message.Table.At(rest, ev)
	return begin.To != 0 && begin.Do.Violation() == 0 && p.Message.Table.At(begin.To, states.MessageOnEnd).To == rest
}

// frame returns how a message of that kind is sent.
func (f *fusedSending) frame(kind MessageKind) wholeFrame {
	if kind == Binary {
		return f.binary
	}
	return f.text
}

// atRest reports whether a message is sent at once.
func (f *fusedSending) atRest(d *Driver) bool {
	return f.states>>(d.connection&63)&1 != 0 && d.sending == f.rest
}

// sendWhole sends a whole message in one step. Otherwise, and wherever the command
// might be refused, it changes nothing and returns false.
func (d *Driver) sendWhole(kind MessageKind, p []byte) bool {
	f := &d.prog.sends
	if !f.atRest(d) || d.Unsent() >= d.ep.maxOutput || kind == Text && !validText(p) {
		return false
	}
	switch w := f.frame(kind); {
	case !w.plain && !(w.masked && (d.hasKey() || d.drawKeys() == nil)):
		return false
	case d.chain != nil:
		d.encodeMessage(w.head, command{message: wholeEvent(kind), payload: p})
	case w.plain:
		buf := d.out.reserve(d.ep, len(p))
		*buf = appendFrame(*buf, w.head, p)
	default:
		buf := d.out.reserve(d.ep, len(p))
		*buf = appendMaskedFrame(*buf, w.head, d.nextKey(), p)
	}
	return true
}

// EncodeMessage sends a message in one frame as Text and Binary do, but appends
// what is to be written to dst, which belongs to the caller, and returns the longer
// slice: all that waits to be written, then the message. The driver takes it for
// sent. Errors are as for Text; dst is then returned as it was. p must not overlap
// the room behind dst.
func (d *Driver) EncodeMessage(dst []byte, kind MessageKind, p []byte) ([]byte, error) {
	// What is short is encoded here as appendFrame does: without a call before its end
	// nothing need be kept on the stack, which is a third of the time.
	if at := len(dst); inTwoWords(p) && cap(dst)-at >= maxShort && d.encodesAtOnce() {
		if w := d.prog.sends.frame(kind); w.plain && (kind == Binary || asciiWords(p)) {
			return dst[:at+putShort((*[maxShort]byte)(dst[at:at+maxShort]), w.head, p)], nil
		}
	}
	return d.encodeAny(dst, kind, p)
}

// encodesAtOnce reports whether a message is sent at once, behind nothing that waits.
func (d *Driver) encodesAtOnce() bool {
	return d.out.buf == nil && d.chain == nil && d.prog.sends.atRest(d)
}

// encodeAny is EncodeMessage for any message.
func (d *Driver) encodeAny(dst []byte, kind MessageKind, p []byte) ([]byte, error) {
	if d.encodesAtOnce() && (kind == Binary || validText(p)) {
		switch w := d.prog.sends.frame(kind); {
		case w.plain:
			return appendFrame(dst, w.head, p), nil
		case w.masked && (d.hasKey() || d.drawKeys() == nil):
			return appendMaskedFrame(dst, w.head, d.nextKey(), p), nil
		}
	}
	return d.appendOutput(dst, kind, p)
}

// appendOutput is EncodeMessage by way of the driver's output.
func (d *Driver) appendOutput(dst []byte, kind MessageKind, p []byte) (_ []byte, err error) {
	if kind == Binary {
		err = d.Binary(p)
	} else {
		err = d.Text(p)
	}
	if err != nil {
		return dst, err
	}
	var room [4][]byte
	for d.out.buf != nil { // a pong may follow that has waited for room
		for _, next := range d.AppendOutput(room[:0]) {
			dst = append(dst, next...)
		}
		d.Sent(d.Unsent())
	}
	return dst, nil
}

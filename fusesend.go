package wsfsm

import (
	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/states"
)

// fusedSending sends a whole message in one step. Like fused it is composed from
// the rows that such a message takes, here those of the connection and of the
// message machine that guards sending.
type fusedSending struct {
	states uint64              // of the connection in which data is sent at once and that stay as they are, a bit each
	rest   states.MessageState // the state at rest
	whole  [3]bool             // by kind: the rows lead back to rest
	heads  [3]byte             // by kind: the first octet
	plain  bool                // a header, then the payload as it is
	masked bool                // a header, a masking key, then the masked payload
}

func fuseSending(prog *program) fusedSending {
	l := &prog.layout
	f := fusedSending{
		rest:   prog.Message.Initial[prog.side],
		plain:  l.plain(),
		masked: !l.marked && l.prefix == 0 && l.masks,
	}
	send := fsm.Cell[states.ConnectionState, states.ConnectionAction]{Do: states.ConnectionDoSend}
	for state := range prog.Connection.Inputs {
		if send.To = states.ConnectionState(state); prog.Connection.Table.At(send.To, states.ConnectionOnSendData) == send {
			f.states |= 1 << state
		}
	}
	for _, kind := range []MessageKind{Text, Binary} {
		f.heads[kind] = prog.heads.message[wholeEvent(kind)]
		f.whole[kind] = sendsWhole(prog.Protocol, f.rest, wholeEvent(kind))
	}
	return f
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

// leads reports whether the rows that a whole message takes lead there and back.
func (f *fusedSending) leads(d *Driver, kind MessageKind) bool {
	return f.states>>d.connection&1 != 0 && f.whole[kind] && d.sending == f.rest
}

// sendWhole sends a whole message in one step. Otherwise, and wherever the command
// might be refused, it changes nothing and returns false.
func (d *Driver) sendWhole(kind MessageKind, p []byte) bool {
	f := &d.prog.sends
	if !f.leads(d, kind) || d.Unsent() >= d.ep.maxOutput || kind == Text && !validText(p) {
		return false
	}
	switch {
	case d.chain != nil && (f.plain || f.masked && (d.hasKey() || d.drawKeys() == nil)):
		d.encodeMessage(f.heads[kind], command{message: wholeEvent(kind), payload: p})
	case d.chain != nil:
		return false
	case f.plain:
		buf := d.out.reserve(d.ep, len(p))
		*buf = appendFrame(*buf, f.heads[kind], p)
	case f.masked && (d.hasKey() || d.drawKeys() == nil):
		buf := d.out.reserve(d.ep, len(p))
		*buf = appendMaskedFrame(*buf, f.heads[kind], d.nextKey(), p)
	default:
		return false
	}
	return true
}

// EncodeMessage sends a message in one frame as Text and Binary do, but appends
// what is to be written to dst, which belongs to the caller, and returns the longer
// slice: all that waits to be written, then the message. The driver takes it for
// sent. Errors are as for Text; dst is then returned as it was. p must not overlap
// the room behind dst.
func (d *Driver) EncodeMessage(dst []byte, kind MessageKind, p []byte) ([]byte, error) {
	f := &d.prog.sends
	if kind != Binary {
		kind = Text
	}
	if d.out.buf == nil && d.chain == nil && f.leads(d, kind) && (kind == Binary || validText(p)) {
		switch {
		case f.plain:
			return appendFrame(dst, f.heads[kind], p), nil
		case f.masked && (d.hasKey() || d.drawKeys() == nil):
			return appendMaskedFrame(dst, f.heads[kind], d.nextKey(), p), nil
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

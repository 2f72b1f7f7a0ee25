package wsfsm

import (
	"encoding/binary"

	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/internal/utf8"
	"github.com/wsfsm/wsfsm/states"
)

// Greatest lengths of the three forms (RFC 6455 §5.2).
const (
	maxLength7  = 125
	maxLength16 = 1<<16 - 1
	maxLength64 = 1<<63 - 1
)

// fused decodes a whole unfragmented data frame in two look-ups. It is composed
// from the tables of the frame and message machines by following their rows
// from the first octet to the last; where a row leads elsewhere there is no
// entry, and the machines take their single steps.
type fused struct {
	whole  [256]MessageKind // by first octet, for a message machine at rest; 0: none
	second [256]secondOctet
	rest   states.MessageState // the state at rest
	head   states.FrameState   // the state before a frame
	reads  uint64              // the states of the connection that frames are read in, a bit each
}

// secondOctet says what follows the second octet of a data frame.
type secondOctet struct {
	header uint8 // octets of the whole header; 0: there is no entry
	extra  uint8 // octets of an extended length, 0, 2 or 8
	masked bool
	padded bool // a longer form than needed will do
}

func fuse(prog *program) fused {
	f := fused{
		rest:   prog.Message.Initial[prog.side],
		head:   prog.Frame.Initial[prog.side],
		second: secondOctets(prog.Protocol, prog.side),
	}
	for state, input := range prog.Connection.Inputs {
		if input == states.InputFrame {
			f.reads |= 1 << state
		}
	}
	length := lengthState(prog.Protocol, prog.side)
	for octet := range f.whole {
		if dataState(prog.Protocol, prog.side, byte(octet)) == length {
			f.whole[octet] = wholeMessage(prog.Protocol, prog.side, byte(octet))
		}
	}
	return f
}

// dataState returns the state that reads the second octet of a data frame: the
// one that the first octet of a whole message leads to, without an action.
func dataState(p *Protocol, side int, octet byte) states.FrameState {
	head := headState(p, side)
	if head != p.Frame.Initial[side] {
		return 0 // a prefix masks the head
	}
	r := &p.Frame.Reads[head]
	if r.Kind != states.ReadOctet || r.Field != states.FieldHead || r.Through != 0 {
		return 0
	}
	c := p.Frame.Table.At(head, p.Frame.Classes[r.Args[side]].Tables[side][0][octet])
	if c.Do != 0 {
		return 0
	}
	return c.To
}

// wholeMessage follows the rows that a whole unfragmented message takes through
// the message machine and back to rest.
func wholeMessage(p *Protocol, side int, octet byte) MessageKind {
	rest := p.Message.Initial[side]
	if r := &p.Message.Reads[rest]; r.Kind != states.ReadFrame {
		return 0
	}
	begin := p.Message.Table.At(rest, p.messageEvent(octet))
	r := &p.Message.Reads[begin.To]
	part := p.Message.Table.At(begin.To, states.MessageOnPart)
	end := p.Message.Table.At(begin.To, states.MessageOnEnd)
	deliver := fsm.Cell[states.MessageState, states.MessageAction]{To: begin.To, Do: states.MessageDoDeliver}
	if r.Kind != states.ReadContent || part != deliver || end.To != rest || end.Do != states.MessageDoDeliverEnd {
		return 0
	}
	switch coding := states.Coding(r.Args[side]); {
	case begin.Do == states.MessageDoBeginText && (coding == states.CodingText || coding == states.CodingReplacedText):
		return Text
	case begin.Do == states.MessageDoBeginBinary && (coding == states.CodingBinary || coding == states.CodingOctets):
		return Binary
	}
	return 0
}

// lengthState returns the state that the second octet of data frames is read
// in: that of the lowest first octet that begins a whole message.
func lengthState(p *Protocol, side int) states.FrameState {
	for octet := range 256 {
		s := dataState(p, side, byte(octet))
		if s != 0 && p.messageEvent(byte(octet)) != 0 && !p.Frame.Final[s] {
			return s
		}
	}
	return 0
}

// secondOctets follows the rows from each second octet to the end of the frame.
func secondOctets(p *Protocol, side int) (forms [256]secondOctet) {
	length := lengthState(p, side)
	if length == 0 {
		return forms
	}
	r := &p.Frame.Reads[length]
	if r.Kind != states.ReadOctet || r.Field != states.FieldLength || r.Through != 0 {
		return forms
	}
	class := p.Frame.Classes[r.Args[side]].Tables[side][0]
	for octet := range forms {
		c := p.Frame.Table.At(length, class[octet])
		if c.To != 0 && c.Do == 0 {
			forms[octet] = followFrame(p, side, c.To)
		}
	}
	return forms
}

// followFrame follows the rows from behind the second octet: an extended
// length, the size check, the masking key, the payload, and back to the head.
func followFrame(p *Protocol, side int, s states.FrameState) (form secondOctet) {
	t := p.Frame.Table
	if r := &p.Frame.Reads[s]; r.Kind == states.ReadOctets && lengthOctets(r.Field) > 0 {
		form.extra = r.Args[side]
		form.padded = r.Field == states.FieldAnyLength16 || r.Field == states.FieldAnyLength64
		c := t.At(s, states.FrameOnDone)
		if c.Do != 0 || r.Through != 0 || form.extra != lengthOctets(r.Field) {
			return secondOctet{}
		}
		s = c.To
	}
	c := t.At(s, states.FrameOnFits)
	if r := &p.Frame.Reads[s]; r.Kind != states.ReadCheck || c.Do != states.FrameDoBegin {
		return secondOctet{}
	}
	s = c.To
	if r := &p.Frame.Reads[s]; r.Kind == states.ReadOctets && r.Field == states.FieldKey && r.Args[side] == 4 {
		form.masked = true
		c := t.At(s, states.FrameOnDone)
		if c.Do != 0 || r.Through != 0 {
			return secondOctet{}
		}
		s = c.To
	}
	r := &p.Frame.Reads[s]
	pass := fsm.Cell[states.FrameState, states.FrameAction]{To: s, Do: states.FrameDoPass}
	end := fsm.Cell[states.FrameState, states.FrameAction]{To: p.Frame.Initial[side], Do: states.FrameDoEnd}
	if r.Kind != states.ReadPayload || (r.Through == states.FieldKey) != form.masked ||
		t.At(s, states.FrameOnPart) != pass || t.At(s, states.FrameOnDone) != end {
		return secondOctet{}
	}
	form.header = 2 + form.extra
	if form.masked {
		form.header += 4
	}
	return form
}

// lengthOctets is the size of an extended length; 0 for other fields.
func lengthOctets(f states.Field) uint8 {
	switch f {
	case states.FieldLength16, states.FieldAnyLength16:
		return 2
	case states.FieldLength64, states.FieldAnyLength64:
		return 8
	}
	return 0
}

// Next returns the next event; false if there is none until more input, a
// command or Sent. Event.Data is valid until the next call of Next or Receive.
// While output is Blocked and Options.KeepReading is not set, Next returns
// false and leaves the input pending.
//
// A whole unfragmented message that lies in the input takes one step; for all else,
// and wherever a rule might be broken, the machines take theirs.
func (d *Driver) Next() (Event, bool) {
	d.release()
	f, in := &d.prog.fused, d.in
	if len(in) < 2 || d.frame != f.head || d.message != f.rest || f.reads>>d.connection&1 == 0 ||
		d.due != 0 || d.event.Kind != 0 || d.Unsent() >= d.ep.maxOutput {
		return d.next()
	}
	kind, form := f.whole[in[0]], f.second[in[1]]
	at := int(form.header)
	if kind == 0 || at == 0 || len(in) < at {
		return d.next()
	}
	length := uint64(in[1] & 0x7F)
	if form.extra != 0 {
		var ok bool
		if length, ok = form.length(in); !ok {
			return d.next()
		}
	}
	if length > uint64(len(in)-at) || length > d.maxSize || d.chain != nil && d.chain.concernsAll() {
		return d.next()
	}
	end := at + int(length)
	payload := in[at:end]
	d.in = in[end:]
	d.offset += int64(end)
	if form.masked {
		mask.XOR(maskingKey(in[at-4:at]), payload)
	}
	if kind == Text && !validText(payload) {
		d.restore(in[:end], form, at)
		return d.next()
	}
	d.expected.note(payload)
	return Event{Kind: EventMessage, Message: kind, detail: detailWhole, Data: payload}, true
}

// restore gives a frame with header octets in front of its payload back to the
// input.
func (d *Driver) restore(frame []byte, form secondOctet, header int) {
	if form.masked {
		mask.XOR(maskingKey(frame[header-4:]), frame[header:])
	}
	d.in = frame[:len(frame)+len(d.in)]
	d.offset -= int64(len(frame))
}

// length reads an extended length; false if it is not in its shortest form.
func (form secondOctet) length(in []byte) (n uint64, ok bool) {
	if form.extra == 2 {
		n = uint64(binary.BigEndian.Uint16(in[2:]))
		return n, n > maxLength7 || form.padded
	}
	n = binary.BigEndian.Uint64(in[2:])
	return n, (n > maxLength16 || form.padded) && n <= maxLength64
}

func validText(p []byte) bool {
	var c utf8.Checker
	return c.Check(p) < 0 && c.Complete()
}

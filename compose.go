package wsfsm

import (
	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/states"
)

// Greatest lengths of the three forms (RFC 6455 §5.2).
const (
	maxLength7  = 125
	maxLength16 = 1<<16 - 1
	maxLength64 = 1<<63 - 1
)

// fused decodes a data frame that lies in the input as a whole, by look-ups of its
// first octets. It is composed from the tables of the frame and message machines
// by following their rows from the first octet to the last; where a row leads
// elsewhere there is no entry, and the machines take their single steps.
type fused struct {
	reads    uint64              // states of the connection that frames are read in, a bit each
	starts   uint64              // states of the frame machine before a frame, a bit each
	rest     states.MessageState // the state at rest
	head     states.FrameState   // that reads the first octet
	length   states.FrameState   // that reads the second octet of a data frame
	whole    [256]MessageKind    // by first octet: of a whole message, for a message machine at rest; 0: none
	kinds    [256]MessageKind    // whole, whatever the prefix
	data     [256]bool           // by first octet: the second says how the frame goes on
	second   [256]secondOctet    //
	prefix   prefix              // in front of the first octet
	marked   [256]bool           // by first octet: the payload goes on to the mark
	passing  states.FrameState   // the state that reads such a payload; 0: none
	mark     byte                //
	passes   uint64              // states of the frame machine that pass a part of a payload and stay, a bit each
	delivers uint64              // likewise those of the message machine that deliver it

	// States of the message machine between frames, a bit each, from which a fragment is
	// delivered and nothing else; and those of them in which it is text to be checked.
	fragments, texts uint64
}

// prefix is what comes in front of a frame's first octet.
type prefix struct {
	field  states.Field // that it is stored in, and that all octets behind it pass through
	octets uint8
}

// secondOctet says what follows the second octet of a data frame.
type secondOctet struct {
	header uint8 // octets of the whole header behind the prefix; 0: there is no entry
	extra  uint8 // octets of an extended length, 0, 2 or 8
	masked bool
	padded bool // a longer form than needed will do
}

func fuse(prog *program) fused {
	p, side := prog.Protocol, prog.side
	f := fused{rest: p.Message.Initial[side], second: secondOctets(p, side), prefix: framePrefix(p, side)}
	for state, input := range p.Connection.Inputs {
		if input == states.InputFrame {
			f.reads |= 1 << state
		}
	}
	length := lengthState(p, side)
	f.head, f.length = headState(p, side), length
	if f.prefix.octets == 0 {
		f.starts |= 1 << f.head
	}
	if f.prefix.octets > 0 || beginsSilently(p, side) {
		f.starts |= 1 << p.Frame.Initial[side]
	}
	for octet := range f.data {
		f.data[octet] = length != 0 && dataState(p, side, byte(octet)) == length
	}
	f.fuseMarked(p, side)
	f.fuseParts(p, side)
	for octet := range f.kinds {
		if f.data[octet] || f.marked[octet] {
			f.kinds[octet] = wholeMessage(p, side, byte(octet))
		}
		if f.data[octet] && f.prefix.octets == 0 {
			f.whole[octet] = f.kinds[octet]
		}
	}
	return f
}

// fuseParts finds the states in which a part of a payload goes through the frame
// and message machines and leaves both where they are.
func (f *fused) fuseParts(p *Protocol, side int) {
	for i := range p.Frame.Reads {
		s := states.FrameState(i)
		pass := fsm.Cell[states.FrameState, states.FrameAction]{To: s, Do: states.FrameDoPass}
		if p.Frame.Reads[i].Kind == states.ReadPayload && p.Frame.Table.At(s, states.FrameOnPart) == pass {
			f.passes |= 1 << i
		}
	}
	for i := range p.Message.Reads {
		r, s := &p.Message.Reads[i], states.MessageState(i)
		deliver := fsm.Cell[states.MessageState, states.MessageAction]{To: s, Do: states.MessageDoDeliver}
		if r.Kind == states.ReadContent && p.Message.Table.At(s, states.MessageOnPart) == deliver {
			f.delivers |= 1 << i
		}
	}
	for i := range p.Message.Reads {
		f.fuseFragments(p, side, states.MessageState(i))
	}
}

// fuseFragments follows the rows that a fragment takes from a state between frames.
func (f *fused) fuseFragments(p *Protocol, side int, wait states.MessageState) {
	begin := p.Message.Table.At(wait, states.MessageOnContinuation)
	end := p.Message.Table.At(begin.To, states.MessageOnEnd)
	if p.Message.Reads[wait].Kind != states.ReadFrame || begin.To == 0 || begin.Do != 0 || f.delivers>>begin.To&1 == 0 ||
		end.To != wait || end.Do != 0 {
		return
	}
	switch states.Coding(p.Message.Reads[begin.To].Args[side]) {
	case states.CodingTextPart:
		f.texts |= 1 << wait
	case states.CodingBinary, states.CodingOctets:
	default:
		return
	}
	f.fragments |= 1 << wait
}

// framePrefix returns what comes in front of the frames that a role reads.
func framePrefix(p *Protocol, side int) (x prefix) {
	if r := &p.Frame.Reads[p.Frame.Initial[side]]; r.Kind == states.ReadOctets {
		x = prefix{field: r.Field, octets: r.Args[side]}
	}
	return x
}

// beginsSilently reports whether a machine that reads no prefix comes to the state
// that reads the first octet without an action.
func beginsSilently(p *Protocol, side int) bool {
	first := p.Frame.Initial[side]
	if p.Frame.Reads[first].Kind != states.ReadOctets {
		return true
	}
	done := p.Frame.Table.At(first, states.FrameOnDone)
	return done.Do == 0 && p.Frame.Reads[done.To].Kind == states.ReadOctet
}

// fuseMarked finds the first octets of frames whose payload ends with a mark: in
// the state that reads it one octet ends the frame, and all others are passed on.
func (f *fused) fuseMarked(p *Protocol, side int) {
	mark, ok := endMark(p, side)
	if !ok || f.prefix.field != 0 {
		return
	}
	head := headState(p, side)
	f.mark = mark
	for octet, ev := range p.Frame.Classes[p.Frame.Reads[head].Args[side]].Tables[side][0] {
		c := p.Frame.Table.At(head, ev)
		if c.Do == states.FrameDoBegin && passesAllBut(p, side, c.To, mark) {
			f.marked[octet], f.passing = true, c.To
		}
	}
}

// passesAllBut reports whether a state passes on all octets but the mark, which
// ends the frame.
func passesAllBut(p *Protocol, side int, s states.FrameState, mark byte) bool {
	r := &p.Frame.Reads[s]
	if r.Kind != states.ReadOctet || r.Field != 0 || r.Through != 0 {
		return false
	}
	for octet, ev := range p.Frame.Classes[r.Args[side]].Tables[side][0] {
		want := fsm.Cell[states.FrameState, states.FrameAction]{To: s, Do: states.FrameDoPass}
		if byte(octet) == mark {
			want.To, want.Do = p.Frame.Initial[side], states.FrameDoEnd
		}
		if p.Frame.Table.At(s, ev) != want {
			return false
		}
	}
	return true
}

// dataState returns the state that reads the second octet of a data frame: the
// one that the first octet leads to, without an action.
func dataState(p *Protocol, side int, octet byte) states.FrameState {
	head := headState(p, side)
	r, before := &p.Frame.Reads[head], framePrefix(p, side)
	if r.Kind != states.ReadOctet || r.Field != states.FieldHead || r.Through != before.field {
		return 0
	}
	if before.field != 0 && p.Frame.Table.At(p.Frame.Initial[side], states.FrameOnDone).Do != 0 {
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
	if r.Kind != states.ReadOctet || r.Field != states.FieldLength || r.Through != framePrefix(p, side).field {
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
	t, through := p.Frame.Table, framePrefix(p, side).field
	if r := &p.Frame.Reads[s]; r.Kind == states.ReadOctets && lengthOctets(r.Field) > 0 {
		form.extra = r.Args[side]
		form.padded = r.Field == states.FieldAnyLength16 || r.Field == states.FieldAnyLength64
		c := t.At(s, states.FrameOnDone)
		if c.Do != 0 || r.Through != through || form.extra != lengthOctets(r.Field) {
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
		if c.Do != 0 || r.Through != 0 || through != 0 {
			return secondOctet{}
		}
		s, through = c.To, states.FieldKey
	}
	r := &p.Frame.Reads[s]
	pass := fsm.Cell[states.FrameState, states.FrameAction]{To: s, Do: states.FrameDoPass}
	end := fsm.Cell[states.FrameState, states.FrameAction]{To: p.Frame.Initial[side], Do: states.FrameDoEnd}
	if r.Kind != states.ReadPayload || r.Through != through ||
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

package wsfsm

import (
	"bytes"
	"encoding/binary"

	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/internal/utf8"
	"github.com/wsfsm/wsfsm/states"
)

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
	if len(in) < 2 || f.starts>>d.frame&1 == 0 || d.message != f.rest || f.reads>>d.connection&1 == 0 ||
		d.due != 0 || d.Unsent() >= d.ep.maxOutput {
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
	ascii := false
	if form.masked {
		ascii = mask.XOR(maskingKey(in[at-4:at]), payload)
	}
	if kind == Text && !ascii && !validText(payload) {
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

// dataFrame is a data frame that lay in the input as a whole.
type dataFrame struct {
	head    byte
	ascii   bool // the payload is known to be
	behind  int  // octets in the input that end the frame
	payload []byte
}

// fusedFrame takes the next frame in one step of the frame machine if it is a data
// frame and lies in the input as a whole; the message machine takes its own. It
// returns false, and leaves everything as it is, where the frame machine has to
// go on octet by octet.
func (d *Driver) fusedFrame() bool {
	if d.chain != nil {
		return d.fusedHeader()
	}
	if d.takeFragments() {
		return true
	}
	frame, ok := d.openFrame()
	if ok {
		d.readFrameWhole(&frame)
	}
	return ok
}

// unmaskTo unmasks the payload to where it goes.
func (f *dataFrame) unmaskTo(dst []byte, key mask.Key) {
	f.ascii = mask.XORTo(dst, f.payload, key)
	f.payload = dst
}

// openFrame takes the next frame up to its payload, as fusedFrame does.
func (d *Driver) openFrame() (frame dataFrame, ok bool) {
	f := &d.prog.fused
	if f.starts>>d.frame&1 == 0 || d.filled > 0 || len(d.in) < int(f.prefix.octets)+2 ||
		d.ep.options.Deliver == DeliverPieces && len(d.body) >= PieceSize {
		return frame, false
	}
	if f.marked[d.in[0]] {
		return d.openMarked()
	}
	var open [maxHeader]byte // what the prefix masks
	in := d.in[f.prefix.octets:]
	header := in
	if f.prefix.octets > 0 {
		header = open[:copy(open[:], in)]
		d.store(f.prefix.field, d.in[:f.prefix.octets])
		d.unmask(f.prefix.field, header)
	}
	form := f.second[header[1]]
	at := int(form.header)
	if !f.data[header[0]] || at == 0 || len(in) < at || !d.continues(header[0]) {
		return frame, false
	}
	length := uint64(header[1] & 0x7F)
	if ok = true; form.extra != 0 {
		length, ok = form.length(header)
	}
	if !ok || length > uint64(len(in)-at) || d.size+uint64(d.held)+length > d.maxSize {
		return frame, false
	}
	through := f.prefix.field
	switch {
	case form.masked:
		through = states.FieldKey
		d.key = maskingKey(in[at-4 : at])
	case through == states.FieldKey:
		d.key = maskingKey(d.in[:f.prefix.octets]).At(at)
	case through == states.FieldFrameNonce:
		d.frameMask.seek(at)
	}
	d.take(int(f.prefix.octets) + at)
	frame.head, frame.payload = header[0], d.take(int(length))
	if through == states.FieldKey {
		frame.unmaskTo(d.behind(frame.payload), d.key)
		return frame, true
	}
	frame.ascii = d.unmask(through, frame.payload)
	return frame, true
}

// openMarked is openFrame for a frame that ends with a mark.
func (d *Driver) openMarked() (frame dataFrame, ok bool) {
	if d.unmarked {
		return frame, false
	}
	n := bytes.IndexByte(d.in[1:], d.prog.fused.mark)
	if d.unmarked = n < 0; d.unmarked || !d.continues(d.in[0]) {
		return frame, false
	}
	frame.head, frame.behind = d.take(1)[0], 1
	frame.payload = d.take(n)
	return frame, true
}

// asMessage takes the rest of a frame that is a message; false, and nothing is
// taken, if it is none or breaks a rule.
func (d *Driver) asMessage(frame *dataFrame) (kind MessageKind, ok bool) {
	f := &d.prog.fused
	if kind = f.kinds[frame.head]; kind == 0 || d.message != f.rest || uint64(len(frame.payload)) > d.maxSize ||
		kind == Text && !frame.ascii && !validText(frame.payload) {
		return kind, false
	}
	d.take(frame.behind)
	return kind, true
}

// readFrameWhole hands a frame to the message machine, or makes the event of one
// that is a message.
func (d *Driver) readFrameWhole(frame *dataFrame) {
	if kind, ok := d.asMessage(frame); ok {
		d.event = Event{Kind: EventMessage, Message: kind, detail: detailWhole, Data: frame.payload}
		return
	}
	if !d.fusedFragment(frame) {
		d.handOn(frame)
	}
}

// handOn hands a frame to the message machine.
func (d *Driver) handOn(frame *dataFrame) {
	d.head, d.length = frame.head, 0
	d.frameBegin()
	if d.piece = frame.payload; len(frame.payload) > 0 {
		d.framePass()
	}
	if d.due == 0 && d.inputStage() == states.InputFrame {
		d.take(frame.behind)
		d.frameEnd()
	}
}

// fusedHeader is fusedFrame where there are extensions: it takes the steps up to
// the payload and hands on what is there of it; the chain and the frame machine go
// on from there.
func (d *Driver) fusedHeader() bool {
	f, in := &d.prog.fused, d.in
	if f.starts>>d.frame&1 == 0 || d.filled > 0 || len(in) < 2 || f.prefix.octets > 0 {
		return false
	}
	table, head := d.prog.Frame.Table, d.frameClass(&d.prog.Frame.Reads[f.head])[in[0]]
	first, form := table.At(f.head, head), f.second[in[1]]
	at := int(form.header)
	if first.To != f.length || first.Do != 0 || at == 0 || len(in) < at || d.frame != f.head || !d.continues(in[0]) {
		return false
	}
	length, ok := uint64(in[1]&0x7F), true
	if form.extra != 0 {
		length, ok = form.length(in)
	}
	if !ok || !d.chain.concerns(in[0]) && d.size+uint64(d.held)+length > d.maxSize {
		return false
	}
	table.Fire(&d.frame, head)
	table.Fire(&d.frame, d.frameClass(&d.prog.Frame.Reads[f.length])[in[1]])
	if form.extra != 0 {
		table.Fire(&d.frame, states.FrameOnDone)
	}
	table.Fire(&d.frame, states.FrameOnFits)
	d.head, d.length = in[0], length
	d.take(2 + int(form.extra))
	d.frameBegin()
	if form.masked {
		table.Fire(&d.frame, states.FrameOnDone)
		d.key = maskingKey(d.take(4))
	}
	if length > 0 && length <= uint64(len(d.in)) && d.chain.decodes() { // all of it is there to be decoded
		part, _ := d.readPayload(&d.prog.Frame.Reads[d.frame])
		d.fireFrame(part)
		d.fireFrame(states.FrameOnDone)
	}
	return true
}

// continues reports whether a data frame with that head may come now.
func (d *Driver) continues(head byte) bool {
	r := &d.prog.Message.Reads[d.message]
	if r.Kind != states.ReadFrame {
		return false
	}
	class := &d.prog.Message.Classes[r.Args[d.prog.side]]
	c := d.prog.Message.Table.At(d.message, class.Tables[d.prog.side][0][head])
	return c.To != 0 && c.Do.Violation() == 0
}

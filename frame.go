package wsfsm

import (
	"bytes"
	"encoding/binary"

	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/states"
)

// stepFrame feeds the frame machine until an event has come of it or another
// stage is to be fed. It returns false when the input is used up.
func (d *Driver) stepFrame() bool {
	for d.event.Kind == 0 && d.due == 0 && d.inputStage() == states.InputFrame {
		if d.chain.waits() {
			d.decodeContent()
			continue
		}
		if d.fusedFrame() {
			continue
		}
		ev, ok := d.readFrame(&d.prog.Frame.Reads[d.frame])
		if !ok {
			return false
		}
		d.fireFrame(ev)
	}
	return true
}

// readFrame carries out one read of the frame machine and returns the event it
// yields; false if the input does not suffice.
func (d *Driver) readFrame(r *Read) (states.FrameEvent, bool) {
	switch r.Kind {
	case states.ReadOctet:
		return d.readFrameOctet(r)
	case states.ReadOctets:
		return d.readFrameOctets(r)
	case states.ReadPayload:
		return d.readPayload(r)
	case states.ReadBody:
		return d.readBody(r)
	case states.ReadCheck:
		return d.check(states.Limit(r.Args[d.prog.side])), true
	}
	return 0, false
}

// frameClass returns the class table of a read for this role and, if it has
// several, for the reserved bits that the extensions own.
func (d *Driver) frameClass(r *Read) *[256]states.FrameEvent {
	tables := d.prog.Frame.Classes[r.Args[d.prog.side]].Tables[d.prog.side]
	if len(tables) > 1 {
		return tables[d.ownership]
	}
	return tables[0]
}

func (d *Driver) readFrameOctet(r *Read) (states.FrameEvent, bool) {
	if len(d.in) == 0 {
		return 0, false
	}
	p := d.take(1)
	d.unmask(r.Through, p)
	if verdict := d.store(r.Field, p); verdict != 0 {
		return verdict, true
	}
	class := d.frameClass(r)
	ev := class[p[0]]
	if c := d.prog.Frame.Table.At(d.frame, ev); c.To == d.frame && c.Do.Spans() && r.Through == 0 {
		p = p[:1+len(d.take(d.span(class, ev)))]
	}
	d.piece = p
	return ev, true
}

// span returns how many octets from here on are of the same class.
func (d *Driver) span(class *[256]states.FrameEvent, ev states.FrameEvent) (n int) {
	if f := &d.prog.fused; f.passing != 0 && d.frame == f.passing {
		if d.unmarked {
			return len(d.in)
		}
		if n = bytes.IndexByte(d.in, f.mark); n < 0 {
			n = len(d.in)
		}
		return n
	}
	for n < len(d.in) && class[d.in[n]] == ev {
		n++
	}
	return n
}

func (d *Driver) readFrameOctets(r *Read) (states.FrameEvent, bool) {
	n := int(r.Args[d.prog.side])
	p := d.in
	if d.filled > 0 || len(p) < n {
		p = d.take(min(n-int(d.filled), len(d.in)))
		d.unmask(r.Through, p)
		field := &d.part().field
		d.filled += uint8(copy(field[d.filled:], p))
		if int(d.filled) < n {
			return 0, false
		}
		p, d.filled = field[:n], 0
	} else {
		p = d.take(n)
		d.unmask(r.Through, p)
	}
	if verdict := d.store(r.Field, p); verdict != 0 {
		return verdict, true
	}
	return states.FrameOnDone, true
}

// store keeps what a read has read. It returns the field's verdict, 0 if it
// has none.
func (d *Driver) store(f states.Field, p []byte) states.FrameEvent {
	switch f {
	case states.FieldHead:
		d.head, d.length = p[0], 0
	case states.FieldLength:
		d.length = uint64(p[0] & 0x7F)
	case states.FieldLength16:
		d.length = uint64(binary.BigEndian.Uint16(p))
		if d.length <= maxLength7 {
			return states.FrameOnNotMinimal
		}
	case states.FieldLength64:
		d.length = binary.BigEndian.Uint64(p)
		if d.length > maxLength64 {
			return states.FrameOnOverflow
		}
		if d.length <= maxLength16 {
			return states.FrameOnNotMinimal
		}
	case states.FieldAnyLength16:
		d.length = uint64(binary.BigEndian.Uint16(p))
	case states.FieldAnyLength64:
		d.length = binary.BigEndian.Uint64(p)
		if d.length > maxLength64 {
			return states.FrameOnOverflow
		}
	case states.FieldLength128:
		if d.length > maxLength64>>7 {
			return states.FrameOnOverflow
		}
		d.length = d.length<<7 | uint64(p[0]&0x7F)
	case states.FieldKey:
		d.key = maskingKey(p)
	case states.FieldFrameNonce:
		d.frameMask.begin(p)
	}
	return 0
}

// unmask passes p through the running XOR with a field. It returns true only if p
// is ASCII now.
func (d *Driver) unmask(through states.Field, p []byte) (ascii bool) {
	switch through {
	case states.FieldKey:
		ascii = mask.XOR(d.key, p)
		d.key = d.key.At(len(p))
	case states.FieldFrameNonce:
		ascii = d.frameMask.xor(p)
	}
	return ascii
}

func (d *Driver) readPayload(r *Read) (states.FrameEvent, bool) {
	if d.length == 0 {
		return states.FrameOnDone, true
	}
	if len(d.in) == 0 {
		return 0, false
	}
	d.piece = d.take(int(min(uint64(len(d.in)), d.length)))
	d.length -= uint64(len(d.piece))
	d.unmask(r.Through, d.piece)
	return states.FrameOnPart, true
}

// readBody gathers the payload of a control frame and sorts it by the kept head.
func (d *Driver) readBody(r *Read) (states.FrameEvent, bool) {
	p := d.take(int(min(uint64(len(d.in)), d.length)))
	d.length -= uint64(len(p))
	d.unmask(r.Through, p)
	if d.length > 0 || d.parts != nil && len(d.parts.gather) > 0 {
		parts := d.part()
		parts.gather = append(parts.gather, p...)
		if d.length > 0 {
			return 0, false
		}
		p, parts.gather = parts.gather, nil
	}
	d.piece = p
	ev := d.frameClass(r)[d.head]
	if ev == states.FrameOnClose {
		ev = closeVerdict(&d.prog.Close, p)
	}
	return ev, true
}

// check asks a limit: whether the message stays within its own (RFC 6455 §10.4),
// or whether the frame is empty.
func (d *Driver) check(limit states.Limit) states.FrameEvent {
	switch {
	case limit == states.LimitEmpty && d.length == 0:
		return states.FrameOnEmpty
	case limit == states.LimitEmpty:
		return states.FrameOnFilled
	case d.chain.concerns(d.head): // the limit counts what comes of it
		return states.FrameOnFits
	case d.size+uint64(d.held)+d.length > d.maxSize:
		return states.FrameOnTooLong
	}
	return states.FrameOnFits
}

// maskingKey is the key of four octets; without them nothing is masked.
func maskingKey(p []byte) mask.Key {
	if len(p) == 0 {
		return 0
	}
	return mask.Key(binary.LittleEndian.Uint32(p))
}

func (d *Driver) frameBegin() {
	d.piece = nil
	r := &d.prog.Message.Reads[d.message]
	class := &d.prog.Message.Classes[r.Args[d.prog.side]]
	d.fireMessage(class.Tables[d.prog.side][0][d.head])
	d.chain.beginFrame(d.head, d.offset)
}

func (d *Driver) framePass() {
	if d.chain.decodes() {
		d.chain.feed(d.piece)
		return
	}
	d.readContent()
}

func (d *Driver) frameEnd() {
	if d.chain.decodes() {
		d.chain.endFrame(d.endsMessage())
		return
	}
	d.endContent()
}

func (d *Driver) frameSkip() {}

func (d *Driver) framePassPing() { d.fireConnection(states.ConnectionOnPingReceived) }

func (d *Driver) framePassPong() { d.fireConnection(states.ConnectionOnPongReceived) }

func (d *Driver) framePassClose() { d.fireConnection(states.ConnectionOnCloseReceived) }

func (d *Driver) frameFail(v states.Violation) {
	d.violate(v, states.MachineFrame, d.offset-1)
}

package wsfsm

import (
	"math/bits"

	"github.com/wsfsm/wsfsm/internal/utf8"
	"github.com/wsfsm/wsfsm/states"
)

// readContent checks a piece of payload as the message machine's state says
// and hands it the verdict.
func (d *Driver) readContent() {
	switch d.coding() {
	case states.CodingText, states.CodingTextPart:
		if bad := d.text.Check(d.piece); bad >= 0 {
			d.piece = d.piece[bad:]
			d.fireMessage(states.MessageOnInvalidText)
			return
		}
	case states.CodingReplacedText, states.CodingReplacedTextPart:
		d.readReplaced()
		return
	}
	d.fireMessage(states.MessageOnPart)
}

// readReplaced is readContent for text in which what is no UTF-8 is replaced: the
// result may be longer than the octets that came, and the limit counts it.
func (d *Driver) readReplaced() {
	whole, before := d.piece, d.replaced
	if !before.Pending() && utf8.Valid(whole) {
		d.passReplaced(whole, before, whole)
		return
	}
	buf := d.ep.buffers.get(len(whole))
	*buf = d.replaced.Append((*buf)[:0], whole)
	d.passReplaced(whole, before, *buf)
	if len(d.body) > 0 && d.owned == nil {
		d.own(0) // the body may lie in buf
	}
	d.ep.buffers.put(buf)
}

// passReplaced hands on what a piece has become, unless that is too much with
// what is still to come.
func (d *Driver) passReplaced(whole []byte, before utf8.Replacer, became []byte) {
	was := d.held
	d.held = held(was, whole, d.replaced.Pending())
	switch {
	case d.size+uint64(len(became))+uint64(d.held)+d.length > d.maxSize:
		d.piece = whole[d.firstTooMuch(whole, before, was):]
		d.fireMessage(states.MessageOnTooLong)
	case len(became) > 0:
		d.piece = became
		d.fireMessage(states.MessageOnPart)
	}
}

// firstTooMuch finds the octet of a piece with which it is certain that the text
// is too long: each octet that a length has announced becomes one at least.
func (d *Driver) firstTooMuch(p []byte, r utf8.Replacer, n uint8) int {
	size := d.size
	var became [9]byte
	for i := range p {
		size += uint64(len(r.Append(became[:0], p[i:i+1])))
		n = held(n, p[i:i+1], r.Pending())
		certain := size + uint64(n)
		if !d.prog.layout.marked {
			certain += d.length + uint64(len(p)-1-i)
		}
		if certain > d.maxSize {
			return i
		}
	}
	return len(p)
}

// held returns how many octets of a character that goes on have come, n of them
// before p. Its first octet is the last one that can be the first of any.
func held(n uint8, p []byte, pending bool) uint8 {
	if !pending {
		return 0
	}
	for i := 1; i <= len(p); i++ {
		if p[len(p)-i] >= 0xC0 {
			return uint8(i)
		}
	}
	return n + uint8(len(p))
}

// endContent tells the message machine that the frame's payload is complete. A
// text must not end inside a character (RFC 6455 §8.1).
func (d *Driver) endContent() {
	d.piece = nil
	switch coding := d.coding(); {
	case coding == states.CodingText && !d.text.Complete():
		d.fireMessage(states.MessageOnInvalidText)
		return
	case coding == states.CodingReplacedText && d.replaced.Pending():
		tail := d.replaced.Flush(nil)
		if d.held = 0; d.size+uint64(len(tail)) > d.maxSize {
			d.fireMessage(states.MessageOnTooLong)
			return
		}
		d.addToBody(tail) // no part: that may deliver a piece, and the end is an event already
	}
	d.fireMessage(states.MessageOnEnd)
}

// coding returns what the message machine reads now.
func (d *Driver) coding() states.Coding {
	return states.Coding(d.prog.Message.Reads[d.message].Args[d.prog.side])
}

func (d *Driver) messageBeginText() { d.beginMessage(Text) }

func (d *Driver) messageBeginBinary() { d.beginMessage(Binary) }

func (d *Driver) beginMessage(kind MessageKind) {
	d.kind = kind
	d.started = false
	d.text, d.replaced, d.held = utf8.Checker{}, utf8.Replacer{}, 0
	d.chain.beginMessage(d.head)
}

func (d *Driver) messageDeliver() {
	if d.ep.options.Deliver == DeliverPieces && len(d.body) >= PieceSize {
		d.deliverPiece()
	}
	d.addToBody(d.piece)
}

// addToBody adds p to what is to be delivered.
func (d *Driver) addToBody(p []byte) {
	d.size += uint64(len(p))
	n := len(d.body)
	if n == 0 && d.owned == nil {
		d.body = p
		return
	}
	if !d.inPlace(p) {
		d.own(len(p))
		copy((*d.owned)[n:cap(*d.owned)], p)
	}
	if d.owned == nil {
		d.body = d.body[:n+len(p)]
		return
	}
	d.body = (*d.owned)[:n+len(p)]
	*d.owned = d.body
}

// inPlace reports whether p lies behind the body already: it was decoded there, or
// both lie in the input.
func (d *Driver) inPlace(p []byte) bool {
	body, n := d.body, len(d.body)
	if d.owned != nil {
		body = *d.owned
	}
	return len(p) > 0 && cap(body) >= n+len(p) && &body[:n+1][n] == &p[0]
}

func (d *Driver) messageDeliverEnd() {
	d.joinBody()
	if d.owned != nil {
		d.usual = uint8(min(bits.Len(uint(len(d.body))), usualBody))
	}
	d.emitBody(d.body, true)
	d.body, d.size = nil, 0
}

func (d *Driver) messageFail(v states.Violation) {
	// The piece begins with the octet that broke the rule, if one did. What was
	// decoded has no place in the input but its frame.
	offset := d.offset - int64(max(len(d.piece), 1))
	if d.chain.waits() {
		offset = d.chain.offset
	}
	d.violate(v, states.MachineMessage, offset)
}

// retain prepares for the input to end: what lies in it is copied, or with
// DeliverPieces delivered.
func (d *Driver) retain() {
	if d.ep.options.Deliver == DeliverPieces && len(d.body) >= PieceSize {
		d.deliverPiece()
	}
	if len(d.body) > 0 {
		d.own(0)
	}
}

// deliverPiece delivers the body up to its last whole character; the rest
// begins the next piece.
func (d *Driver) deliverPiece() {
	whole := len(d.body)
	if d.kind == Text {
		whole -= cutCharacter(d.body)
	}
	body, tail := d.body[:whole], d.body[whole:]
	d.emitBody(body, false)
	d.body = nil
	if len(tail) > 0 {
		d.body = tail
		d.own(0)
	}
}

// emitBody makes the event for a message or a piece of it.
func (d *Driver) emitBody(body []byte, last bool) {
	d.event = MessageEvent(d.kind, body, !d.started, last)
	d.started = true
	d.spent, d.owned = d.owned, nil
}

// release takes back the buffer of the last event.
func (d *Driver) release() {
	d.expected.poison()
	if d.spent != nil {
		d.releaseSpent()
	}
}

func (d *Driver) releaseSpent() {
	d.ep.buffers.put(d.spent)
	d.spent = nil
}

// forget drops the message begun, of which nothing more will be read.
func (d *Driver) forget() {
	// The buffer of the body is left to the garbage collector: Room may have lent it.
	for _, part := range d.spilled() {
		d.ep.buffers.put(part)
	}
	d.body, d.owned, d.parts = nil, nil, nil
	d.chain.release(d.ep)
}

// cutCharacter returns how many octets at the end of valid UTF-8 belong to a
// character that goes on, 0 to 3.
func cutCharacter(p []byte) int {
	var c utf8.Checker
	for n := 1; n <= 3 && n <= len(p); n++ {
		if p[len(p)-n] >= 0xC0 {
			if c.Check(p[len(p)-n:]) < 0 && !c.Complete() {
				return n
			}
			return 0
		}
	}
	return 0
}

package wsfsm

import (
	"encoding/binary"
	"io"
	"slices"

	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/states"
)

// encodeCommand encodes the command at hand.
func (d *Driver) encodeCommand() { d.encode(d.command) }

func (d *Driver) encode(c command) {
	if c.prepared != nil {
		d.encodePrepared(c)
		return
	}
	d.encodeFrame(c)
}

func (d *Driver) encodeFrame(c command) {
	head := d.headOf(c)
	if d.chain != nil && c.message != 0 {
		d.encodeMessage(head, c)
		return
	}
	d.encodePlain(head, c)
}

// encodePlain encodes a command whose payload no extension has changed.
func (d *Driver) encodePlain(head byte, c command) {
	if c.done == nil {
		d.writeFrame(head, c.payload)
		return
	}
	buf := d.out.open(d.ep)
	if d.prog.layout.marked {
		*buf = append(*buf, head)
		d.out.lend(d.ep, c.payload, c.done)
		*buf = append(*buf, d.prog.layout.mark)
		return
	}
	var header [maxHeader]byte
	*buf = append(*buf, header[:putHeader(header[:], head, len(c.payload), 0)]...)
	d.out.lend(d.ep, c.payload, c.done)
}

// headOf returns the first octet of the command's frame.
func (d *Driver) headOf(c command) byte {
	switch {
	case c.message != 0:
		return d.prog.heads.message[c.message]
	case c.control == states.FrameOnPing:
		return d.prog.heads.ping
	}
	return d.prog.heads.pong
}

// writeFrame encodes a frame into the output: one copy, which is masked where
// the layout says so.
func (d *Driver) writeFrame(head byte, p []byte) {
	l := &d.prog.layout
	buf := d.out.reserve(d.ep, len(p))
	switch {
	case l.plain():
		*buf = appendFrame(*buf, head, p)
	case l.marked && d.prog.HasClose() && head == d.prog.heads.close:
		*buf = append(*buf, head, 0) // a length of zero (hixie-76 §1.4)
	case l.marked:
		*buf = append(append(append(*buf, head), p...), l.mark)
	case d.ensureKey() != nil: // an answer without a masking key must not be sent (RFC 6455 §5.3)
	case l.prefix != 0:
		*buf = d.appendMaskedWhole(*buf, head, p)
	default:
		*buf = appendMaskedFrame(*buf, head, d.nextKey(), p)
	}
}

// appendMaskedWhole appends the next masking key and a frame that it masks as a
// whole.
func (d *Driver) appendMaskedWhole(b []byte, head byte, p []byte) []byte {
	key := d.nextKey()
	b = append(b, key...)
	at := len(b)
	b = appendFrame(b, head, p)
	d.maskFrame(key, b[at:])
	return b
}

// appendFrame appends a frame that is not masked.
func appendFrame(b []byte, head byte, p []byte) []byte {
	at := len(b)
	if inTwoWords(p) && cap(b)-at >= maxShort {
		return b[:at+putShort((*[maxShort]byte)(b[at:at+maxShort]), head, p)]
	}
	if n := 2 + len(p); len(p) <= maxLength7 && cap(b)-at >= n {
		w := b[at : at+n]
		w[0], w[1] = head, byte(len(p))
		copy(w[2:], p)
		return b[:at+n]
	}
	b = slices.Grow(b, maxHeader+len(p))
	w := b[at : at+maxHeader+len(p)]
	n := putHeader(w, head, len(p), 0)
	copy(w[n:], p)
	return b[:at+n+len(p)]
}

// maxShort is the greatest length in octets of a frame that putShort writes.
const maxShort = 2 + 16

// inTwoWords reports whether two words of eight octets, which may overlap, make p.
func inTwoWords(p []byte) bool { return len(p) >= 8 && len(p) <= 16 }

// asciiWords reports whether all octets of a p that is inTwoWords are.
func asciiWords(p []byte) bool {
	words := binary.NativeEndian.Uint64(p) | binary.NativeEndian.Uint64(p[len(p)-8:])
	return words&highBits == 0
}

// putShort writes a frame whose payload is inTwoWords, and returns its length. It is
// small enough to be inlined, which pays for such frames.
func putShort(w *[maxShort]byte, head byte, p []byte) int {
	n := len(p)
	w[0], w[1] = head, byte(n)
	*(*[8]byte)(w[2:]) = [8]byte(p)
	*(*[8]byte)(w[n-6:]) = [8]byte(p[n-8:])
	return 2 + n
}

// appendMaskedFrame appends a frame with a masking key of four octets; the payload
// is masked while it is copied.
func appendMaskedFrame(b []byte, head byte, key, p []byte) []byte {
	at := len(b)
	if n := 6 + len(p); len(p) <= maxLength7 && cap(b)-at >= n {
		w := b[at : at+n]
		w[0], w[1] = head, maskBit|byte(len(p))
		*(*[4]byte)(w[2:]) = [4]byte(key)
		mask.XORTo(w[6:], p, maskingKey(key))
		return b[:at+n]
	}
	b = slices.Grow(b, maxHeader+len(p))
	w := b[at : at+maxHeader+len(p)]
	n := putHeader(w, head, len(p), maskBit)
	n += copy(w[n:], key)
	mask.XORTo(w[n:], p, maskingKey(key))
	return b[:at+n+len(p)]
}

// maskBit is the bit of the second octet that says that the payload is masked.
const maskBit = 0x80

// putHeader writes a frame header without the masking key and returns its length;
// bit is maskBit or 0.
func putHeader(w []byte, head byte, n int, bit byte) int {
	_ = w[1]
	w[0] = head
	switch {
	case n <= maxLength7:
		w[1] = bit | byte(n)
		return 2
	case n <= maxLength16:
		w[1] = bit | 126
		binary.BigEndian.PutUint16(w[2:], uint16(n))
		return 4
	}
	w[1] = bit | 127
	binary.BigEndian.PutUint64(w[2:], uint64(n))
	return 10
}

// maxHeader is the greatest length of a frame header in octets.
const maxHeader = 14

// ensureKey sees to it that a masking key can be taken, if this role masks.
func (d *Driver) ensureKey() error {
	if !d.prog.layout.keyed() || d.hasKey() {
		return nil
	}
	return d.drawKeys()
}

func (d *Driver) hasKey() bool { return d.keys != nil && int(d.drawn) < len(d.keys) }

// nextKey takes four octets that ensureKey has seen to.
func (d *Driver) nextKey() []byte {
	key := d.keys[d.drawn:][:4]
	d.drawn += 4
	return key
}

func (d *Driver) drawKeys() error {
	keys := d.keys
	if keys == nil {
		keys = new(keyBatch)
	}
	if _, err := io.ReadFull(d.ep.keys, keys[:]); err != nil {
		return err
	}
	d.keys, d.drawn = keys, 0
	return nil
}

// draw fills p from the endpoint's source of randomness.
func (d *Driver) draw(p []byte) error {
	_, err := io.ReadFull(d.ep.options.Rand, p)
	return err
}

// queueCommand keeps a copy of the command at hand until the connection opens.
func (d *Driver) queueCommand() {
	c := d.command
	if c.done == nil && c.prepared == nil {
		c.payload = append([]byte(nil), c.payload...)
	}
	d.opening.queue = append(d.opening.queue, c)
	d.opening.queued += len(c.payload) + maxHeader
}

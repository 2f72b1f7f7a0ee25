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
		d.out.lend(c.payload, c.done)
		*buf = append(*buf, d.prog.layout.mark)
		return
	}
	*buf = appendHeader(*buf, head, len(c.payload), 0)
	d.out.lend(c.payload, c.done)
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
	buf := d.out.open(d.ep)
	switch {
	case !l.marked && !l.keyed():
		*buf = append(appendHeader(*buf, head, len(p), 0), p...)
	case l.marked && d.prog.HasClose() && head == d.prog.heads.close:
		*buf = append(*buf, head, 0) // a length of zero (hixie-76 §1.4)
	case l.marked:
		*buf = append(append(append(*buf, head), p...), l.mark)
	case d.ensureKey() == nil: // an answer without a masking key must not be sent (RFC 6455 §5.3)
		*buf = d.appendKeyed(*buf, head, p)
	}
}

// appendKeyed appends a frame with the next masking key: behind its header, or
// in front of the frame, which it then masks as a whole.
func (d *Driver) appendKeyed(b []byte, head byte, p []byte) []byte {
	octets := d.keys[d.drawn:][:4]
	d.drawn += 4
	if d.prog.layout.prefix != 0 {
		b = append(b, octets...)
		at := len(b)
		b = append(appendHeader(b, head, len(p), 0), p...)
		d.maskFrame(octets, b[at:])
		return b
	}
	return appendMasked(appendHeader(b, head, len(p), maskBit), octets, p)
}

// appendMasked appends a masking key and the payload masked with it.
func appendMasked(b, key, p []byte) []byte {
	b = append(b, key...)
	at := len(b)
	b = slices.Grow(b, len(p))[:at+len(p)]
	mask.XORTo(b[at:], p, maskingKey(key))
	return b
}

// maskBit is the bit of the second octet that says that the payload is masked.
const maskBit = 0x80

// appendHeader writes a frame header without the masking key; bit is maskBit or 0.
func appendHeader(b []byte, head byte, n int, bit byte) []byte {
	if n <= maxLength7 {
		return append(b, head, bit|byte(n))
	}
	return appendLongHeader(b, head, n, bit)
}

func appendLongHeader(b []byte, head byte, n int, bit byte) []byte {
	if n <= maxLength16 {
		return append(b, head, bit|126, byte(n>>8), byte(n))
	}
	return binary.BigEndian.AppendUint64(append(b, head, bit|127), uint64(n))
}

// maxHeader is the greatest length of a frame header in octets.
const maxHeader = 14

// ensureKey sees to it that a masking key can be taken, if this role masks.
func (d *Driver) ensureKey() error {
	if !d.prog.layout.keyed() || d.keys != nil && int(d.drawn) < len(d.keys) {
		return nil
	}
	return d.drawKeys()
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
	if c.done == nil {
		c.payload = append([]byte(nil), c.payload...)
	}
	d.opening.queue = append(d.opening.queue, c)
	d.opening.queued += len(c.payload) + maxHeader
}

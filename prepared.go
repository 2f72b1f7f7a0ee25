package wsfsm

import (
	"bytes"
	"sync/atomic"
)

// lendPrepared is the length in octets from which on an encoded message is lent
// to the output in place of being copied.
const lendPrepared = 4 << 10

// Prepared is a message that is encoded once and sent on many connections. It may
// be used by any number of drivers, of any endpoints, and goroutines at once.
type Prepared struct {
	kind    MessageKind
	payload []byte
	frames  atomic.Pointer[preparedFrame]
}

// preparedFrame is one of the frames that a message has been encoded as.
type preparedFrame struct {
	encoding
	octets []byte
	next   *preparedFrame
}

// encoding is what decides the octets of a message on the wire.
type encoding struct {
	protocol *Protocol
	alike    [maxAlike]any // of the extensions
}

// maxAlike bounds the extensions of a connection whose encodings are shared.
const maxAlike = 4

// Prepare makes a message to be sent with Driver.Send. It copies p. A text that is
// no UTF-8 is ErrInvalidText.
func Prepare(kind MessageKind, p []byte) (*Prepared, error) {
	if kind == Text && !validText(p) {
		return nil, ErrInvalidText
	}
	return &Prepared{kind: kind, payload: bytes.Clone(p)}, nil
}

// Len returns the number of octets of the message.
func (m *Prepared) Len() int { return len(m.payload) }

// Send sends a prepared message as Text or Binary would, with their errors. The
// octets of its frame are those of the first connection of the same version whose
// extensions encode alike; nobody copies long ones. A client masks each of its
// frames anew, and a compressor that keeps its window compresses anew.
func (d *Driver) Send(m *Prepared) error {
	return d.sendData("Send", command{message: wholeEvent(m.kind), payload: m.payload, prepared: m})
}

// encodePrepared encodes the message of a command, or takes the octets that
// another connection has encoded.
func (d *Driver) encodePrepared(c command) {
	key, shared := d.encoding()
	if !shared {
		d.encodeFrame(c)
		return
	}
	buf := d.out.open(d.ep)
	frame := c.prepared.frame(key)
	if frame == nil {
		at := len(*buf)
		d.encodeFrame(c)
		c.prepared.keep(key, (*d.out.buf)[at:]) // which may have grown
		return
	}
	if len(frame) < lendPrepared {
		*buf = append(*buf, frame...)
		return
	}
	d.out.lend(d.ep, frame, func() {})
}

// encoding returns what decides the octets of a message that this driver sends;
// false if no other would send the same.
func (d *Driver) encoding() (key encoding, shared bool) {
	key.protocol = d.prog.Protocol
	if d.prog.layout.keyed() {
		return key, false
	}
	if d.chain == nil {
		return key, true
	}
	for i, s := range d.chain.stages {
		if i == maxAlike || s.Encoder != nil && s.Alike == nil {
			return key, false
		}
		key.alike[i] = s.Alike
	}
	return key, true
}

// frame returns the frame with that encoding; nil if there is none yet.
func (m *Prepared) frame(key encoding) []byte {
	for f := m.frames.Load(); f != nil; f = f.next {
		if f.encoding == key {
			return f.octets
		}
	}
	return nil
}

// keep adds a copy of a frame.
func (m *Prepared) keep(key encoding, octets []byte) {
	f := &preparedFrame{encoding: key, octets: bytes.Clone(octets)}
	for {
		f.next = m.frames.Load()
		if m.frames.CompareAndSwap(f.next, f) {
			return
		}
	}
}

package wsfsm

import (
	"errors"

	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/states"
)

// decodeContent goes on with the content that waits: one run of decoded octets,
// the verdict on it, or the end of the frame.
func (d *Driver) decodeContent() {
	if d.ep.options.Deliver == DeliverPieces && len(d.body) >= PieceSize {
		d.deliverPiece() // before its buffer takes more
		return
	}
	c, spare := d.chain, d.spareBody()
	d.piece = c.pull(d.ep, 0, spare, min(d.codedRoom(), cap(spare)))
	switch {
	case len(d.piece) > 0 && uint64(len(d.piece)) > d.maxSize-min(d.size, d.maxSize):
		d.piece = nil
		d.fireMessage(states.MessageOnTooLong)
	case len(d.piece) > 0:
		d.readContent()
	case c.err != nil:
		c.cause = c.err
		if errors.Is(c.err, extension.ErrTooLong) {
			d.fireMessage(states.MessageOnTooLong)
			return
		}
		d.fireMessage(states.MessageOnBadCoding)
	case c.phase == ending:
		d.endContent()
		c.phase = resting
	default:
		c.phase = resting
	}
}

// codedRoom is how many octets to decode at once: enough to see that the limit is
// exceeded, and no more.
func (d *Driver) codedRoom() int {
	if left := d.maxSize - min(d.size, d.maxSize); left < codedRoom {
		return int(left) + 1
	}
	return codedRoom
}

// endsMessage reports whether the frame being read is the last of its message,
// by the row that its end takes.
func (d *Driver) endsMessage() bool {
	return d.prog.Message.Table.At(d.message, states.MessageOnEnd).Do == states.MessageDoDeliverEnd
}

// pull appends what stage i and those nearer to the wire decode, at most room
// octets. Nothing appended means that there is nothing now, or an error.
func (c *chain) pull(ep *Endpoint, i int, dst []byte, room int) []byte {
	for i < len(c.stages) && c.stages[i].phase == resting {
		i++
	}
	if i == len(c.stages) {
		n := min(room, len(c.rest))
		dst = append(dst, c.rest[:n]...)
		c.rest = c.rest[n:]
		return dst
	}
	s := &c.stages[i]
	for start := len(dst); len(dst) == start && c.err == nil; {
		if len(s.in) == 0 {
			c.fill(ep, i)
		}
		switch {
		case c.err != nil:
		case len(s.in) > 0:
			var n int
			dst, n, c.err = s.Decoder.Decode(dst, s.in, room)
			s.in = s.in[n:]
			if n == 0 && len(dst) == start && c.err == nil {
				c.err = errIdle
			}
		case s.phase == ending:
			var done bool
			dst, done, c.err = s.Decoder.End(dst, room)
			if done {
				s.phase = resting
				return dst
			}
			if len(dst) == start && c.err == nil {
				c.err = errIdle
			}
		default:
			return dst
		}
	}
	return dst
}

// fill gets the next input of stage i: the payload itself if no stage between
// codes, else what those decode.
func (c *chain) fill(ep *Endpoint, i int) {
	s := &c.stages[i]
	for j := i + 1; j < len(c.stages); j++ {
		if c.stages[j].phase == resting {
			continue
		}
		if s.buf == nil {
			s.buf = ep.buffers.get(codedRoom)
		}
		*s.buf = c.pull(ep, j, (*s.buf)[:0], codedRoom)
		if s.in = *s.buf; len(s.in) == 0 {
			ep.buffers.put(s.buf)
			s.buf = nil
		}
		return
	}
	s.in, c.rest = c.rest, nil
}

// encodeMessage encodes a data frame whose payload passes the extensions.
func (d *Driver) encodeMessage(head byte, c command) {
	p, bits, bufs := d.chain.encode(d.ep, c.payload, position(c.message))
	if bufs[0] == nil {
		d.encodePlain(head, c)
		return
	}
	d.writeFrame(head|byte(bits)<<4, p)
	if c.done != nil {
		d.out.lend(d.ep, nil, c.done)
	}
	for _, buf := range bufs {
		if buf != nil {
			d.ep.buffers.put(buf)
		}
	}
}

// position returns which part of a message a frame is.
func position(ev states.MessageEvent) extension.Position {
	switch ev {
	case states.MessageOnTextFirst, states.MessageOnBinaryFirst:
		return extension.First
	case states.MessageOnContinuation:
		return extension.Middle
	case states.MessageOnFinalContinuation:
		return extension.Last
	}
	return extension.Whole
}

// encode passes a payload through the stages in their order. The result lies in
// the first of the buffers, which are pooled, or is p if there is none.
func (c *chain) encode(ep *Endpoint, p []byte, at extension.Position) (out []byte, bits extension.Bits, bufs [2]*[]byte) {
	for i := range c.stages {
		s := &c.stages[i]
		if s.Encoder == nil {
			continue
		}
		if bufs[1] == nil {
			bufs[1] = ep.buffers.get(len(p))
		}
		var set extension.Bits
		var coded bool
		if *bufs[1], set, coded = s.encode((*bufs[1])[:0], p, at); coded {
			p, bits = *bufs[1], bits|set
			bufs[0], bufs[1] = bufs[1], bufs[0]
		}
	}
	if bufs[0] == nil && bufs[1] != nil {
		ep.buffers.put(bufs[1])
		bufs[1] = nil
	}
	return p, bits, bufs
}

// encode encodes one part of a message unless the stage has left it alone from
// its beginning on.
func (s *stage) encode(dst, p []byte, at extension.Position) ([]byte, extension.Bits, bool) {
	if s.Scope == extension.PerFrame {
		at = extension.Whole
	}
	inside := at == extension.Middle || at == extension.Last
	if inside && s.sending == resting {
		return dst, 0, false
	}
	out, bits, coded := s.Encoder.Encode(dst, p, at)
	if bits &= s.Bits; inside {
		coded, bits = true, 0
	} else if s.Bits != 0 && bits == 0 {
		coded = false // the peer would not know
	}
	s.sending = resting
	if coded && (at == extension.First || at == extension.Middle) {
		s.sending = running
	}
	return out, bits, coded
}

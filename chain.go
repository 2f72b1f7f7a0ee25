package wsfsm

import (
	"errors"

	"github.com/wsfsm/wsfsm/extension"
)

// chain is the extensions that a connection has agreed on, at work. Its methods
// but those that a chain must have agreed for take a nil chain, too: one that
// leaves everything as it is.
type chain struct {
	agreed []extension.Agreed // in the order of application
	stages []stage            // likewise

	// receiving
	rest   []byte   // octets of the payload that no stage has taken
	phase  progress // of the content that waits to be decoded
	offset int64    // octets received before the payload of the frame
	err    error    // that a stage has ended with; it counts once what came before is dealt with
	cause  error    // err, once it counts
}

// stage is one extension, decoding and encoding.
type stage struct {
	*extension.Session
	phase   progress // of the message or frame being decoded
	in      []byte   // octets to be decoded, in the input or in buf
	buf     *[]byte  // pooled: what the stages nearer to the wire have decoded; nil while there is nothing
	sending progress // of the message being encoded
}

// progress is how far something coded has come.
type progress uint8

const (
	resting progress = iota // there is none, or it passes as it is
	running                 // more may follow
	ending                  // nothing follows, something may be left
)

// codedRoom is how many octets are decoded at once.
const codedRoom = 128 << 10

var (
	errNoDecoder = errors.New("wsfsm: the extension cannot decode what it codes")
	errIdle      = errors.New("wsfsm: the extension neither takes nor gives an octet")
)

func newChain(agreed []extension.Agreed) *chain {
	c := &chain{agreed: agreed, stages: make([]stage, len(agreed))}
	for i, a := range agreed {
		c.stages[i].Session = a.Session
	}
	return c
}

// ownership is the index of the class tables in which the reserved bits belong
// to the extensions; see Class.
func (c *chain) ownership() (index uint8) {
	weights := [...]struct {
		bit    extension.Bits
		weight uint8
	}{{extension.RSV1, 1}, {extension.RSV2, 3}, {extension.RSV3, 9}}
	for _, s := range c.stages {
		for _, w := range weights {
			switch {
			case s.Bits&w.bit == 0:
			case s.Scope == extension.PerFrame:
				index += 2 * w.weight
			default:
				index += w.weight
			}
		}
	}
	return index
}

// reserved returns the reserved bits of a head.
func reserved(head byte) extension.Bits { return extension.Bits(head>>4) & 7 }

// concerned reports whether a head with those bits begins something coded.
func (s *stage) concerned(bits extension.Bits) bool {
	return bits&s.Bits != 0 || s.Bits == 0 && s.Decoder != nil
}

// concernsAll reports whether a frame without reserved bits may be coded.
func (c *chain) concernsAll() bool {
	if c == nil {
		return false
	}
	for i := range c.stages {
		if c.stages[i].concerned(0) {
			return true
		}
	}
	return false
}

// concerns reports whether the payload of the frame with that head is coded.
func (c *chain) concerns(head byte) bool {
	if c == nil {
		return false
	}
	for i := range c.stages {
		if s := &c.stages[i]; s.phase != resting || s.concerned(reserved(head)) {
			return true
		}
	}
	return false
}

// decodes reports whether the frame being read is coded.
func (c *chain) decodes() bool {
	if c == nil {
		return false
	}
	for i := range c.stages {
		if c.stages[i].phase != resting {
			return true
		}
	}
	return false
}

// beginMessage begins what is coded as a message.
func (c *chain) beginMessage(head byte) { c.begin(extension.PerMessage, head) }

// beginFrame begins what is coded as a frame, whose payload begins at offset.
func (c *chain) beginFrame(head byte, offset int64) {
	if c != nil {
		c.offset = offset
		c.begin(extension.PerFrame, head)
	}
}

func (c *chain) begin(scope extension.Scope, head byte) {
	if c == nil {
		return
	}
	for i := range c.stages {
		s := &c.stages[i]
		if s.Scope != scope {
			continue
		}
		s.phase = resting
		switch {
		case !s.concerned(reserved(head)):
		case s.Decoder == nil:
			s.phase, c.err = running, errNoDecoder
		default:
			s.phase = running
			s.Decoder.Begin(reserved(head) & s.Bits)
		}
	}
}

// feed hands over octets of the frame's payload, which stay as they are until
// they are decoded.
func (c *chain) feed(p []byte) { c.rest, c.phase = p, running }

// endFrame says that the payload is complete, and whether the message is.
func (c *chain) endFrame(message bool) {
	c.phase = ending
	for i := range c.stages {
		if s := &c.stages[i]; s.phase == running && (message || s.Scope == extension.PerFrame) {
			s.phase = ending
		}
	}
}

// waits reports whether content waits to be decoded.
func (c *chain) waits() bool { return c != nil && c.phase != resting }

// pending is the number of octets of which something is still to come, at least.
func (c *chain) pending() int {
	if !c.waits() {
		return 0
	}
	n := len(c.rest)
	for i := range c.stages {
		n += len(c.stages[i].in)
	}
	return max(n, 1)
}

// failure returns the error that decoding has failed with; nil if it has not.
func (c *chain) failure() error {
	if c == nil {
		return nil
	}
	return c.cause
}

// release gives all buffers back. The chain cannot be used after that but to be
// asked for what was agreed on.
func (c *chain) release(ep *Endpoint) {
	if c == nil {
		return
	}
	for i := range c.stages {
		s := &c.stages[i]
		if s.buf != nil {
			ep.buffers.put(s.buf)
		}
		s.Release()
	}
	c.stages, c.rest, c.phase = nil, nil, resting
}

package fuzz

import (
	"fmt"
	"math/rand"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
)

// Message is a message to be sent, in fragments or in one frame.
type Message struct {
	Binary  bool
	Content Octets
	Sizes   []int // octets of each fragment but the last; empty: one frame, no fragments
	Pings   int   // pings sent behind each fragment but the last, or before the message if there is none
}

// Payload returns the octets of the message; a character at the end of a text
// that is not whole is left out.
func (m Message) Payload() []byte {
	p := m.Content.Bytes()
	if !m.Binary {
		whole, _ := model.ScanUTF8(p)
		p = p[:whole]
	}
	return p
}

// Kind returns the kind of the message.
func (m Message) Kind() wsfsm.MessageKind {
	if m.Binary {
		return wsfsm.Binary
	}
	return wsfsm.Text
}

// String writes the message for a reader.
func (m Message) String() string {
	return fmt.Sprintf("{%v %v fragments %v pings %d}", m.Kind(), m.Content, m.Sizes, m.Pings)
}

// Messages generates []Message; up to as many as the generator's size.
func Messages() gopter.Gen {
	return sliceOf(func(r *rand.Rand) Message {
		m := Message{Binary: r.Intn(2) == 0, Pings: max(r.Intn(6)-3, 0)}
		m.Content = content(r, !m.Binary)
		for range max(r.Intn(8)-4, 0) {
			m.Sizes = append(m.Sizes, r.Intn(m.Content.Size+1))
		}
		return m
	}, shrinkMessage)
}

// Chunks generates []int: the sizes in octets, from 1, of the pieces in which a
// stream is handed over, one after the other and again from the first; none of
// them for a stream that is handed over as a whole.
func Chunks() gopter.Gen {
	return sliceOf(func(r *rand.Rand) int { return 1 + r.Intn(1<<r.Intn(13)) }, func(n int) []int {
		simpler := shrinkNumber(n - 1)
		for i := range simpler {
			simpler[i]++
		}
		return simpler
	})
}

// Streams generates []Op: frames that mostly follow the rules, some of them
// broken, as input for a driver of either role.
func Streams() gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		ops := make([]Op, p.Rng.Intn(p.MaxSize+1))
		begun := false
		faults := p.Rng.Intn(2) // half of the streams break no rule on purpose
		for i := range ops {
			ops[i], begun = frameOp(p.Rng, begun, faults)
		}
		return gopter.NewGenResult(ops, shrinkSlice(shrinkOp))
	}
}

// Programs generates Program: options and operations of all kinds, with input
// as of Streams in between. They keep the limits of the format.
func Programs() gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		program := Program{Options: options(p.Rng)}
		begun, room := false, MaxOctets
		for range p.Rng.Intn(p.MaxSize + 1) {
			var op Op
			switch p.Rng.Intn(5) {
			case 0, 1:
				op, begun = frameOp(p.Rng, begun, 1)
			case 2:
				op = anyOp(p.Rng)
			default:
				op = sendOp(p.Rng)
			}
			if room -= op.Octet.Size; room < 0 {
				break
			}
			program.Ops = append(program.Ops, op)
		}
		if program.Options.Handshake {
			begin := []Op{{Kind: OpStart}, {Kind: OpHead, N: max(p.Rng.Intn(32)-16, 0)}, {Kind: OpStart}}
			program.Ops = append(begin[p.Rng.Intn(3):], program.Ops...)
		}
		return gopter.NewGenResult(program, shrinkProgram)
	}
}

// sliceOf generates slices of what one makes, and shrinks them and their elements.
func sliceOf[T any](one func(*rand.Rand) T, shrink func(T) []T) gopter.Gen {
	return gen.SliceOf(func(p *gopter.GenParameters) *gopter.GenResult {
		return gopter.NewGenResult(one(p.Rng), shrinker(shrink))
	})
}

// content makes a payload: text if it must be, else any octets.
func content(r *rand.Rand, text bool) Octets {
	alphabets := []string{"", "é", "€", "😀", "a€é😀", "\x00", "\x7f\u0080\u07ff\u0800\uffff\U00010000\U0010ffff"}
	o := Octets{Data: []byte(alphabets[r.Intn(len(alphabets))])}
	if !text && r.Intn(2) == 0 {
		o.Data = make([]byte, 1+r.Intn(12))
		r.Read(o.Data)
	}
	o.Size = size(r)
	if text && len(o.Data) > 0 {
		o.Size -= o.Size % len(o.Data)
	}
	if o.Size < len(o.Data) || len(o.Data) == 0 {
		o.Data = nil
	}
	return o
}

// size makes a payload's size: mostly a small one, else one around a border.
func size(r *rand.Rand) int {
	switch r.Intn(40) {
	case 0:
		return 65533 + r.Intn(6)
	case 1, 2:
		return wsfsm.PieceSize - 3 + r.Intn(wsfsm.PieceSize)
	case 3, 4, 5, 6:
		return 123 + r.Intn(6)
	}
	return r.Intn(1 << r.Intn(7))
}

// frameOp makes a frame, with a defect now and then, that follows the rules of
// fragments mostly. It returns whether a message has begun and goes on.
func frameOp(r *rand.Rand, begun bool, faults int) (Op, bool) {
	op := Op{Kind: OpFrame, Key: byte(r.Intn(256) * r.Intn(2)), More: r.Intn(3) == 0}
	switch n := r.Intn(12); {
	case n < 3:
		op.Type, op.More = FramePing+FrameType(r.Intn(2)), false
		op.Octet = Octets{Size: r.Intn(1 << r.Intn(7))}
		return op, begun
	case n == 3 && r.Intn(5) == 0:
		return closeFrame(r, op), begun
	case begun:
		op.Type = FrameContinuation
	default:
		op.Type = FrameType(r.Intn(2))
	}
	op.Octet = content(r, r.Intn(8) > faults)
	if faults > 0 && r.Intn(16) == 0 {
		op.Kind, op.Defect = OpBroken, Defect(r.Intn(int(defects)))
	} else if faults > 0 && r.Intn(24) == 0 {
		op.Type = FrameType(r.Intn(int(frameTypes)))
	}
	return op, op.More
}

// closeFrame makes a close frame, mostly with a code and a reason.
func closeFrame(r *rand.Rand, op Op) Op {
	codes := []uint16{1000, 1001, 1002, 1003, 1005, 1007, 1011, 3000, 4999, 999, 1004, 1006, 1015, 5000}
	op.Type, op.More = FrameClose, false
	f := model.CloseFrame(codes[r.Intn(len(codes))], []string{"", "é", "gone", "\xff"}[r.Intn(4)])
	op.Octet = Plain(f.Payload)
	return op
}

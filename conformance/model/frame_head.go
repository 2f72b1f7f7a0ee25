package model

import "crypto/sha1"

// The opcodes of RFC 6455 §5.2, as they are from hybi-07 on; [Params.Opcode]
// knows those of all versions.
const (
	OpContinuation byte = 0x0
	OpText         byte = 0x1
	OpBinary       byte = 0x2
	OpClose        byte = 0x8
	OpPing         byte = 0x9
	OpPong         byte = 0xA
)

// Opcode returns the number of frames of a kind: the opcode, in 75 and 76 the
// type octet. It panics if the version has no such frames.
func (p Params) Opcode(kind Kind) byte {
	for opcode := range 256 {
		if p.draft().kindOf(byte(opcode)) == kind && kind != "" {
			return byte(opcode)
		}
	}
	panic("model: no frames for " + string(kind))
}

// kindOf returns what a frame with this opcode or type is for, the empty Kind if
// the number is reserved.
func (d draft) kindOf(opcode byte) Kind {
	if d <= hixie76 {
		if opcode == 0x00 {
			return KindText
		}
		if opcode == 0xFF && d == hixie76 {
			return KindClose
		}
		return ""
	}
	if d <= 6 {
		switch opcode {
		case 0:
			return KindContinuation
		case 1:
			return KindClose
		case 2:
			return KindPing
		case 3:
			return KindPong
		case 4:
			return KindText
		case 5:
			return KindBinary
		}
		return ""
	}
	switch opcode {
	case OpContinuation:
		return KindContinuation
	case OpText:
		return KindText
	case OpBinary:
		return KindBinary
	case OpClose:
		return KindClose
	case OpPing:
		return KindPing
	case OpPong:
		return KindPong
	}
	return ""
}

// isControl tells whether frames of a kind are control frames (§5.5).
func isControl(kind Kind) bool {
	return kind == KindClose || kind == KindPing || kind == KindPong
}

// isFinal tells whether the frame that first begins is the last of its message:
// up to hybi-03 the top bit says that more follows, since hybi-04 that none does.
func (d draft) isFinal(first byte) bool {
	top := first&0x80 != 0
	if d <= 3 {
		return !top
	}
	return top
}

// checkFirstOctet judges the reserved bits, the opcode and the finality of
// control frames. A reserved bit comes before everything else, since its owner
// could have changed the rest.
func (d draft) checkFirstOctet(first byte) Violation {
	if first&0x70 != 0 {
		return ReservedBits
	}
	kind := d.kindOf(first & 0x0F)
	if kind == "" {
		return ReservedOpcode
	}
	if isControl(kind) && !d.isFinal(first) {
		return SplitControl
	}
	return ""
}

// checkSecondOctet judges the top bit, then the length of a control frame. Up to
// hybi-06 the bit is the fourth reserved one, from hybi-07 on the mask bit.
func (p Params) checkSecondOctet(first, second byte) Violation {
	d := p.draft()
	top := second&0x80 != 0
	if !d.maskBit() && top {
		return ReservedBits
	}
	if d.maskBit() && p.Role == Server && !top {
		return MaskMissing
	}
	if d.maskBit() && p.Role == Client && top {
		return MaskUnexpected
	}
	if isControl(d.kindOf(first&0x0F)) && second&0x7F > 125 {
		return LongControl
	}
	return ""
}

// frameLength returns the payload length of a frame and the number of octets
// up to the end of its length. While head exceeds len(octets), the length is
// not known yet and 0. It needs two octets.
func frameLength(octets []byte) (length uint64, head int) {
	switch octets[1] & 0x7F {
	case 126:
		head = 4
	case 127:
		head = 10
	default:
		return uint64(octets[1] & 0x7F), 2
	}
	if head > len(octets) {
		return 0, head
	}
	for _, b := range octets[2:head] {
		length = length<<8 | uint64(b)
	}
	return length, head
}

// checkLength judges the form of a length that has been read whole (§5.2).
func (d draft) checkLength(second byte, length uint64) Violation {
	if length>>63 != 0 {
		return Overflow
	}
	if d <= 13 {
		return ""
	}
	if second&0x7F == 126 && length <= 125 {
		return NotMinimal
	}
	if second&0x7F == 127 && length <= 0xFFFF {
		return NotMinimal
	}
	return ""
}

// prefixKey returns the mask of a whole frame from the four octets in front of
// it: hybi-05 and -06 take them as they are, hybi-04 the SHA-1 sum of them and
// the key of the connection, 20 octets.
func (p Params) prefixKey(front []byte) []byte {
	if p.draft() != 4 {
		return front
	}
	sum := sha1.Sum(append(append([]byte(nil), front...), p.ConnectionKey[:]...))
	return sum[:]
}

// xor returns octets masked, or unmasked, with key, whose octet number from
// belongs to the first of them (§5.3). Without key they stay as they are.
func xor(octets, key []byte, from int) []byte {
	out := make([]byte, len(octets))
	copy(out, octets)
	if len(key) == 0 {
		return out
	}
	for i := range out {
		out[i] ^= key[(from+i)%len(key)]
	}
	return out
}

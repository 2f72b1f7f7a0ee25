package model

// The opcodes of RFC 6455 §5.2; 3-7 and B-F are reserved.
const (
	OpContinuation byte = 0x0
	OpText         byte = 0x1
	OpBinary       byte = 0x2
	OpClose        byte = 0x8
	OpPing         byte = 0x9
	OpPong         byte = 0xA
)

// isControl tells whether the frame that first begins is a control frame: the
// top bit of the opcode is set (§5.5).
func isControl(first byte) bool {
	return first&0x08 != 0
}

// checkFirstOctet judges FIN, the reserved bits and the opcode. A reserved bit
// comes before everything else, since its owner could have changed the rest.
func checkFirstOctet(first byte) Violation {
	if first&0x70 != 0 {
		return ReservedBits
	}
	switch first & 0x0F {
	case OpContinuation, OpText, OpBinary:
		return ""
	case OpClose, OpPing, OpPong:
		if first&0x80 == 0 {
			return SplitControl
		}
		return ""
	}
	return ReservedOpcode
}

// checkSecondOctet judges the mask bit, then the length of a control frame.
func checkSecondOctet(role Role, first, second byte) Violation {
	masked := second&0x80 != 0
	if role == Server && !masked {
		return MaskMissing
	}
	if role == Client && masked {
		return MaskUnexpected
	}
	if isControl(first) && second&0x7F > 125 {
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
func checkLength(second byte, length uint64) Violation {
	if length>>63 != 0 {
		return Overflow
	}
	if second&0x7F == 126 && length <= 125 {
		return NotMinimal
	}
	if second&0x7F == 127 && length <= 0xFFFF {
		return NotMinimal
	}
	return ""
}

// xor returns octets masked, or unmasked, with key (§5.3).
func xor(octets []byte, key [4]byte) []byte {
	out := make([]byte, len(octets))
	for i, b := range octets {
		out[i] = b ^ key[i%4]
	}
	return out
}

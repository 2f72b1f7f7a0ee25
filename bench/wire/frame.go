package wire

import (
	"encoding/binary"
	"errors"
)

// Frame is a frame of RFC 6455 §5.2, written down apart from any library.
type Frame struct {
	Final   bool
	Coded   bool // RSV1
	Opcode  byte
	Payload []byte
}

// The opcodes of data frames.
const (
	Continuation byte = 0
	TextOpcode   byte = 1
	BinaryOpcode byte = 2
)

// Append appends the frame to dst, masked if there is a key.
func (f Frame) Append(dst []byte, key *[4]byte) []byte {
	first, mask := f.Opcode, byte(0)
	if f.Final {
		first |= 0x80
	}
	if f.Coded {
		first |= 0x40
	}
	if key != nil {
		mask = 0x80
	}
	switch n := len(f.Payload); {
	case n <= 125:
		dst = append(dst, first, mask|byte(n))
	case n <= 0xFFFF:
		dst = binary.BigEndian.AppendUint16(append(dst, first, mask|126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, first, mask|127), uint64(n))
	}
	if key == nil {
		return append(dst, f.Payload...)
	}
	dst = append(dst, key[:]...)
	for i, b := range f.Payload {
		dst = append(dst, b^key[i&3])
	}
	return dst
}

var errCut = errors.New("wire: the octets end inside a frame")

// Cut takes the first frame off p and unmasks a copy of its payload.
func Cut(p []byte) (f Frame, masked bool, rest []byte, err error) {
	if len(p) < 2 {
		return f, false, nil, errCut
	}
	f = Frame{Final: p[0]&0x80 != 0, Coded: p[0]&0x40 != 0, Opcode: p[0] & 0x0F}
	masked = p[1]&0x80 != 0
	n, head := int(p[1]&0x7F), 2
	switch {
	case n == 126 && len(p) >= 4:
		n, head = int(binary.BigEndian.Uint16(p[2:])), 4
	case n == 127 && len(p) >= 10:
		n, head = int(binary.BigEndian.Uint64(p[2:])), 10
	case n > 125:
		return f, false, nil, errCut
	}
	var key [4]byte
	if masked {
		if len(p) < head+4 {
			return f, false, nil, errCut
		}
		key, head = [4]byte(p[head:]), head+4
	}
	if n < 0 || len(p)-head < n {
		return f, false, nil, errCut
	}
	f.Payload = append([]byte(nil), p[head:head+n]...)
	if masked {
		for i := range f.Payload {
			f.Payload[i] ^= key[i&3]
		}
	}
	return f, masked, p[head+n:], nil
}

// Package mask applies the masking of WebSocket payloads (RFC 6455 §5.3). Short
// payloads are masked by portable code that works on words, long ones by vector
// instructions where the processor has them. The build tag purego leaves the
// portable code alone.
package mask

import (
	"encoding/binary"
	"math/bits"
)

// Key is a masking key; its first octet is the lowest, so that Key is what
// binary.LittleEndian reads from the wire.
type Key uint32

// At returns the key rotated so that its first octet is the one for payload
// octet number pos.
func (k Key) At(pos int) Key {
	return Key(bits.RotateLeft32(uint32(k), -8*(pos&3)))
}

// wide returns the key twice.
func (k Key) wide() uint64 { return uint64(k) | uint64(k)<<32 }

// XOR masks or unmasks p in place. The first octet of k belongs to p[0]; the
// key for what follows is k.At(len(p)).
func XOR(k Key, p []byte) {
	if k != 0 {
		XORTo(p, p, k)
	}
}

// vectorFrom is the length in octets from which a call of a vector routine pays.
// The routines need as much.
const vectorFrom = 128

// XORTo masks or unmasks src into dst, which must be at least as long and
// either begin where src does or not overlap it. The first octet of k belongs to
// src[0].
func XORTo(dst, src []byte, k Key) {
	n := len(src)
	dst = dst[:n]
	switch {
	case n >= 8 && n <= 16: // two words, which may overlap, without another call
		first := binary.LittleEndian.Uint64(src) ^ k.wide()
		last := binary.LittleEndian.Uint64(src[n-8:]) ^ k.At(n).wide()
		binary.LittleEndian.PutUint64(dst, first)
		binary.LittleEndian.PutUint64(dst[n-8:], last)
	case n < vectorFrom || !xorVector(dst, src, k):
		xorWords(dst, src, k)
	}
}

// xorWords is XORTo in portable code. The last eight octets are a word too: it is
// read before anything is written, and written last.
func xorWords(dst, src []byte, k Key) {
	if len(src) < 8 {
		xorFew(dst, src, k)
		return
	}
	wide := k.wide()
	last := binary.LittleEndian.Uint64(src[len(src)-8:]) ^ k.At(len(src)).wide()
	end := dst[len(src)-8:]
	for len(src) > 32 {
		d, s := dst[:32], src[:32]
		binary.LittleEndian.PutUint64(d, binary.LittleEndian.Uint64(s)^wide)
		binary.LittleEndian.PutUint64(d[8:], binary.LittleEndian.Uint64(s[8:])^wide)
		binary.LittleEndian.PutUint64(d[16:], binary.LittleEndian.Uint64(s[16:])^wide)
		binary.LittleEndian.PutUint64(d[24:], binary.LittleEndian.Uint64(s[24:])^wide)
		dst, src = dst[32:], src[32:]
	}
	for len(src) > 8 {
		binary.LittleEndian.PutUint64(dst, binary.LittleEndian.Uint64(src)^wide)
		dst, src = dst[8:], src[8:]
	}
	binary.LittleEndian.PutUint64(end, last)
}

// xorFew is xorWords for up to seven octets.
func xorFew(dst, src []byte, k Key) {
	n := len(src)
	if n >= 4 {
		first := binary.LittleEndian.Uint32(src) ^ uint32(k)
		last := binary.LittleEndian.Uint32(src[n-4:]) ^ uint32(k.At(n))
		binary.LittleEndian.PutUint32(dst, first)
		binary.LittleEndian.PutUint32(dst[n-4:], last)
		return
	}
	for i, b := range src {
		dst[i] = b ^ byte(k>>(8*i))
	}
}

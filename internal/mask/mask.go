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

// highBits are the high bits of eight octets.
const highBits = 0x8080808080808080

// XOR masks or unmasks p in place. The first octet of k belongs to p[0]; the
// key for what follows is k.At(len(p)). It reports whether p is ASCII now; of what
// the zero key leaves as it is it says false.
func XOR(k Key, p []byte) (ascii bool) { return k != 0 && XORTo(p, p, k) }

// XORTo masks or unmasks src into dst, which must be at least as long and begin
// before src or where src does, or not overlap it. The first octet of k belongs to
// src[0]. It reports whether what is in dst now is ASCII.
func XORTo(dst, src []byte, k Key) (ascii bool) {
	n := len(src)
	dst = dst[:n]
	switch {
	case n >= 8 && n <= 16: // two words, which may overlap, without another call
		first := binary.LittleEndian.Uint64(src) ^ k.wide()
		last := binary.LittleEndian.Uint64(src[n-8:]) ^ k.At(n).wide()
		binary.LittleEndian.PutUint64(dst, first)
		binary.LittleEndian.PutUint64(dst[n-8:], last)
		return (first|last)&highBits == 0
	case n < vectorFrom || !hasVector():
		return xorWords(dst, src, k)&highBits == 0
	}
	return xorVector(dst, src, k) == 0
}

// xorWords is XORTo in portable code; it returns all octets of dst by OR. The last
// eight octets are a word too: it is read before anything is written, and written
// last.
func xorWords(dst, src []byte, k Key) (all uint64) {
	if len(src) < 8 {
		return xorFew(dst, src, k)
	}
	wide := k.wide()
	last := binary.LittleEndian.Uint64(src[len(src)-8:]) ^ k.At(len(src)).wide()
	end := dst[len(src)-8:]
	all = last
	for len(src) > 32 {
		d, s := dst[:32], src[:32]
		w0, w1 := binary.LittleEndian.Uint64(s)^wide, binary.LittleEndian.Uint64(s[8:])^wide
		w2, w3 := binary.LittleEndian.Uint64(s[16:])^wide, binary.LittleEndian.Uint64(s[24:])^wide
		all |= w0 | w1 | w2 | w3
		binary.LittleEndian.PutUint64(d, w0)
		binary.LittleEndian.PutUint64(d[8:], w1)
		binary.LittleEndian.PutUint64(d[16:], w2)
		binary.LittleEndian.PutUint64(d[24:], w3)
		dst, src = dst[32:], src[32:]
	}
	for len(src) > 8 {
		w := binary.LittleEndian.Uint64(src) ^ wide
		all |= w
		binary.LittleEndian.PutUint64(dst, w)
		dst, src = dst[8:], src[8:]
	}
	binary.LittleEndian.PutUint64(end, last)
	return all
}

// xorFew is xorWords for up to seven octets.
func xorFew(dst, src []byte, k Key) (all uint64) {
	n := len(src)
	if n >= 4 {
		first := binary.LittleEndian.Uint32(src) ^ uint32(k)
		last := binary.LittleEndian.Uint32(src[n-4:]) ^ uint32(k.At(n))
		binary.LittleEndian.PutUint32(dst, first)
		binary.LittleEndian.PutUint32(dst[n-4:], last)
		return uint64(first | last)
	}
	for i, b := range src {
		dst[i] = b ^ byte(k>>(8*i))
		all |= uint64(dst[i])
	}
	return all
}

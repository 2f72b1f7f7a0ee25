// Package mask applies the masking of WebSocket payloads (RFC 6455 §5.3).
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

// XOR masks or unmasks p in place. The first octet of k belongs to p[0]; the
// key for what follows is k.At(len(p)).
func XOR(k Key, p []byte) {
	if k != 0 {
		XORTo(p, p, k)
	}
}

// XORTo masks or unmasks src into dst, which must be at least as long and
// either be src itself or not overlap it.
func XORTo(dst, src []byte, k Key) {
	if k == 0 {
		copy(dst, src)
		return
	}
	wide := uint64(k) | uint64(k)<<32
	dst = dst[:len(src)]
	for len(src) >= 32 {
		d, s := dst[:32], src[:32]
		binary.LittleEndian.PutUint64(d, binary.LittleEndian.Uint64(s)^wide)
		binary.LittleEndian.PutUint64(d[8:], binary.LittleEndian.Uint64(s[8:])^wide)
		binary.LittleEndian.PutUint64(d[16:], binary.LittleEndian.Uint64(s[16:])^wide)
		binary.LittleEndian.PutUint64(d[24:], binary.LittleEndian.Uint64(s[24:])^wide)
		dst, src = dst[32:], src[32:]
	}
	for len(src) >= 8 {
		binary.LittleEndian.PutUint64(dst, binary.LittleEndian.Uint64(src)^wide)
		dst, src = dst[8:], src[8:]
	}
	if len(src) >= 4 {
		binary.LittleEndian.PutUint32(dst, binary.LittleEndian.Uint32(src)^uint32(k))
		dst, src = dst[4:], src[4:]
	}
	for i, b := range src {
		dst[i] = b ^ byte(k>>(8*i))
	}
}

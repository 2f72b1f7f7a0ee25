package utf8

import "encoding/binary"

const (
	blockSize = 16
	highBit32 = 0x80808080
	highBit64 = 0x8080808080808080
)

// highBits is not zero if an octet is no ASCII.
func highBits(b *[blockSize]byte) uint64 {
	return (binary.LittleEndian.Uint64(b[:]) | binary.LittleEndian.Uint64(b[8:])) & highBit64
}

// asciiBlocks returns how many octets at the beginning of p are blocks of ASCII.
func asciiBlocks(p []byte) (n int) {
	for ; len(p)-n >= 2*blockSize; n += 2 * blockSize {
		b := (*[2 * blockSize]byte)(p[n:])
		if highBits((*[blockSize]byte)(b[:]))|highBits((*[blockSize]byte)(b[blockSize:])) != 0 {
			break
		}
	}
	return n
}

// shortASCII reports whether up to 15 octets are ASCII; it may miss it for fewer
// than four.
func shortASCII(p []byte) bool {
	switch n := len(p); {
	case n >= 8:
		return (binary.LittleEndian.Uint64(p)|binary.LittleEndian.Uint64(p[n-8:]))&highBit64 == 0
	case n >= 4:
		return (binary.LittleEndian.Uint32(p)|binary.LittleEndian.Uint32(p[n-4:]))&highBit32 == 0
	}
	return len(p) == 0
}

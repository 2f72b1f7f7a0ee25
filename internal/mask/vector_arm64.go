//go:build !purego

package mask

// vectorFrom is the length in octets from which a call of the vector routine pays.
// The routine needs 64.
const vectorFrom = 64

// hasVector reports that every processor has the instructions for xorVector.
func hasVector() bool { return true }

// xorVector is XORTo for at least vectorFrom octets; dst is as long as src. It
// returns 0 if what is in dst now is ASCII.
func xorVector(dst, src []byte, k Key) (high uint32) {
	return xorNEON(&dst[0], &src[0], len(src), uint32(k))
}

// xorNEON sets n octets at dst to those at src XOR the key, whose lowest octet
// belongs to the first. n is at least 64; dst is src, or they do not overlap. It
// returns 0 if none of the octets at dst has its high bit set then.
//
//go:noescape
func xorNEON(dst, src *byte, n int, key uint32) (high uint32)

// patternVector does nothing: there is no vector routine.
func patternVector([]byte, *[PatternSize]byte) (n int) { return 0 }

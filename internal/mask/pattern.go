package mask

import "crypto/subtle"

// PatternSize is the length of a pattern in octets: a multiple of the registers
// of vectors, and of the digests of SHA-1 that mask the frames of hybi-04.
const PatternSize = 160

// XORPattern masks or unmasks p in place by a pattern that comes again and again.
func XORPattern(p []byte, pattern *[PatternSize]byte) {
	n := patternVector(p, pattern)
	for n < len(p) {
		n += subtle.XORBytes(p[n:], p[n:], pattern[:])
	}
}

//go:build !purego

package mask

// Levels of detect.
const (
	avx2   = 1
	avx512 = 2
)

// level is what the processor has.
var level = detect()

// vectorFrom is the length in octets from which a call of a vector routine pays.
// The routines need as much.
const vectorFrom = 32

// wideFrom is the length in octets from which registers of 64 octets are not
// slower than those of 32.
const wideFrom = 4096

// hasVector reports whether the processor has the instructions for xorVector.
func hasVector() bool { return level >= avx2 }

// xorVector is XORTo for at least vectorFrom octets; dst is as long as src. It
// returns 0 if what is in dst now is ASCII.
func xorVector(dst, src []byte, k Key) (high uint32) {
	if level >= avx512 && len(src) >= wideFrom {
		return xorAVX512(&dst[0], &src[0], len(src), uint32(k))
	}
	return xorAVX2(&dst[0], &src[0], len(src), uint32(k))
}

// patternVector is XORPattern for as many whole patterns as p has; it returns how
// many octets that was.
func patternVector(p []byte, pattern *[PatternSize]byte) (n int) {
	if n = len(p) - len(p)%PatternSize; n == 0 || !hasVector() {
		return 0
	}
	patternAVX2(&p[0], n, &pattern[0])
	return n
}

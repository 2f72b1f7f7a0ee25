//go:build !purego

package mask

// Levels of detect.
const (
	avx2   = 1
	avx512 = 2
)

// level is what the processor has.
var level = detect()

// wideFrom is the length in octets from which registers of 64 octets are not
// slower than those of 32.
const wideFrom = 4096

// xorVector is XORTo for at least vectorFrom octets; dst is as long as src. It
// returns false if the processor lacks the instructions.
func xorVector(dst, src []byte, k Key) bool {
	switch {
	case level >= avx512 && len(src) >= wideFrom:
		xorAVX512(&dst[0], &src[0], len(src), uint32(k))
	case level >= avx2:
		xorAVX2(&dst[0], &src[0], len(src), uint32(k))
	default:
		return false
	}
	return true
}

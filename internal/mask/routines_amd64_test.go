//go:build !purego

package mask

// routines returns the implementations that this processor has.
func routines() []routine {
	all := []routine{
		portable,
		{"AVX2", 32, func(dst, src []byte, k Key) bool { return xorAVX2(&dst[0], &src[0], len(src), uint32(k)) == 0 }},
		{"AVX-512", 64, func(dst, src []byte, k Key) bool { return xorAVX512(&dst[0], &src[0], len(src), uint32(k)) == 0 }},
	}
	return all[:1+level]
}

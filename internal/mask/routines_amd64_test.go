//go:build !purego

package mask

// routines returns the implementations that this processor has.
func routines() []routine {
	all := []routine{
		{"portable", 0, xorWords},
		{"AVX2", 64, func(dst, src []byte, k Key) { xorAVX2(&dst[0], &src[0], len(src), uint32(k)) }},
		{"AVX-512", 128, func(dst, src []byte, k Key) { xorAVX512(&dst[0], &src[0], len(src), uint32(k)) }},
	}
	return all[:1+level]
}

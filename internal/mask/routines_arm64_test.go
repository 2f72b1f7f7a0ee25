//go:build !purego

package mask

// routines returns the implementations that this processor has.
func routines() []routine {
	return []routine{
		{"portable", 0, xorWords},
		{"NEON", 64, func(dst, src []byte, k Key) { xorNEON(&dst[0], &src[0], len(src), uint32(k)) }},
	}
}

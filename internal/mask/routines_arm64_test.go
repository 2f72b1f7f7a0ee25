//go:build !purego

package mask

// routines returns the implementations that this processor has.
func routines() []routine {
	return []routine{
		portable,
		{"NEON", 64, func(dst, src []byte, k Key) bool { return xorNEON(&dst[0], &src[0], len(src), uint32(k)) == 0 }},
	}
}

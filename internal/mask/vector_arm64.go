//go:build !purego

package mask

// xorVector is XORTo for at least vectorFrom octets; dst is as long as src.
// Every processor has the instructions.
func xorVector(dst, src []byte, k Key) bool {
	xorNEON(&dst[0], &src[0], len(src), uint32(k))
	return true
}

// xorNEON sets n octets at dst to those at src XOR the key, whose lowest octet
// belongs to the first. n is at least 64; dst is src, or they do not overlap.
//
//go:noescape
func xorNEON(dst, src *byte, n int, key uint32)

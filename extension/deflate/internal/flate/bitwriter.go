package flate

import (
	"encoding/binary"
	"slices"
)

// bitWriter writes bits into a slice that has room for them. Its methods return
// what it has become, so that it stays in registers.
type bitWriter struct {
	acc uint64 // bits that are not written yet, the first one lowest
	n   uint   // how many
	at  int    // where the next octet goes
}

// add adds n bits.
func (b bitWriter) add(v uint64, n uint) bitWriter {
	return bitWriter{b.acc | v<<(b.n&63), b.n + n, b.at}
}

// code adds a code without extra bits.
func (b bitWriter) code(c uint32) bitWriter { return b.add(uint64(c>>16), uint(c&31)) }

// codeWith adds a code and its extra bits, which are the lowest of value.
func (b bitWriter) codeWith(c uint32, value uint64) bitWriter {
	n := uint(c >> 8 & 31)
	return b.add((uint64(c>>16)|value<<(c&31))&(1<<n-1), n)
}

// flush writes the whole octets; out must have eight from the next one on. At most
// 7 bits are left.
func (b bitWriter) flush(out []byte) bitWriter {
	binary.LittleEndian.PutUint64(out[b.at:b.at+8], b.acc)
	return bitWriter{b.acc >> (b.n & 56), b.n & 7, b.at + int(b.n>>3)}
}

// put writes n bits, at most 57.
func (w *Work) put(v uint64, n uint) {
	w.out = slices.Grow(w.out, 8)
	b := w.bits.add(v, n).flush(w.out[:cap(w.out)])
	w.out, w.bits = w.out[:b.at], b
}

// align fills the last octet with zero bits.
func (w *Work) align() { w.put(0, -w.bits.n&7) }

// symbols writes the sequences, which code raw in that many bits, and the end of
// the block.
func (w *Work) symbols(lit, dist *codeBook, raw []byte, size int) {
	w.out = slices.Grow(w.out, size/8+16)
	out, b, next := w.out[:cap(w.out)], w.bits, 0
	for _, s := range w.sequences {
		run := int(s.literals)
		for ; run >= 3; run -= 3 { // 7 bits and three of 15 fit
			p := raw[next : next+3]
			b = b.code(lit.codes[p[0]]).code(lit.codes[p[1]]).code(lit.codes[p[2]]).flush(out)
			next += 3
		}
		if s.match == 0 {
			for _, p := range raw[next:] {
				b = b.code(lit.codes[p])
			}
			break
		}
		// None, one or two: a match is longer, so that they can be read anyway.
		p := raw[next : next+2]
		first, second := lit.codes[p[0]], lit.codes[p[1]]
		if run < 1 {
			first = 0
		}
		if run < 2 {
			second = 0
		}
		next += run + s.match.length()
		l := s.match >> 24
		symbol := firstLength + int(w.lengthSymbols[l])
		b = b.code(first).code(second).codeWith(lit.codes[symbol], uint64(l)).flush(out) // 57 bits at most
		b = b.codeWith(dist.codes[s.match>>16&31], uint64(s.match)&(1<<15-1)).flush(out)
	}
	b = b.flush(out).code(lit.codes[endOfBlock]).flush(out)
	w.out, w.bits = out[:b.at], b
}

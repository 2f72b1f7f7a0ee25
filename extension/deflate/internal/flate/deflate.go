package flate

import (
	"encoding/binary"
	"math/bits"
)

// segment is how many octets a block codes at most.
const segment = 32 << 10

// Work is what a deflater needs while it codes, to be shared by many.
type Work struct {
	tokens []uint32 // a literal, or length<<16 | distance
	lit    [maxLit]uint32
	dist   [maxDist]uint32
	coder  coder
	fixed  [2]codeBook
	own    [2]codeBook
	pre    codeBook
	runs   []uint16 // coded code lengths: symbol | extra<<8

	out []byte
	acc uint64
	n   uint
}

// NewWork returns a Work.
func NewWork() *Work {
	w := &Work{tokens: make([]uint32, 0, segment)}
	lit, dist := fixedLengths()
	w.fixed[0].assign(lit[:])
	w.fixed[1].assign(dist[:])
	return w
}

// Deflate appends the coding of p, which the window does not hold yet, as blocks
// none of which is final. At the end of a message what follows the last block is
// the head of an empty stored one, whose length is left out (RFC 7692 §7.2.1);
// otherwise a whole empty stored block, so that the octets are complete.
func (d *Deflater) Deflate(w *Work, dst, p []byte, last bool) []byte {
	w.out, w.acc, w.n = dst, 0, 0
	for from := 0; from < len(p); from += segment {
		to := min(from+segment, len(p))
		w.tokens = w.tokens[:0]
		clear(w.lit[:])
		clear(w.dist[:])
		d.tokens(w, p, from, to)
		w.lit[endOfBlock] = 1
		w.block(p[from:to])
	}
	w.put(0, 3)
	w.align()
	if !last {
		w.out = append(w.out, 0, 0, 0xFF, 0xFF)
	}
	dst, w.out = w.out, nil
	return dst
}

func (w *Work) literal(b byte) {
	w.tokens = append(w.tokens, uint32(b))
	w.lit[b]++
}

// match adds a match of any length as matches that DEFLATE knows.
func (w *Work) match(length, distance int) {
	for length > 0 {
		n := min(length, maxMatch)
		if rest := length - n; rest > 0 && rest < 3 {
			n = length - 3
		}
		w.tokens = append(w.tokens, uint32(n)<<16|uint32(distance))
		symbol, _, _ := lengthSymbol(n)
		w.lit[symbol]++
		symbol, _, _ = distanceSymbol(distance)
		w.dist[symbol]++
		length -= n
	}
}

// lengthSymbol returns the symbol of a length, and its extra bits (RFC 1951
// §3.2.5).
func lengthSymbol(length int) (symbol int, extra uint, value uint64) {
	l := uint(length - 3)
	switch {
	case length == maxMatch:
		return 285, 0, 0
	case l < 4:
		return 257 + int(l), 0, 0
	}
	extra = uint(bits.Len(l)) - 3
	return 257 + int(4*extra+l>>extra), extra, uint64(l & (1<<extra - 1))
}

// distanceSymbol returns the symbol of a distance, and its extra bits.
func distanceSymbol(distance int) (symbol int, extra uint, value uint64) {
	d := uint(distance - 1)
	if d < 2 {
		return int(d), 0, 0
	}
	extra = uint(bits.Len(d)) - 2
	return int(2*extra + d>>extra), extra, uint64(d & (1<<extra - 1))
}

// put writes n bits, at most 48.
func (w *Work) put(v uint64, n uint) {
	w.acc |= v << w.n
	if w.n += n; w.n >= 16 {
		w.flush()
	}
}

// flush writes the whole octets of acc.
func (w *Work) flush() {
	w.out = binary.LittleEndian.AppendUint64(w.out, w.acc)
	k := w.n >> 3
	w.out = w.out[:len(w.out)-8+int(k)]
	w.acc >>= 8 * k
	w.n &= 7
}

// align fills the last octet with zero bits.
func (w *Work) align() {
	w.n = (w.n + 7) &^ 7
	w.flush()
}

// block writes the tokens in the form that takes the fewest bits; raw is what they
// code.
func (w *Work) block(raw []byte) {
	const headBits = 3
	lit, dist := &w.fixed[0], &w.fixed[1]
	extra := w.extraBits()
	best := lit.cost(w.lit[:]) + dist.cost(w.dist[:]) + extra
	kind := uint64(1)
	if len(w.tokens) > 24 { // below, the head never pays
		if head := w.buildOwn(); head < best {
			if n := head + w.own[0].cost(w.lit[:]) + w.own[1].cost(w.dist[:]) + extra; n < best {
				lit, dist, best, kind = &w.own[0], &w.own[1], n, 2
			}
		}
	}
	if stored := 8 * (len(raw) + 5); stored < best+headBits {
		w.stored(raw)
		return
	}
	w.put(kind<<1, headBits)
	if kind == 2 {
		w.dynamicHead()
	}
	w.symbols(lit, dist)
}

func (w *Work) stored(raw []byte) {
	w.put(0, 3)
	w.align()
	n := uint16(len(raw)) // a segment fits
	w.out = binary.LittleEndian.AppendUint16(w.out, n)
	w.out = binary.LittleEndian.AppendUint16(w.out, ^n)
	w.out = append(w.out, raw...)
}

// symbols writes the tokens and the end of the block.
func (w *Work) symbols(lit, dist *codeBook) {
	out, acc, n := w.out, w.acc, w.n
	for _, t := range w.tokens {
		c := lit.codes[t&0xFF]
		if t >= 1<<16 {
			symbol, extra, value := lengthSymbol(int(t >> 16))
			c = lit.codes[symbol]
			acc |= uint64(c>>8)<<n | value<<(n+uint(c&0xFF))
			n += uint(c&0xFF) + extra
			symbol, extra, value = distanceSymbol(int(t & 0xFFFF))
			c = dist.codes[symbol]
			acc |= uint64(c>>8)<<n | value<<(n+uint(c&0xFF))
			n += uint(c&0xFF) + extra
		} else {
			acc |= uint64(c>>8) << n
			n += uint(c & 0xFF)
		}
		if n >= 16 {
			out = binary.LittleEndian.AppendUint64(out, acc)
			out = out[:len(out)-8+int(n>>3)]
			acc >>= n &^ 7
			n &= 7
		}
	}
	w.out, w.acc, w.n = out, acc, n
	c := lit.codes[endOfBlock]
	w.put(uint64(c>>8), uint(c&0xFF))
}

// extraBits is the number of extra bits of all tokens.
func (w *Work) extraBits() (n int) {
	for symbol := 265; symbol < 285; symbol++ {
		n += int(w.lit[symbol]) * ((symbol - 261) / 4)
	}
	for symbol := 4; symbol < maxDist; symbol++ {
		n += int(w.dist[symbol]) * (symbol/2 - 1)
	}
	return n
}

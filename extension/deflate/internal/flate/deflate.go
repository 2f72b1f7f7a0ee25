package flate

// segment is how many octets a block codes at most; that many may be stored.
const segment = maxStored

// Work is what a deflater needs while it codes, to be shared by many.
type Work struct {
	sequences     []sequence
	lit           [maxLit]uint32
	dist          [32]uint32                      // two more than there are
	lengthSymbols [maxMatch - minLength + 1]uint8 // beyond 257
	extra         [3][maxLit]uint8                // bits behind literals and lengths, distances, code lengths
	coder         coder
	fixed         [2]codeBook
	own           [2]codeBook
	pre           codeBook
	runs          []uint16 // coded code lengths: symbol | extra<<8

	out  []byte
	bits bitWriter // into out
}

// NewWork returns a Work.
func NewWork() *Work {
	w := &Work{}
	for length := range w.lengthSymbols {
		w.lengthSymbols[length] = uint8(lengthSymbol(length+minLength) - firstLength)
	}
	for symbol := range maxLit {
		w.extra[0][symbol] = uint8(extraBits(litEntry(symbol)))
		w.extra[1][symbol] = uint8(extraBits(distEntry(symbol)))
		w.extra[2][symbol] = uint8(extraBits(preEntry(symbol)))
	}
	lit, dist := fixedLengths()
	w.fixed[0].assign(lit[:], w.extra[0][:])
	w.fixed[1].assign(dist[:], w.extra[1][:maxDist])
	return w
}

// Deflate appends the coding of p, which the window does not hold yet, as blocks
// none of which is final. At the end of a message what follows the last block is
// the head of an empty stored one, whose length is left out (RFC 7692 §7.2.1);
// otherwise a whole empty stored block, so that the octets are complete.
func (d *Deflater) Deflate(w *Work, dst, p []byte, last bool) []byte {
	w.out, w.bits = dst, bitWriter{at: len(dst)}
	d.prepare(len(p))
	for from := 0; from < len(p); from += segment {
		to := min(from+segment, len(p))
		w.begin()
		if d.prev == nil {
			d.greedy(w, p, from, to)
		} else {
			d.chained(w, p, from, to)
		}
		w.block(p[from:to])
	}
	w.put(0, 3)
	w.align()
	if !last {
		w.append([]byte{0, 0, 0xFF, 0xFF})
	}
	dst, w.out = w.out, nil
	return dst
}

// block writes the sequences in the form that takes the fewest bits; raw is what
// they code.
func (w *Work) block(raw []byte) {
	const headBits = 3
	if !w.worthCoding(raw) {
		w.stored(raw)
		return
	}
	w.countLiterals(raw)
	lit, dist := &w.fixed[0], &w.fixed[1]
	best := lit.cost(w.lit[:]) + dist.cost(w.dist[:maxDist])
	kind := uint64(1)
	if best > ownFrom {
		if head := w.buildOwn(); head < best {
			if n := head + w.own[0].cost(w.lit[:]) + w.own[1].cost(w.dist[:maxDist]); n < best {
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
	w.symbols(lit, dist, raw, best)
}

// ownFrom is the number of bits of a block with fixed codes below which codes of
// its own do not pay for their head.
const ownFrom = 300

func (w *Work) stored(raw []byte) {
	w.put(0, 3)
	w.align()
	n := uint16(len(raw)) // a segment fits
	w.put(uint64(n)|uint64(^n)<<16, 32)
	w.append(raw)
}

// append writes octets; what came before must be aligned.
func (w *Work) append(p []byte) {
	w.out = append(w.out, p...)
	w.bits.at = len(w.out)
}

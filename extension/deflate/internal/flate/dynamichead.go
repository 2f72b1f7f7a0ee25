package flate

import "slices"

// buildOwn makes the codes of a dynamic block and returns the bits of its head.
func (w *Work) buildOwn() (head int) {
	w.coder.make(&w.own[0], w.lit[:], 15, w.extra[0][:])
	w.coder.make(&w.own[1], w.dist[:maxDist], 15, w.extra[1][:maxDist])
	w.codeLengthRuns()
	var frequencies [numPre]uint32
	for _, r := range w.runs {
		frequencies[r&0xFF]++
	}
	w.coder.make(&w.pre, frequencies[:], 7, w.extra[2][:numPre])
	return 14 + 3*w.preCount() + w.pre.cost(frequencies[:])
}

// counts returns how many lengths are written of each code.
func (w *Work) counts() (lit, dist int) {
	for lit = maxLit; lit > 257 && w.own[0].length(lit-1) == 0; lit-- {
	}
	for dist = maxDist; dist > 1 && w.own[1].length(dist-1) == 0; dist-- {
	}
	return lit, dist
}

// preCount returns how many lengths of the code length code are written.
func (w *Work) preCount() (n int) {
	for n = numPre; n > 4 && w.pre.length(int(preOrder()[n-1])) == 0; n-- {
	}
	return n
}

// codeLengthRuns codes the lengths of both codes (RFC 1951 §3.2.7).
func (w *Work) codeLengthRuns() {
	lit, dist := w.counts()
	var all [maxLit + maxDist]uint8
	lengths := all[:lit+dist]
	for i := range lengths {
		if i < lit {
			lengths[i] = w.own[0].length(i)
		} else {
			lengths[i] = w.own[1].length(i - lit)
		}
	}
	w.runs = w.runs[:0]
	for i := 0; i < len(lengths); {
		n := 1
		for i+n < len(lengths) && lengths[i+n] == lengths[i] {
			n++
		}
		w.run(lengths[i], n)
		i += n
	}
}

// run codes a length that comes n times.
func (w *Work) run(length uint8, n int) {
	if length == 0 {
		for ; n >= 11; n -= min(n, 138) {
			w.runs = append(w.runs, 18|uint16(min(n, 138)-11)<<8)
		}
		if n >= 3 {
			w.runs = append(w.runs, 17|uint16(n-3)<<8)
			n = 0
		}
	} else {
		w.runs = append(w.runs, uint16(length))
		for n--; n >= 3; n -= min(n, 6) {
			w.runs = append(w.runs, 16|uint16(min(n, 6)-3)<<8)
		}
	}
	for ; n > 0; n-- {
		w.runs = append(w.runs, uint16(length))
	}
}

// dynamicHead writes the head of a dynamic block.
func (w *Work) dynamicHead() {
	lit, dist := w.counts()
	pre := w.preCount()
	w.put(uint64(lit-firstLength)|uint64(dist-1)<<5|uint64(pre-4)<<10, 14)
	w.out = slices.Grow(w.out, 3*numPre/8+2*len(w.runs)+16)
	out, b := w.out[:cap(w.out)], w.bits
	for _, symbol := range preOrder()[:pre] {
		b = b.add(uint64(w.pre.length(int(symbol))), 3).flush(out)
	}
	for _, r := range w.runs { // 14 bits at most
		b = b.codeWith(w.pre.codes[r&0xFF], uint64(r>>8)).flush(out)
	}
	w.out, w.bits = out[:b.at], b
}

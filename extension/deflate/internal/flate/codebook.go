package flate

import (
	"math/bits"
	"slices"
)

// codeBook is a prefix code: for each symbol its bits, reversed, <<8 and their
// number.
type codeBook struct {
	lengths [288]uint8
	codes   [288]uint32
}

// assign makes the canonical code with these lengths (RFC 1951 §3.2.2).
func (b *codeBook) assign(lengths []uint8) {
	copy(b.lengths[:], lengths)
	clear(b.lengths[len(lengths):])
	var count, next [17]uint16
	for _, l := range lengths {
		count[l]++
	}
	count[0] = 0
	for l := 1; l < 17; l++ {
		next[l] = (next[l-1] + count[l-1]) << 1
	}
	for symbol, l := range lengths {
		b.codes[symbol] = 0
		if l > 0 {
			b.codes[symbol] = uint32(bits.Reverse16(next[l])>>(16-l))<<8 | uint32(l)
			next[l]++
		}
	}
}

// cost is the number of bits that symbols so often take, without extra bits.
func (b *codeBook) cost(frequencies []uint32) (n int) {
	for symbol, f := range frequencies {
		n += int(f) * int(b.lengths[symbol])
	}
	return n
}

// coder makes code lengths of frequencies.
type coder struct {
	sorted  [288]uint64 // frequency<<16 | symbol, rising
	tree    [288]uint32
	lengths [288]uint8
}

// make makes the best code of at most limit bits. A single symbol gets one bit.
func (c *coder) make(b *codeBook, frequencies []uint32, limit int) {
	lengths := c.lengths[:len(frequencies)]
	clear(lengths)
	used := c.sorted[:0]
	for symbol, f := range frequencies {
		if f > 0 {
			used = append(used, uint64(f)<<16|uint64(symbol))
		}
	}
	switch len(used) {
	case 0:
	case 1:
		lengths[used[0]&0xFFFF] = 1
	default:
		slices.Sort(used)
		tree := c.tree[:len(used)]
		for i, u := range used {
			tree[i] = uint32(u >> 16)
		}
		minimumRedundancy(tree)
		count := limited(tree, limit)
		i := 0 // the rarest symbols have the longest codes
		for l := limit; l > 0; l-- {
			for range count[l] {
				lengths[used[i]&0xFFFF] = uint8(l)
				i++
			}
		}
	}
	b.assign(lengths)
}

// minimumRedundancy turns rising frequencies into the depths of their leaves, in
// place (Moffat and Katajainen 1995).
func minimumRedundancy(a []uint32) {
	n := len(a)
	a[0] += a[1]
	root, leaf := 0, 2
	for next := 1; next < n-1; next++ {
		if leaf >= n || a[root] < a[leaf] {
			a[next] = a[root]
			a[root] = uint32(next)
			root++
		} else {
			a[next] = a[leaf]
			leaf++
		}
		if leaf >= n || root < next && a[root] < a[leaf] {
			a[next] += a[root]
			a[root] = uint32(next)
			root++
		} else {
			a[next] += a[leaf]
			leaf++
		}
	}
	a[n-2] = 0
	for next := n - 3; next >= 0; next-- {
		a[next] = a[a[next]] + 1
	}
	available, used, depth := 1, 0, uint32(0)
	root = n - 2
	for next := n - 1; available > 0; {
		for root >= 0 && a[root] == depth {
			used++
			root--
		}
		for available > used {
			a[next] = depth
			next--
			available--
		}
		available, used = 2*used, 0
		depth++
	}
}

// limited counts the depths, shortened to a limit so that they still make a code.
func limited(depths []uint32, limit int) (count [16]int) {
	total := 0 // of the code space, in units of the longest code
	for _, d := range depths {
		l := min(int(d), limit)
		count[l]++
		total += 1 << (limit - l)
	}
	for ; total > 1<<limit; total-- {
		count[limit]--
		for l := limit - 1; l > 0; l-- {
			if count[l] > 0 {
				count[l]--
				count[l+1] += 2
				break
			}
		}
	}
	return count
}

// buildOwn makes the codes of a dynamic block and returns the bits of its head.
func (w *Work) buildOwn() (head int) {
	w.coder.make(&w.own[0], w.lit[:], 15)
	w.coder.make(&w.own[1], w.dist[:], 15)
	w.codeLengthRuns()
	var frequencies [numPre]uint32
	for _, r := range w.runs {
		frequencies[r&0xFF]++
	}
	w.coder.make(&w.pre, frequencies[:], 7)
	return 14 + 3*w.preCount() + w.pre.cost(frequencies[:]) +
		int(2*frequencies[16]+3*frequencies[17]+7*frequencies[18])
}

// counts returns how many lengths are written of each code.
func (w *Work) counts() (lit, dist int) {
	for lit = maxLit; lit > 257 && w.own[0].lengths[lit-1] == 0; lit-- {
	}
	for dist = maxDist; dist > 1 && w.own[1].lengths[dist-1] == 0; dist-- {
	}
	return lit, dist
}

// preCount returns how many lengths of the code length code are written.
func (w *Work) preCount() (n int) {
	for n = numPre; n > 4 && w.pre.lengths[preOrder()[n-1]] == 0; n-- {
	}
	return n
}

// codeLengthRuns codes the lengths of both codes (RFC 1951 §3.2.7).
func (w *Work) codeLengthRuns() {
	lit, dist := w.counts()
	var all [maxLit + maxDist]uint8
	lengths := append(append(all[:0], w.own[0].lengths[:lit]...), w.own[1].lengths[:dist]...)
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
	w.put(uint64(lit-257)|uint64(dist-1)<<5|uint64(pre-4)<<10, 14)
	for _, symbol := range preOrder()[:pre] {
		w.put(uint64(w.pre.lengths[symbol]), 3)
	}
	for _, r := range w.runs {
		c := w.pre.codes[r&0xFF]
		w.put(uint64(c>>8), uint(c&0xFF))
		switch r & 0xFF {
		case 16:
			w.put(uint64(r>>8), 2)
		case 17:
			w.put(uint64(r>>8), 3)
		case 18:
			w.put(uint64(r>>8), 7)
		}
	}
}

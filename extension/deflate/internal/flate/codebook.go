package flate

import "math/bits"

// codeBook is a prefix code: for each symbol
//
//	bits 0-4    the number of bits of its code; 0: it has none
//	bits 8-12   that and the number of extra bits behind it
//	bits 16-31  the code, reversed
//
// Symbols are literals and lengths, or distances, or code lengths.
type codeBook struct{ codes [512]uint32 }

// length is the number of bits of a symbol's code.
func (b *codeBook) length(symbol int) uint8 { return uint8(b.codes[symbol]) }

// assign makes the canonical code with these lengths (RFC 1951 §3.2.2). Symbols
// have so many extra bits; those beyond have none.
func (b *codeBook) assign(lengths, extra []uint8) {
	var next [16]uint16
	count := countLengths(lengths)
	count[0] = 0
	for l := 1; l < 16; l++ {
		next[l] = (next[l-1] + uint16(count[l-1])) << 1
	}
	codes := b.codes[:len(lengths)]
	for symbol, l := range lengths {
		c := uint32(0)
		if l &= 15; l > 0 {
			c = uint32(bits.Reverse16(next[l])>>(16-l))<<16 | uint32(l)<<8 | uint32(l)
			next[l]++
		}
		codes[symbol] = c
	}
	for symbol, n := range extra {
		if c := &b.codes[symbol]; *c > 0 {
			*c += uint32(n) << 8
		}
	}
}

// cost is the number of bits that symbols so often take, with their extra bits.
func (b *codeBook) cost(frequencies []uint32) (n int) {
	codes := b.codes[:len(frequencies)]
	for symbol, f := range frequencies {
		n += int(f * (codes[symbol] >> 8 & 31))
	}
	return n
}

// coder makes code lengths of frequencies.
type coder struct {
	sorted  [2][288]uint32 // frequency<<9 | symbol; room to sort them
	tree    [288]uint32
	lengths [288]uint8
}

// make makes the best code of at most limit bits. A single symbol gets one bit.
func (c *coder) make(b *codeBook, frequencies []uint32, limit int, extra []uint8) {
	lengths := c.lengths[:len(frequencies)]
	clear(lengths)
	n := 0
	for symbol, f := range frequencies {
		if f > 0 {
			c.sorted[0][n] = f<<9 | uint32(symbol)
			n++
		}
	}
	switch used := c.sort(n); n {
	case 0:
	case 1:
		lengths[used[0]&511] = 1
	default:
		tree := c.tree[:n]
		for i, u := range used {
			tree[i] = u >> 9
		}
		minimumRedundancy(tree)
		count := limited(tree, limit)
		i := 0 // the rarest symbols have the longest codes
		for l := limit; l > 0; l-- {
			for range count[l] {
				lengths[used[i]&511] = uint8(l)
				i++
			}
		}
	}
	b.assign(lengths, extra)
}

// sort sorts the first n by frequency, those of the same as they are, octet by
// octet from the lowest on.
func (c *coder) sort(n int) []uint32 {
	from, to := c.sorted[0][:n], c.sorted[1][:n]
	var all uint32
	for _, u := range from {
		all |= u
	}
	for shift := 9; all>>shift > 0; shift += 8 {
		var place [256]uint16
		for _, u := range from {
			place[u>>shift&0xFF]++
		}
		sum := uint16(0)
		for i, count := range place {
			place[i] = sum
			sum += count
		}
		for _, u := range from {
			at := &place[u>>shift&0xFF]
			to[*at] = u
			*at++
		}
		from, to = to, from
	}
	return from
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

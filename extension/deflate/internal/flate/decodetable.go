package flate

import "math/bits"

// A table entry says what a code means:
//
//	bits 0-4    length of the code in bits; 0: there is no such code
//	bits 5-7    kind
//	bits 8-12   number of extra bits; of a link: index bits of the second table
//	bits 16-31  the literal, the base of a length or distance; of a link: where
//	            the second table begins
type entry = uint32

const (
	kindLiteral = 1 << 5
	kindBase    = 2 << 5 // a length or a distance
	kindEnd     = 3 << 5
	kindLink    = 4 << 5
	kindMask    = 7 << 5
)

// Sizes of the tables: index bits of the first, and room for the second ones.
const (
	litBits   = 10
	distBits  = 8
	preBits   = 7
	litTable  = 2048 // 1334 are enough
	distTable = 1024 // 402 are enough
)

func codeLength(e entry) uint { return uint(e & 31) }
func extraBits(e entry) uint  { return uint(e >> 8 & 31) }

// litEntry is the meaning of a literal or length symbol.
func litEntry(symbol int) entry {
	switch l := symbol - 257; {
	case symbol < endOfBlock:
		return kindLiteral | entry(symbol)<<16
	case symbol == endOfBlock:
		return kindEnd
	case l < 8:
		return kindBase | entry(l+3)<<16
	case l < 28:
		extra := l/4 - 1
		return kindBase | entry(extra)<<8 | entry((4+l%4)<<extra+3)<<16
	case l == 28:
		return kindBase | maxMatch<<16
	}
	return 0 // reserved
}

// distEntry is the meaning of a distance symbol.
func distEntry(symbol int) entry {
	switch {
	case symbol < 4:
		return kindBase | entry(symbol+1)<<16
	case symbol < maxDist:
		extra := symbol/2 - 1
		return kindBase | entry(extra)<<8 | entry((2+symbol%2)<<extra+1)<<16
	}
	return 0 // reserved
}

// preEntry is the meaning of a symbol of the code length code.
func preEntry(symbol int) entry {
	e := kindLiteral | entry(symbol)<<16
	switch symbol {
	case 16:
		e |= 2 << 8
	case 17:
		e |= 3 << 8
	case 18:
		e |= 7 << 8
	}
	return e
}

// meanings are the entries of all symbols, without the lengths of their codes.
type meanings struct {
	lit  [288]entry
	dist [32]entry
	pre  [numPre]entry
}

func (m *meanings) fill() {
	for symbol := range m.lit {
		m.lit[symbol] = litEntry(symbol)
	}
	for symbol := range m.dist {
		m.dist[symbol] = distEntry(symbol)
	}
	for symbol := range m.pre {
		m.pre[symbol] = preEntry(symbol)
	}
}

// build makes the table of the canonical code with these lengths, whose first
// level has 2^first entries. It returns false if they make no code: one that is
// complete, or of a single code of one bit, or empty.
func (b *builder) build(table []entry, first int, lengths []uint8, meaning []entry) bool {
	b.table, b.first, b.count = table, first, countLengths(lengths)
	used := len(lengths) - b.count[0]
	b.count[0] = 0
	left := 1
	var next [16]int
	for l := 1; l < 16; l++ {
		next[l] = next[l-1] + b.count[l-1]
		if left = left<<1 - b.count[l]; left < 0 {
			return false
		}
	}
	if left > 0 {
		clear(table[:1<<first])
		if used > 1 || used != b.count[1] {
			return false
		}
	}
	for symbol, l := range lengths {
		if l &= 15; l > 0 {
			e := meaning[symbol]
			if e != 0 {
				e |= entry(l)
			}
			b.sorted[next[l]] = e
			next[l]++
		}
	}
	switch {
	case left == 0:
		b.fill(used)
	case used == 1: // the code 0; 1 is none
		for i := 0; i < 1<<first; i += 2 {
			table[i] = b.sorted[0]
		}
	}
	return true
}

// countLengths counts the codes of each length. Neighbours are counted apart, since
// counting the same one again has to wait.
func countLengths(lengths []uint8) (count [16]int) {
	var apart [4][16]int
	for ; len(lengths) >= 4; lengths = lengths[4:] {
		apart[0][lengths[0]&15]++
		apart[1][lengths[1]&15]++
		apart[2][lengths[2]&15]++
		apart[3][lengths[3]&15]++
	}
	for _, l := range lengths {
		count[l&15]++
	}
	for l := range count {
		count[l] += apart[0][l] + apart[1][l] + apart[2][l] + apart[3][l]
	}
	return count
}

// builder fills the table of a complete code. Codes are taken in their order,
// the bits reversed, so that those of one length are places in a table of as many
// bits, which is doubled for the next length.
type builder struct {
	table  []entry
	first  int
	count  [16]int    // codes by length
	sorted [288]entry // by length and symbol
}

// following is the code of that length behind a code that is not the last one.
func following(code, length int) int {
	bit := 1 << (bits.Len(uint(code^(1<<length-1))) - 1)
	return code&(bit-1) | bit
}

// fill fills the table with so many codes.
func (b *builder) fill(used int) {
	code, length, k := 0, 1, 0
	for ; length <= b.first; length++ {
		for range b.count[length] {
			b.table[code] = b.sorted[k]
			k++
			if code == 1<<length-1 {
				b.double(length, b.first)
				return
			}
			code = following(code, length)
		}
		if length < b.first {
			b.double(length, length+1)
		}
	}
	b.fillSecond(code, length, b.sorted[k:used])
}

// double repeats a table of that many bits until it has more.
func (b *builder) double(from, to int) {
	for ; from < to; from++ {
		copy(b.table[1<<from:2<<from], b.table[:1<<from])
	}
}

// fillSecond makes the second level, from a code of a length beyond the first
// level on.
func (b *builder) fillSecond(code, length int, sorted []entry) {
	prefix, base, end, size := -1, 0, 1<<b.first, 0
	for _, e := range sorted {
		for b.count[length] == 0 {
			length++
		}
		if p := code & (1<<b.first - 1); p != prefix {
			prefix, base = p, end
			size = b.secondSize(length)
			end += 1 << size
			b.table[prefix] = kindLink | entry(size)<<8 | entry(base)<<16
		}
		for i := code >> b.first; i < 1<<size; i += 1 << (length - b.first) {
			b.table[base+i] = e
		}
		if b.count[length]--; code < 1<<length-1 {
			code = following(code, length)
		}
	}
}

// secondSize is the number of index bits of the second table that begins with a
// code of that length: the rest of the first codes that fill it.
func (b *builder) secondSize(length int) (size int) {
	size = length - b.first
	for space := b.count[length]; space < 1<<size; size++ {
		space = space<<1 + b.count[b.first+size+1]
	}
	return size
}

// FixedTables are the tables of fixed blocks, and what makes those of others,
// which inflaters share.
type FixedTables struct {
	meanings
	lit  [litTable]entry
	dist [distTable]entry
}

// NewFixedTables makes the tables.
func NewFixedTables() *FixedTables {
	t := &FixedTables{}
	t.fill()
	lit, dist := fixedLengths()
	b := &builder{}
	b.build(t.lit[:], litBits, lit[:], t.meanings.lit[:])
	b.build(t.dist[:], distBits, dist[:], t.meanings.dist[:])
	return t
}

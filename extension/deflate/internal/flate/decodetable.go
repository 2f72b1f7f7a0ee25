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

// build makes the table of the canonical code with these lengths, whose first
// level has 2^first entries. It returns false if they make no code: one that is
// complete, or of a single code of one bit, or empty.
func build(table []entry, first uint, lengths []uint8, meaning func(int) entry) bool {
	var count, next [16]int
	for _, l := range lengths {
		count[l]++
	}
	used := len(lengths) - count[0]
	count[0] = 0
	left := 1
	for l := 1; l < 16; l++ {
		next[l] = (next[l-1] + count[l-1]) << 1
		if left = left<<1 - count[l]; left < 0 {
			return false
		}
	}
	if left > 0 && used > 0 && (used != 1 || count[1] != 1) {
		return false
	}
	clear(table[:1<<first])
	var reversed [288]uint16
	for symbol, l := range lengths {
		if l == 0 {
			continue
		}
		code := bits.Reverse16(uint16(next[l])) >> (16 - l)
		next[l]++
		reversed[symbol] = code
		if prefix := code & (1<<first - 1); uint(l) > first && entry(l) > table[prefix] {
			table[prefix] = entry(l) // longest code behind the link
		}
	}
	free := 1 << first
	for symbol, l := range lengths {
		if l == 0 {
			continue
		}
		code, e := int(reversed[symbol]), meaning(symbol)
		if e != 0 {
			e |= entry(l)
		}
		if uint(l) <= first {
			for i := code; i < 1<<first; i += 1 << l {
				table[i] = e
			}
			continue
		}
		link := &table[code&(1<<first-1)]
		if *link&kindMask == 0 {
			size := uint(*link) - first
			if free+1<<size > len(table) {
				return false
			}
			*link = kindLink | entry(size)<<8 | entry(free)<<16
			clear(table[free : free+1<<size])
			free += 1 << size
		}
		base, size := int(*link>>16), extraBits(*link)
		for i := code >> first; i < 1<<size; i += 1 << (uint(l) - first) {
			table[base+i] = e
		}
	}
	return true
}

// FixedTables are the tables of fixed blocks, which inflaters share.
type FixedTables struct {
	lit  [litTable]entry
	dist [distTable]entry
}

// NewFixedTables makes the tables.
func NewFixedTables() *FixedTables {
	t := &FixedTables{}
	lit, dist := fixedLengths()
	build(t.lit[:], litBits, lit[:], litEntry)
	build(t.dist[:], distBits, dist[:], distEntry)
	return t
}

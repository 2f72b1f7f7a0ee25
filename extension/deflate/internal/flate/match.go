package flate

import (
	"encoding/binary"
	"math/bits"
)

// minMatch is the length of the matches that are looked for. DEFLATE knows those
// of three octets, too; they seldom pay.
const minMatch = 4

// Deflater finds in what it is given what its window holds, and codes it. Between
// messages it is the window and the table; all else is in a Work.
type Deflater struct {
	win   *Window
	table []uint16 // by hash: place of the octets, modulo 65536
	prev  []uint16 // by place: the place before with the same hash; nil: one candidate is tried
	shift uint8    // of a hash of 32 bits
	depth int      // candidates that are tried
}

// NewDeflater returns a deflater with a window of 2^bits octets, 8 to 15. With
// depth 1 it tries one candidate for a match, otherwise that many, which takes a
// table of as many entries as the window.
func NewDeflater(bits, depth int) *Deflater {
	d := &Deflater{win: NewWindow(bits), table: make([]uint16, 1<<(bits-2)), shift: uint8(32 - (bits - 2)), depth: depth}
	if depth > 1 {
		d.prev = make([]uint16, 1<<bits)
	}
	return d
}

// Reset forgets all that came before.
func (d *Deflater) Reset() {
	d.win.Reset()
	clear(d.table)
}

// Commit adds to the window what has been coded and will be sent.
func (d *Deflater) Commit(p []byte) { d.win.Append(p) }

// tokens codes p[from:to] as literals and matches; p is the message, and a match
// may begin before it, in the window.
func (d *Deflater) tokens(w *Work, p []byte, from, to int) {
	base, i, misses := uint16(d.win.total), from, 0
	for i+minMatch <= to {
		length, distance := d.find(p, i, to, base)
		if length < minMatch {
			// The longer nothing is found, the less is looked for.
			for end := min(i+1+misses>>5, to); i < end; i++ {
				w.literal(p[i])
			}
			misses++
			continue
		}
		misses = 0
		w.match(length, distance)
		d.insert(p, i+1, min(i+length, len(p)-minMatch+1), base)
		i += length
	}
	for ; i < to; i++ {
		w.literal(p[i])
	}
}

func hash(v uint32, shift uint8) uint32 { return v * 0x9E3779B1 >> (shift & 31) }

// find returns the longest match of the candidates for p[i:to], and enters place
// i. A candidate is a guess: it counts if the octets are there and the same, so
// that entries of octets that were not committed do no harm.
func (d *Deflater) find(p []byte, i, to int, base uint16) (length, distance int) {
	v := binary.LittleEndian.Uint32(p[i:])
	slot := &d.table[hash(v, d.shift)]
	here := base + uint16(i)
	candidate := *slot
	*slot = here
	if d.prev != nil {
		d.prev[int(here)&(len(d.prev)-1)] = candidate
	}
	reach := min(i+d.win.filled, len(d.win.ring))
	for tries, last := 0, 0; tries < d.depth; tries++ {
		back := int(here - candidate)
		if back <= last || back > reach {
			break
		}
		if n := d.matches(p, i, to, back); n > length {
			length, distance = n, back
		}
		if d.prev == nil {
			break
		}
		last, candidate = back, d.prev[int(candidate)&(len(d.prev)-1)]
	}
	return length, distance
}

// insert enters the places from i to end: all if chains are kept, else few.
func (d *Deflater) insert(p []byte, i, end int, base uint16) {
	step := 1
	if d.prev == nil {
		step = max(1, (end-i)/2)
	}
	for ; i < end; i += step {
		slot := &d.table[hash(binary.LittleEndian.Uint32(p[i:]), d.shift)]
		here := base + uint16(i)
		if d.prev != nil {
			d.prev[int(here)&(len(d.prev)-1)] = *slot
		}
		*slot = here
	}
}

// matches returns how many octets of p[i:to] are the same as those back octets
// before.
func (d *Deflater) matches(p []byte, i, to, back int) int {
	if back <= i {
		return common(p[i:to], p[i-back:])
	}
	// In the window, which may go round, and then from the beginning of p on.
	old := d.win.run(back - i)
	n := common(p[i:to], old)
	if n == len(old) && n < back-i {
		n += common(p[i+n:to], d.win.ring[:back-i-n])
	}
	if n == back-i {
		n += common(p[i+n:to], p)
	}
	return n
}

// common returns the number of octets at the beginning that a and b share, at
// most len(a).
func common(a, b []byte) (n int) {
	end := min(len(a), len(b))
	for ; n+8 <= end; n += 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)>>3
		}
	}
	for n < end && a[n] == b[n] {
		n++
	}
	return n
}

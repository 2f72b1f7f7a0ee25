package flate

import (
	"encoding/binary"
	"math/bits"
)

// minMatch is the length of the matches that are looked for. DEFLATE knows those
// of three octets, too; they seldom pay.
const minMatch = 4

// maxSkip is how many octets are passed over at most where nothing is found.
const maxSkip = 15

// firstPlace is the place of the first octet, so that 0 is none.
const firstPlace = 1

// Deflater finds in what it is given what its window holds, and codes it. Between
// messages it is the window and the table; all else is in a Work.
type Deflater struct {
	win     *Window
	table   []uint16 // by hash: place of the octets, modulo 65536
	prev    []uint16 // by place: the place before with the same hash; nil: one candidate is tried
	shift   uint8    // of a hash of 64 bits
	depth   int      // candidates that are tried
	entered uint     // no place from this one on is in the table
}

// NewDeflater returns a deflater with a window of 2^bits octets, 8 to 15. With
// depth 1 it tries one candidate for a match, otherwise that many, which takes a
// table of as many entries as the window.
func NewDeflater(bits, depth int) *Deflater {
	d := &Deflater{win: NewWindow(bits), table: make([]uint16, 1<<(bits-2)), shift: uint8(64 - (bits - 2)), depth: depth}
	if depth > 1 {
		d.prev = make([]uint16, 1<<bits)
	}
	d.win.total, d.entered = firstPlace, firstPlace
	return d
}

// Reset forgets all that came before.
func (d *Deflater) Reset() {
	d.win.Reset()
	clear(d.table)
	clear(d.prev)
	d.win.total, d.entered = firstPlace, firstPlace
}

// Forget is Reset for a message that stands by itself, which is the next one: the
// table stays, since what it holds lies before all that such a message refers to.
func (d *Deflater) Forget() {
	d.win.Reset()
	d.win.total = d.entered
}

// Commit adds to the window what has been coded and will be sent.
func (d *Deflater) Commit(p []byte) { d.win.Append(p) }

// prepare makes ready for n octets. Behind Forget, places of other messages must
// not be taken for new ones, which are told apart by 16 bits: what is coded does not
// depend on what was sent to others.
func (d *Deflater) prepare(n int) {
	if d.win.filled == 0 && d.win.total+uint(n) > 1<<16 {
		d.Reset()
	}
	d.entered = max(d.entered, d.win.total+uint(n))
}

// hash is of the first five octets of v.
func hash(v uint64, shift uint8) uint64 { return v << 24 * 0x9E3779B185EBCA87 >> (shift & 63) }

// greedy codes p[from:to], which follows the window and p[:from], with the one
// candidate of each place. A candidate is a guess: it counts if the octets are
// there and the same, so that entries of octets that were not committed do no
// harm.
func (d *Deflater) greedy(w *Work, p []byte, from, to int) {
	literal, i := from, from
	base, table, shift := uint16(d.win.total), d.table, d.shift
	for i <= to-8 {
		at, back := d.seek(p[:to], i, literal)
		if back == 0 {
			break
		}
		if at < to-8 { // one more place, which need not wait for the length
			table[hash(binary.LittleEndian.Uint64(p[at+1:]), shift)] = base + uint16(at+1)
		}
		length := 0
		if back <= at {
			length = 4 + common(p[at+4:to], p[at-back+4:])
			for at > literal && at > back && p[at-1] == p[at-1-back] {
				at--
				length++
			}
		} else if length = d.matches(p, at, to, back); length < minMatch {
			i = at + 1
			continue
		}
		w.match(at-literal, length, back)
		i = at + length
		literal = i
	}
	w.rest(to - literal)
}

// seek enters the places of p from i on, until there is one whose candidate has
// the same four octets, or lies in the window and may have them. It returns the
// place and how far the candidate is back; 0: there is none. The longer nothing
// has been found, since literal, the less is looked for.
func (d *Deflater) seek(p []byte, i, literal int) (at, back int) {
	base, table, shift, size := uint16(d.win.total), d.table, d.shift, len(d.win.ring)
	for ; i >= 0 && i <= len(p)-8; i += 1 + min((i-literal)>>6, maxSkip) {
		v := binary.LittleEndian.Uint64(p[i : i+8])
		slot := &table[hash(v, shift)]
		here := base + uint16(i)
		back := int(here - *slot)
		*slot = here
		if back > size || back == 0 {
			continue
		}
		if at := i - back; at >= 0 {
			if binary.LittleEndian.Uint32(p[at:at+4]) == uint32(v) {
				return i, back
			}
		} else if d.win.mayHold(uint32(v), -at) {
			return i, back
		}
	}
	return i, 0
}

// chained is greedy with the longest match among many candidates.
func (d *Deflater) chained(w *Work, p []byte, from, to int) {
	base, literal := uint16(d.win.total), from
	for i := from; i <= to-8; {
		length, distance := d.find(p, i, to, base)
		if length < minMatch {
			i += 1 + (i-literal)>>6
			continue
		}
		w.match(i-literal, length, distance)
		literal = i + length
		for i++; i < min(literal, to-7); i++ {
			d.enter(p, i, base)
		}
		i = literal
	}
	w.rest(to - literal)
}

// find returns the longest match of the candidates for p[i:to], and enters place
// i.
func (d *Deflater) find(p []byte, i, to int, base uint16) (length, distance int) {
	here, candidate := base+uint16(i), d.enter(p, i, base)
	reach := min(i+d.win.filled, len(d.win.ring))
	for tries, last := 0, 0; tries < d.depth; tries++ {
		back := int(here - candidate)
		if back <= last || back > reach {
			break
		}
		if n := d.matches(p, i, to, back); n > length {
			length, distance = n, back
		}
		last, candidate = back, d.prev[int(candidate)&(len(d.prev)-1)]
	}
	return length, distance
}

// enter enters place i and returns the one before with the same hash.
func (d *Deflater) enter(p []byte, i int, base uint16) (candidate uint16) {
	slot := &d.table[hash(binary.LittleEndian.Uint64(p[i:]), d.shift)]
	here := base + uint16(i)
	candidate = *slot
	d.prev[int(here)&(len(d.prev)-1)] = candidate
	*slot = here
	return candidate
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
	for ; n+16 <= end; n += 16 {
		x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:])
		y := binary.LittleEndian.Uint64(a[n+8:]) ^ binary.LittleEndian.Uint64(b[n+8:])
		if x|y != 0 {
			k := bits.TrailingZeros64(y)>>3 + 8
			if x != 0 {
				k = bits.TrailingZeros64(x) >> 3
			}
			return n + k
		}
	}
	for n < end && a[n] == b[n] {
		n++
	}
	return n
}

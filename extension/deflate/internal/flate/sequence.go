package flate

import "math/bits"

// sequence is literals, which are read where they lie, and the match behind them.
type sequence struct {
	literals uint32
	match    match
}

// match is a length and a distance:
//
//	bits 0-14   distance - 1
//	bit 15      set
//	bits 16-20  symbol of the distance
//	bits 24-31  length - minLength
//
// 0: there is none, which may be so in the last sequence of a block.
type match uint32

// minLength is the length of the shortest match that DEFLATE knows.
const minLength = 3

func (m match) length() int { return int(m>>24) + minLength }

// begin begins a block.
func (w *Work) begin() {
	w.sequences = w.sequences[:0]
	clear(w.lit[:])
	clear(w.dist[:maxDist])
	w.lit[endOfBlock] = 1
}

// match adds a sequence with a match of any length, as matches that DEFLATE knows.
func (w *Work) match(literals, length, distance int) {
	symbol := distanceSymbol(distance)
	m := match(distance-1) | 1<<15 | match(symbol)<<16
	for length > maxMatch {
		n := maxMatch
		if length-n < minLength {
			n -= minLength // so that enough is left
		}
		w.add(literals, m, n)
		literals, length = 0, length-n
	}
	w.add(literals, m, length)
}

// add adds a sequence whose match has that length.
func (w *Work) add(literals int, m match, length int) {
	l := uint8(length - minLength)
	w.sequences = append(w.sequences, sequence{uint32(literals), m | match(l)<<24})
	w.lit[firstLength+int(w.lengthSymbols[l])]++
	w.dist[m>>16&31]++
}

// rest adds the literals behind the last match.
func (w *Work) rest(literals int) {
	w.sequences = append(w.sequences, sequence{literals: uint32(literals)})
}

// countLiterals counts the literals of a block that codes raw.
func (w *Work) countLiterals(raw []byte) {
	at := 0
	for _, s := range w.sequences {
		for _, b := range raw[at : at+int(s.literals)] {
			w.lit[b]++
		}
		at += int(s.literals)
		if s.match != 0 {
			at += s.match.length()
		}
	}
}

// worthCoding reports whether a block may take fewer octets than raw: it has a
// match, or some octets are seen to be frequent. Of a long one a sample is looked
// at.
func (w *Work) worthCoding(raw []byte) bool {
	const sample = 4096
	if len(w.sequences) > 1 || len(raw) < 4*sample {
		return true
	}
	var count [256]uint32
	step := len(raw) / sample
	n := 0
	for i := 0; i < len(raw); i += step {
		count[raw[i]]++
		n++
	}
	// The probability that two octets are the same is at least 2^-entropy.
	same := 0
	for _, c := range count {
		same += int(c) * int(c-min(c, 1))
	}
	return same*256 > n*n+n*n/8
}

// lengthSymbol returns the symbol of a length (RFC 1951 §3.2.5).
func lengthSymbol(length int) int {
	l := uint(length - minLength)
	switch {
	case length == maxMatch:
		return 285
	case l < 4:
		return firstLength + int(l)
	}
	extra := uint(bits.Len(l)) - 3
	return firstLength + int(4*extra+l>>extra)
}

// distanceSymbol returns the symbol of a distance.
func distanceSymbol(distance int) int {
	d := uint(distance - 1)
	if d < 2 {
		return int(d)
	}
	extra := uint(bits.Len(d)) - 2
	return int(2*extra + d>>extra)
}

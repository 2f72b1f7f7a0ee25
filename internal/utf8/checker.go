// Package utf8 checks UTF-8 that comes in pieces (RFC 3629, RFC 6455 §8.1).
package utf8

import "unicode/utf8"

// Checker remembers how far a character has come that a piece cut in two. The
// zero Checker is at the start of a text.
type Checker struct {
	missing uint8 // octets that the character still needs, 0 to 3
	low     uint8 // bounds of the next octet, inclusive
	high    uint8
}

// Valid reports whether p is UTF-8 as a whole.
func Valid(p []byte) bool { return utf8.Valid(p) }

// Complete reports whether the text so far ends at a character's end.
func (c *Checker) Complete() bool { return c.missing == 0 }

// Missing returns how many octets the character begun still needs, 0 to 3.
func (c *Checker) Missing() int { return int(c.missing) }

// Check goes on with p. It returns -1, or the index of the first octet that
// cannot belong to any UTF-8 text; after that the Checker is of no use.
func (c *Checker) Check(p []byte) int {
	i := 0
	for c.missing > 0 && i < len(p) {
		if !c.next(p[i]) {
			return i
		}
		i++
	}
	whole := len(p) - unfinished(p[i:])
	if !utf8.Valid(p[i:whole]) {
		return c.locate(p, i)
	}
	return c.locate(p, whole)
}

// locate walks p octet by octet from i, which begins a character.
func (c *Checker) locate(p []byte, i int) int {
	for ; i < len(p); i++ {
		if !c.next(p[i]) {
			return i
		}
	}
	return -1
}

// next takes one octet; false if it cannot follow (RFC 3629 §4).
func (c *Checker) next(b byte) bool {
	if c.missing > 0 {
		if b < c.low || b > c.high {
			return false
		}
		*c = Checker{missing: c.missing - 1, low: 0x80, high: 0xBF}
		return true
	}
	switch {
	case b < 0x80:
	case b < 0xC2:
		return false
	case b < 0xE0:
		*c = Checker{1, 0x80, 0xBF}
	case b == 0xE0:
		*c = Checker{2, 0xA0, 0xBF}
	case b == 0xED:
		*c = Checker{2, 0x80, 0x9F}
	case b < 0xF0:
		*c = Checker{2, 0x80, 0xBF}
	case b == 0xF0:
		*c = Checker{3, 0x90, 0xBF}
	case b < 0xF4:
		*c = Checker{3, 0x80, 0xBF}
	case b == 0xF4:
		*c = Checker{3, 0x80, 0x8F}
	default:
		return false
	}
	return true
}

// unfinished returns how many octets at the end of p begin a character that
// goes on beyond p, 0 to 3. It looks at lead octets only.
func unfinished(p []byte) int {
	for n := 1; n <= 3 && n <= len(p); n++ {
		b := p[len(p)-n]
		switch {
		case b < 0x80:
			return 0
		case b >= 0xF0 && n < 4, b >= 0xE0 && n < 3, b >= 0xC0 && n < 2:
			return n
		case b >= 0xC0:
			return 0
		}
	}
	return 0
}

// Package utf8 checks UTF-8 that comes in pieces (RFC 3629, RFC 6455 §8.1).
// Vector routines look through long pieces where the processor has the
// instructions; an automaton takes the rest and finds the octet at fault. The
// build tag purego leaves the automaton alone.
package utf8

// Checker remembers how far a character has come that a piece cut in two. The
// zero Checker is at the start of a text.
type Checker struct {
	stands uint8 // state of the automaton, never failed
}

// Valid reports whether p is UTF-8 as a whole.
func Valid(p []byte) bool {
	var c Checker
	return c.Check(p) < 0 && c.Complete()
}

// Complete reports whether the text so far ends at a character's end.
func (c *Checker) Complete() bool { return c.stands == whole }

// vectorFrom is the length in octets from which a call of a vector routine pays.
const vectorFrom = 32

// Check goes on with p. It returns -1, or the index of the first octet that
// cannot belong to any UTF-8 text; the Checker then stands before that octet.
func (c *Checker) Check(p []byte) int {
	if len(p) < vectorFrom {
		return c.walk(p, 0)
	}
	start := 0
	for ; c.stands != whole; start++ { // at most three octets
		if !c.next(p[start]) {
			return start
		}
	}
	return c.walk(p, begin(p, start+scan(p[start:])))
}

// begin returns where to walk from behind a scan that ended at end: where the
// last character before it begins that may go on behind it.
func begin(p []byte, end int) int {
	for i := end - 1; i >= max(0, end-3); i-- {
		if p[i] >= 0xC0 {
			return i
		}
	}
	return end
}

// walk is Check for p[start:], in portable code.
func (c *Checker) walk(p []byte, start int) int {
	state, i := uint64(c.stands), start
	for len(p)-i >= blockSize {
		b := (*[blockSize]byte)(p[i:])
		if state|highBits(b) == 0 { // one branch, as the state alone cannot be predicted
			i += blockSize
			i += asciiBlocks(p[i:])
			continue
		}
		next := run(state, b[:])
		if next == failed {
			return c.locate(p, i, state)
		}
		state = next
		i += blockSize
	}
	if state == whole && shortASCII(p[i:]) {
		c.stands = whole
		return -1
	}
	next := run(state, p[i:])
	if next == failed {
		return c.locate(p, i, state)
	}
	c.stands = uint8(next)
	return -1
}

// locate finds the octet at fault, which is in p[i:], and stands before it.
func (c *Checker) locate(p []byte, i int, state uint64) int {
	for c.stands = uint8(state); c.next(p[i]); i++ {
	}
	return i
}

// next takes one octet; false if it cannot follow, and c stays before it.
func (c *Checker) next(octet byte) bool {
	state := step(uint64(c.stands), octet)
	if state == failed {
		return false
	}
	c.stands = uint8(state)
	return true
}

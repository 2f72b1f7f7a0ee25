package utf8

// State returns how far the Checker has come, as a number that CheckerAt takes:
// 0 at the end of a character, up to 7 inside of one.
func (c Checker) State() uint8 { return c.stands / one }

// CheckerAt returns a Checker that goes on from a State; false if there is no such
// one.
func CheckerAt(state uint8) (Checker, bool) {
	if state >= failed/one {
		return Checker{}, false
	}
	return Checker{state * one}, true
}

// Begun returns the octets of the character that the text so far ends inside of, at
// most three. They belong to the Replacer.
func (r *Replacer) Begun() []byte { return r.pending[:r.n] }

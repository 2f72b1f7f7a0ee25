package utf8

// Replacer replaces what is no UTF-8 by U+FFFD, once for each maximal subpart of
// an ill-formed sequence (Unicode §3.9, as browsers do). A character may be cut
// by the end of a piece. The zero Replacer is at the start of a text.
type Replacer struct {
	c       Checker
	pending [3]byte // of the character begun
	n       uint8
}

const replacement = "\uFFFD"

// Pending reports whether the text so far ends inside a character.
func (r *Replacer) Pending() bool { return r.n > 0 }

// Append goes on with p and appends what has become of it to dst: at most three
// octets for each of p and of those pending.
func (r *Replacer) Append(dst, p []byte) []byte {
	for len(p) > 0 {
		if r.n > 0 {
			dst, p = r.finish(dst, p)
			continue
		}
		bad := r.c.Check(p)
		whole := bad
		if bad < 0 {
			whole = len(p)
		}
		begun := r.begun(p[:whole])
		dst = append(dst, p[:whole-begun]...)
		if bad < 0 {
			r.n = uint8(copy(r.pending[:], p[whole-begun:]))
			return dst
		}
		dst = append(dst, replacement...)
		if r.c = (Checker{}); begun == 0 {
			whole++ // the octet itself begins nothing
		}
		p = p[whole:]
	}
	return dst
}

// begun returns how many octets at the end of p belong to the character that the
// checker is in.
func (r *Replacer) begun(p []byte) int {
	if r.c.Complete() {
		return 0
	}
	n := 1
	for n < len(p) && p[len(p)-n] < 0xC0 {
		n++
	}
	return n
}

// finish goes on with the character begun by one octet.
func (r *Replacer) finish(dst, p []byte) (_, rest []byte) {
	if !r.c.next(p[0]) {
		return r.Flush(dst), p
	}
	if !r.c.Complete() {
		r.pending[r.n] = p[0]
		r.n++
		return dst, p[1:]
	}
	dst = append(append(dst, r.pending[:r.n]...), p[0])
	r.n = 0
	return dst, p[1:]
}

// Flush ends the text: a character that is not complete is replaced.
func (r *Replacer) Flush(dst []byte) []byte {
	if r.n > 0 {
		dst = append(dst, replacement...)
	}
	*r = Replacer{}
	return dst
}

package flate

// copyMatch copies octets that were decoded before (RFC 1951 §3.2.3).
func (f *Inflater) copyMatch() stop {
	for f.length > 0 {
		k := min(f.length, len(f.out)-f.pos)
		if k == 0 {
			return needRoom
		}
		if back := f.distance - f.pos; back > 0 {
			k = min(k, back)
			f.win.copyTo(f.out[f.pos:f.pos+k], back)
		} else {
			copyWithin(f.out, f.pos, f.distance, k)
		}
		f.pos += k
		f.length -= k
	}
	f.stage = inSymbols
	return goOn
}

// copyWithin copies k octets that begin distance octets before pos to pos; they
// may overlap.
func copyWithin(p []byte, pos, distance, k int) {
	for k > 0 {
		n := copy(p[pos:pos+min(k, distance)], p[pos-distance:pos])
		pos, k = pos+n, k-n
		distance += n
	}
}

// reaches reports whether a distance stays within the window and what came.
func (f *Inflater) reaches(distance int) bool {
	return distance <= f.win.filled+f.pos && distance <= len(f.win.ring)
}

// copyBack copies from the window, and what is left of it from out.
func (f *Inflater) copyBack(out []byte, pos, distance, length int) int {
	k := min(length, distance-pos)
	f.win.copyTo(out[pos:pos+k], distance-pos)
	pos += k
	copyWithin(out, pos, distance, length-k)
	return pos + length - k
}

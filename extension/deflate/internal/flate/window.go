package flate

import "encoding/binary"

// Window is the octets that a stream may refer back to: the last 2^bits.
type Window struct {
	ring   []byte // its length is a power of two
	total  uint   // octets appended since the last Reset
	filled int    // octets that can be referred to
}

// NewWindow returns an empty window of 2^bits octets.
func NewWindow(bits int) *Window { return &Window{ring: make([]byte, 1<<bits)} }

// Size returns the size in octets.
func (w *Window) Size() int { return len(w.ring) }

// Reset empties the window.
func (w *Window) Reset() { w.filled, w.total = 0, 0 }

// Append adds octets; the oldest ones go.
func (w *Window) Append(p []byte) {
	w.filled = min(w.filled+len(p), len(w.ring))
	if skip := len(p) - len(w.ring); skip > 0 {
		w.total += uint(skip)
		p = p[skip:]
	}
	at := int(w.total) & (len(w.ring) - 1)
	n := copy(w.ring[at:], p)
	copy(w.ring, p[n:])
	w.total += uint(len(p))
}

// run returns the octets that begin distance octets back, as far as they lie in
// one piece.
func (w *Window) run(distance int) []byte {
	at := (int(w.total) - distance) & (len(w.ring) - 1)
	return w.ring[at:min(at+distance, len(w.ring))]
}

// mayHold reports whether the four octets that begin distance octets back are v,
// or end in another place of the ring, or behind the window.
func (w *Window) mayHold(v uint32, distance int) bool {
	at := (int(w.total) - distance) & (len(w.ring) - 1)
	return distance <= w.filled && (at > len(w.ring)-4 || binary.LittleEndian.Uint32(w.ring[at:at+4]) == v)
}

// copyTo fills dst with the octets that begin distance octets back; they must
// suffice.
func (w *Window) copyTo(dst []byte, distance int) {
	n := copy(dst, w.run(distance))
	copy(dst[n:], w.ring)
}

package wsfsm

import "slices"

// Sizes in octets of the buffers for what is decoded.
const (
	minSpare  = 4 << 10   // room that a buffer must have to take more
	bodyPart  = 512 << 10 // largest buffer; what goes beyond begins another
	firstBody = 2 * codedRoom
)

// spareBody returns an empty slice whose capacity is the room behind the body
// in its buffer, so that what is decoded into it need not move. A buffer grows
// by doubling up to bodyPart; then the body is continued in others, so that memory
// stays close to what the message has so far.
func (d *Driver) spareBody() []byte {
	d.own()
	b := *d.owned
	if cap(b)-len(b) < minSpare {
		if len(b) > bodyPart/2 {
			d.spilled = append(d.spilled, d.owned)
			d.owned, d.body = nil, nil
			d.own()
			b = *d.owned
		}
		b = slices.Grow(b, max(len(b), firstBody, min(bodyPart, len(d.spilled)*bodyPart)))
		*d.owned = b
		d.body = b
	}
	return b[len(b):]
}

// joinBody puts a body that lies in several buffers together.
func (d *Driver) joinBody() {
	if len(d.spilled) == 0 {
		return
	}
	whole := d.ep.buffers.get()
	*whole = slices.Grow((*whole)[:0], int(d.size))
	for _, part := range append(d.spilled, d.owned) {
		if part != nil {
			*whole = append(*whole, *part...)
			d.ep.buffers.put(part)
		}
	}
	d.spilled, d.owned = nil, whole
	d.body = *whole
}

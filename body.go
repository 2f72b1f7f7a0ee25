package wsfsm

// Sizes in octets of the buffers for what is decoded.
const (
	minSpare  = 4 << 10   // room that a buffer must have to take more
	bodyPart  = 512 << 10 // largest buffer; what goes beyond begins another
	firstBody = 32 << 10
	usualBody = 16 // power of two: the largest message after which the next is expected to be as long
)

// own moves the body into a pooled buffer, or sees to it that its buffer has room
// for n more octets, and for what can be foreseen.
func (d *Driver) own(n int) {
	n += len(d.body)
	if d.owned == nil {
		d.owned = d.ep.buffers.get(d.foresee(n))
		*d.owned = append(*d.owned, d.body...)
		d.body = *d.owned
	} else if n > cap(*d.owned) {
		before := d.owned
		d.owned = d.ep.buffers.get(d.foresee(max(n, 2*cap(*before))))
		*d.owned = append(*d.owned, d.body...)
		d.body = *d.owned
		d.ep.buffers.put(before)
	}
}

// behind returns where a fragment goes that lies in the input: directly behind the
// body. As long as that lies in the input, too, it is moved together there, but for a
// message that may go on behind the input.
func (d *Driver) behind(p []byte) []byte {
	n := len(d.body)
	switch {
	case n == 0 && d.owned == nil:
		return p
	case d.owned == nil && 1<<d.usual>>1 <= n+len(p)+len(d.in):
		return d.body[n : n+len(p)]
	}
	d.own(len(p))
	return (*d.owned)[n:][:len(p)]
}

// foresee returns what room to take for a body of n octets: that of the message
// before, and what the frame has announced, which is no more than 15 times of what
// has come, as it may never come.
func (d *Driver) foresee(n int) int {
	if d.chain != nil || d.ep.options.Deliver == DeliverPieces {
		return n
	}
	return max(n+int(min(d.length, uint64(15*n))), 1<<d.usual)
}

// spareBody returns an empty slice whose capacity is the room behind the body
// in its buffer, so that what is decoded into it need not move. A buffer grows
// fourfold up to bodyPart; then the body is continued in others, so that memory
// stays close to what the message has so far.
func (d *Driver) spareBody() []byte {
	// What is at hand tells how much is to come.
	n := max(firstBody, min(8*len(d.chain.rest), codedRoom))
	if d.owned == nil && len(d.body) == 0 {
		d.owned = d.ep.buffers.get(n)
	}
	d.own(0)
	if b := *d.owned; cap(b)-len(b) < minSpare {
		if len(b) > bodyPart/2 {
			parts := d.part()
			parts.spilled = append(parts.spilled, d.owned)
			d.owned, d.body = nil, nil
			d.own(0)
		}
		d.own(max(n, min(3*len(*d.owned), bodyPart-len(*d.owned)), min(bodyPart, len(d.spilled())*bodyPart)))
	}
	return (*d.owned)[len(*d.owned):]
}

// joinBody puts a body that lies in several buffers together.
func (d *Driver) joinBody() {
	if len(d.spilled()) == 0 {
		return
	}
	whole := new([]byte)
	*whole = make([]byte, 0, d.size) // no more than that: it may be large
	for _, part := range append(d.parts.spilled, d.owned) {
		if part != nil {
			*whole = append(*whole, *part...)
			d.ep.buffers.put(part)
		}
	}
	d.parts.spilled, d.owned = nil, whole
	d.body = *whole
}

// spilled returns the buffers with what comes before the body.
func (d *Driver) spilled() []*[]byte {
	if d.parts == nil {
		return nil
	}
	return d.parts.spilled
}

// part returns where parts are kept that the input has cut.
func (d *Driver) part() *parts {
	if d.parts == nil {
		d.parts = d.ep.parts.Get().(*parts)
	}
	return d.parts
}

// releaseParts takes back what holds nothing any more.
func (d *Driver) releaseParts() {
	if p := d.parts; p != nil && d.filled == 0 && len(p.gather) == 0 && len(p.spilled) == 0 {
		d.parts = nil
		d.ep.parts.Put(p)
	}
}

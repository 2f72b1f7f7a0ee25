package wsfsm

// output is what waits to be written: the driver's own octets, with lent
// payloads in between.
type output struct {
	buf   *[]byte // pooled; nil while nothing waits
	shown *[]byte // what buf was when the caller last looked, and may still read
	sent  int     // octets of buf that have been sent
	loans *loans  // nil while nothing is lent
}

// open returns the buffer to append to.
func (o *output) open(ep *Endpoint) *[]byte {
	if o.buf == nil {
		o.take(ep)
	}
	return o.buf
}

// reserve is open with room for a frame of n octets.
func (o *output) reserve(ep *Endpoint, n int) *[]byte {
	if o.buf == nil {
		o.buf = ep.buffers.get(maxHeader + n)
		o.sent = 0
	} else if cap(*o.buf)-len(*o.buf) < maxHeader+n {
		before := o.buf
		if o.buf = ep.buffers.grow(before, maxHeader+n); before != o.shown {
			ep.buffers.put(before)
		}
	}
	return o.buf
}

func (o *output) take(ep *Endpoint) {
	o.buf = ep.buffers.get(0)
	o.sent = 0
}

// Output returns the next octets to be written, nil if there are none. They
// belong to the driver and stay as they are until Sent or DropOutput, also while
// commands add more behind them. AppendOutput returns all.
func (d *Driver) Output() []byte {
	o := &d.out
	o.shown = o.buf
	switch {
	case o.buf == nil:
		return nil
	case o.loans == nil:
		return (*o.buf)[o.sent:]
	}
	next := o.loans.next()
	if next.at <= o.sent {
		return next.p
	}
	return (*o.buf)[o.sent:next.at]
}

// AppendOutput appends all octets to be written to dst, as slices for one
// gathering write such as writev. They stay valid as those of Output do.
func (d *Driver) AppendOutput(dst [][]byte) [][]byte {
	o := &d.out
	if o.shown = o.buf; o.buf == nil {
		return dst
	}
	at := o.sent
	for _, l := range o.lent() {
		if l.at > at {
			dst = append(dst, (*o.buf)[at:l.at])
			at = l.at
		}
		if len(l.p) > 0 {
			dst = append(dst, l.p)
		}
	}
	if at < len(*o.buf) {
		dst = append(dst, (*o.buf)[at:])
	}
	return dst
}

// Unsent returns the number of octets that wait to be written.
func (d *Driver) Unsent() int {
	if d.out.buf == nil {
		return 0
	}
	n := len(*d.out.buf) - d.out.sent
	if d.out.loans != nil {
		n += d.out.loans.owed
	}
	return n
}

// Blocked reports whether output has reached Options.MaxOutput, so that
// commands return ErrOutputFull.
func (d *Driver) Blocked() bool {
	n := d.Unsent()
	if d.opening != nil {
		n += d.opening.queued
	}
	return n >= d.ep.maxOutput
}

// Sent says that the first n octets of the output have been written. More than
// Unsent counts as all.
func (d *Driver) Sent(n int) {
	o := &d.out
	if o.buf != nil && o.loans == nil && n >= len(*o.buf)-o.sent { // all of it
		d.ep.buffers.put(o.buf)
		o.buf, o.shown = nil, nil
		if d.pong != nil {
			d.writePong()
		}
		return
	}
	for o.buf != nil && n > 0 || o.loans != nil && len(d.Output()) == 0 {
		run := len(d.Output())
		if run == 0 && o.loans == nil {
			break
		}
		n -= d.sentRun(min(n, run))
	}
	if o.buf != nil && d.Unsent() == 0 {
		d.ep.buffers.put(o.buf)
		o.buf, o.shown = nil, nil
	}
	o.compact()
	if d.pong != nil && !d.Blocked() {
		d.writePong()
	}
}

// compact drops what has been sent when it is the greater part of the buffer, so
// that output which never runs dry does not grow for ever.
func (o *output) compact() {
	if o.buf == nil || o.sent < 4<<10 || o.sent < len(*o.buf)/2 {
		return
	}
	*o.buf = append((*o.buf)[:0], (*o.buf)[o.sent:]...)
	lent := o.lent()
	for i := range lent {
		lent[i].at -= o.sent
	}
	o.sent = 0
}

// sentRun takes n octets off the first run of the output.
func (d *Driver) sentRun(n int) int {
	o := &d.out
	if o.loans == nil || o.loans.next().at > o.sent {
		o.sent += n
		return n
	}
	l := o.loans.next()
	l.p = l.p[n:]
	o.loans.owed -= n
	if len(l.p) == 0 {
		done := l.done
		o.giveBack(d.ep)
		done()
	}
	return n
}

// DropOutput forgets what has not been sent and what is queued, because the
// transport is gone, and gives lent payloads back.
func (d *Driver) DropOutput() {
	o := &d.out
	d.pong = nil
	if d.opening != nil {
		d.opening.dropQueue()
	}
	if o.buf == nil {
		return
	}
	for _, l := range o.lent() {
		l.done()
	}
	d.ep.buffers.put(o.buf)
	*o = output{}
}

// pong is one that waits for room.
type pong struct{ payload []byte }

// writePong encodes the pong that waits, if one does. A newer ping replaces the
// pong that waits for room (RFC 6455 §5.5.3), which bounds the output.
func (d *Driver) writePong() {
	if d.pong == nil {
		return
	}
	d.writeFrame(d.prog.heads.pong, d.pong.payload)
	d.pong = nil
}

// dropQueue forgets the commands that wait for the connection to open.
func (o *opening) dropQueue() {
	for _, c := range o.queue {
		if c.done != nil {
			c.done()
		}
	}
	o.queue, o.queued = nil, 0
}

package wsfsm

import (
	"bytes"
	"slices"
)

// pings are the pings that wait for their pongs, oldest first.
type pings struct {
	last    PingID
	waiting []ping
}

type ping struct {
	id      PingID
	payload []byte
}

func (p *pings) outstanding() int {
	if p == nil {
		return 0
	}
	return len(p.waiting)
}

func (p *pings) add(payload []byte) PingID {
	p.last = p.last%MaxPingID + 1
	n := len(p.waiting)
	p.waiting = slices.Grow(p.waiting, 1)[:n+1]
	w := &p.waiting[n]
	w.id, w.payload = p.last, append(w.payload[:0], payload...)
	return p.last
}

// settle takes out the oldest ping that the pong answers, and all before it,
// which the peer need not answer (RFC 6455 §5.5.3). It returns 0 for an
// unsolicited pong.
func (p *pings) settle(payload []byte) PingID {
	if p == nil {
		return 0
	}
	for i, w := range p.waiting {
		if bytes.Equal(w.payload, payload) {
			p.drop(i + 1)
			return w.id
		}
	}
	return 0
}

// drop takes out the oldest n. They go behind the others, where add takes up their
// buffers again.
func (p *pings) drop(n int) {
	slices.Reverse(p.waiting[:n])
	slices.Reverse(p.waiting[n:])
	slices.Reverse(p.waiting)
	p.waiting = p.waiting[:len(p.waiting)-n]
}

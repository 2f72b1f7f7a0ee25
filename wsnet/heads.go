package wsnet

import (
	"encoding/binary"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
)

// heads is what an open connection keeps of its opening handshake, packed into a
// third of the memory: the request on a server, the response on a client. "" if
// that was forgotten.
type heads string

// What heads begins with.
const (
	packedRequest  = 'q'
	packedResponse = 's'
)

// packHeads packs the head that the driver has read.
func packHeads(d *wsfsm.Driver) heads {
	p := packing{packed: make([]byte, 1, 512)}
	if r := d.Request(); r != nil {
		p.packed[0] = packedRequest
		p.request(r)
	} else if r := d.Response(); r != nil {
		p.packed[0] = packedResponse
		p.response(r)
	} else {
		return ""
	}
	return heads(p.packed)
}

// request returns the request; nil if there is none.
func (h heads) request() (r *wsfsm.Request) {
	if h != "" && h[0] == packedRequest {
		r = new(wsfsm.Request)
		(&packing{rest: string(h[1:])}).request(r)
	}
	return r
}

// response returns the response; nil if there is none.
func (h heads) response() (r *wsfsm.Response) {
	if h != "" && h[0] == packedResponse {
		r = new(wsfsm.Response)
		(&packing{rest: string(h[1:])}).response(r)
	}
	return r
}

// packing packs values or, where packed is nil, fills them with what was packed:
// one description of each serves both. Numbers are varints, strings lie behind
// their length.
type packing struct {
	packed []byte
	rest   string // not unpacked yet
}

func (p *packing) request(r *wsfsm.Request) {
	p.text(&r.Method)
	p.text(&r.Target)
	p.text(&r.Proto)
	p.header(&r.Header)
	p.truth(&r.WebSocket)
	for i := range sized(p, &r.Subprotocols) {
		p.text(&r.Subprotocols[i])
	}
	for i := range sized(p, &r.Extensions) {
		p.element(&r.Extensions[i])
	}
}

func (p *packing) response(r *wsfsm.Response) {
	p.text(&r.Proto)
	p.number(&r.Status)
	p.text(&r.Reason)
	p.header(&r.Header)
}

func (p *packing) header(h *wsfsm.Header) {
	for i := range sized(p, h) {
		p.text(&(*h)[i].Name)
		p.text(&(*h)[i].Value)
	}
}

func (p *packing) element(e *extension.Element) {
	p.text(&e.Name)
	for i := range sized(p, &e.Parameters) {
		p.text(&e.Parameters[i].Name)
		p.text(&e.Parameters[i].Value)
		p.truth(&e.Parameters[i].Bare)
	}
}

// sized packs the length of a list or makes it, and returns the length. A nil list
// stays nil.
func sized[L ~[]E, E any](p *packing, l *L) int {
	n := 0
	if *l != nil {
		n = len(*l) + 1
	}
	p.number(&n)
	if n == 0 {
		return 0
	}
	if p.packed == nil {
		*l = make(L, n-1)
	}
	return n - 1
}

func (p *packing) text(s *string) {
	n := len(*s)
	p.number(&n)
	if p.packed != nil {
		p.packed = append(p.packed, *s...)
	} else {
		*s, p.rest = p.rest[:n], p.rest[n:]
	}
}

func (p *packing) truth(b *bool) {
	n := 0
	if *b {
		n = 1
	}
	p.number(&n)
	*b = n == 1
}

func (p *packing) number(n *int) {
	if p.packed != nil {
		p.packed = binary.AppendUvarint(p.packed, uint64(*n))
		return
	}
	*n = 0
	for shift := 0; ; shift += 7 {
		b := p.rest[0]
		p.rest = p.rest[1:]
		if *n |= int(b&0x7f) << shift; b < 0x80 {
			return
		}
	}
}

package wsfsm

import (
	"sync"
	"unsafe"
)

// heldHead is the head of a request in room that goes back to a pool. What strings
// there are of it lie in that room: they are for the driver only, and ownRequest
// makes those that the application gets.
type heldHead struct {
	openedServer
	text []byte
	prog *program // that has taken it
}

// heldHeads is a pool of them.
type heldHeads struct{ pool sync.Pool }

// hold keeps the octets of a head. Its request has no fields as yet.
func (h *heldHeads) hold(octets []byte, prog *program) *heldHead {
	p, ok := h.pool.Get().(*heldHead)
	if !ok {
		p = &heldHead{}
		p.opened = opened{request: &p.head, held: p}
	}
	p.text = append(p.text[:0], octets...)
	if p.prog != prog {
		p.prog = prog
	}
	return p
}

// string returns the octets as a string that is valid as long as they are held.
func (h *heldHead) string() string { return unsafe.String(unsafe.SliceData(h.text), len(h.text)) }

// maxHeld bounds the room in octets that goes back to the pool.
const maxHeld = 16 << 10

// put takes back room that nobody uses any more. What is empty already is not
// written to.
func (h *heldHeads) put(p *heldHead) {
	if cap(p.text) > maxHeld {
		return
	}
	poison(p.text)
	if p.subprotocol != "" {
		p.subprotocol = ""
	}
	r := &p.head
	r.WebSocket = false
	if r.Subprotocols != nil || r.Extensions != nil {
		r.Subprotocols, r.Extensions = nil, nil
	}
	mustBeEmpty(&p.subprotocol)
	mustBeEmpty(&p.response)
	mustBeEmpty(r)
	h.pool.Put(p)
}

// ownRequest makes the request the application's: its strings and those of opened
// are copies from then on.
func (d *Driver) ownRequest() {
	h := d.opened.held
	var fields headFields
	h.prog.parts.split(h.text, &fields, d.ep)
	own := &openedServer{head: fields.split.request(string(h.text))}
	own.request, own.subprotocol = &own.head, h.subprotocol
	own.head.WebSocket = h.head.WebSocket
	d.opened = &own.opened
	fields.header = own.head.Header
	rules := d.prog.requestRules()
	for i := range rules.notes {
		n := &rules.notes[i]
		if fields.at(n.field).count > 0 {
			own.head.note(n.form, fields.combined(n.headRule))
		}
	}
	if d.opening == nil { // which works with strings that are held
		d.ep.heads.put(h)
	}
}

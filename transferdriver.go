package wsfsm

import (
	"crypto/sha1"

	"github.com/wsfsm/wsfsm/states"
)

// driver passes everything that decides what a driver does next, except the
// endpoint's options, random octets drawn ahead, and functions. Output is that
// which is not sent, lent payloads included.
func (t *transfer) driver(d *Driver, output *[]byte) {
	transferNumber(t, &d.connection)
	transferNumber(t, &d.handshake)
	transferNumber(t, &d.http)
	transferNumber(t, &d.frame)
	transferNumber(t, &d.message)
	transferNumber(t, &d.sending)
	transferNumber(t, &d.head)
	transferNumber(t, &d.length)
	transferNumber(t, &d.offset)
	t.flag(&d.ended)
	t.flag(&d.started)
	transferBelow(t, &d.kind, int(Binary)+1, "the kind of a message")
	transferNumber(t, &d.held)
	t.checker(&d.text)
	t.checker(&d.sent)
	t.replacer(&d.replaced)
	transferBelow(t, &d.due, int(dueHandedOver), "what is due")
	transferNumber(t, &d.key)
	transferNumber(t, &d.size)
	transferNumber(t, &d.maxSize)
	t.bytes(&d.in)
	t.bytes(&d.body)
	t.bytes(output)
	t.cut(d)
	if transferPointer(t, &d.frameMask) {
		t.frameMask(d.frameMask)
	}
	if transferPointer(t, &d.pong) {
		t.bytes(&d.pong.payload)
	}
	if transferPointer(t, &d.pings) {
		t.pings(d.pings)
	}
	if transferPointer(t, &d.opened) {
		t.opened(d.opened)
	}
	if transferPointer(t, &d.opening) {
		t.opening(d.opening)
	}
	if transferPointer(t, &d.outcome) {
		t.outcome(d.outcome)
	}
}

// cut passes what the input has cut in two.
func (t *transfer) cut(d *Driver) {
	var field, gather []byte
	if d.parts != nil {
		field, gather = d.parts.field[:d.filled], d.parts.gather
	}
	t.bytes(&field)
	t.bytes(&gather)
	if !t.reads() || len(field)+len(gather) == 0 {
		return
	}
	if len(field) > fieldSize {
		t.fail("a field has %d octets", len(field))
		return
	}
	parts := d.part()
	d.filled = uint8(copy(parts.field[:], field))
	parts.gather = gather
}

func (t *transfer) frameMask(m *frameMask) {
	t.fixed(m.connection[:])
	key := [sha1.Size]byte(m.frame[:])
	t.fixed(key[:])
	transferBelow(t, &m.at, len(key), "the place in a mask")
	if t.reads() {
		m.frame.repeat(&key)
		m.block = newKeyBlock(m.connection[:])
	}
}

func (t *transfer) pings(p *pings) {
	transferBelow(t, &p.last, int(MaxPingID)+1, "a ping")
	transferList(t, &p.waiting, func(w *ping) {
		transferBelow(t, &w.id, int(MaxPingID)+1, "a ping")
		t.bytes(&w.payload)
	})
	if t.reads() && len(p.waiting) > MaxPings {
		t.fail("%d pings wait", len(p.waiting))
	}
}

func (t *transfer) opened(o *opened) {
	t.text(&o.subprotocol)
	if transferPointer(t, &o.request) {
		r := o.request
		t.text(&r.Method)
		t.text(&r.Target)
		t.text(&r.Proto)
		t.fields((*[]Field)(&r.Header))
		t.flag(&r.WebSocket)
		t.texts(&r.Subprotocols)
		t.elements(&r.Extensions)
	}
	if transferPointer(t, &o.response) {
		r := o.response
		t.text(&r.Proto)
		transferNumber(t, &r.Status)
		t.text(&r.Reason)
		t.fields((*[]Field)(&r.Header))
	}
}

func (t *transfer) opening(o *opening) {
	t.bytes(&o.text)
	transferList(t, &o.ends, func(end *int) { transferNumber(t, end) })
	transferNumber(t, &o.words)
	transferNumber(t, &o.line)
	transferNumber(t, &o.total)
	for _, s := range []*string{&o.key, &o.nonce, &o.origin, &o.tunnel, &o.target, &o.authority, &o.authorization, &o.choice} {
		t.text(s)
	}
	if transferPointer(t, &o.challenge) {
		t.text(&o.challenge.keys[0])
		t.text(&o.challenge.keys[1])
		t.fixed(o.challenge.body[:])
	}
	t.bytes(&o.body)
	t.flag(&o.secure)
	t.fields(&o.header)
	transferList(t, &o.queue, t.command)
}

// command passes a command that waits for the connection to open; a payload that
// was lent or prepared is copied.
func (t *transfer) command(c *command) {
	transferBelow(t, &c.message, maxMessageEvents, "a queued message")
	transferNumber(t, &c.control)
	t.bytes(&c.payload)
	isPing := c.control == states.FrameOnPing || c.control == states.FrameOnPong
	if t.reads() && (c.message == 0) != isPing {
		t.fail("a queued command is neither a message nor a ping nor a pong")
	}
}

func (t *transfer) outcome(o *outcome) {
	t.cause(&o.cause)
	broken, _ := o.err.(*Error) // mayMove has seen to it
	if transferPointer(t, &broken) {
		t.violation(broken)
		o.err = broken
	}
	transferNumber(t, &o.peerCode)
	t.text(&o.peerReason)
	t.flag(&o.clean)
}

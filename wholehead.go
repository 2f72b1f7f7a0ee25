package wsfsm

import (
	"encoding/binary"
	"math/bits"

	"github.com/wsfsm/wsfsm/states"
)

// maxSplit bounds the octets of a head that is taken in one step, so that a span
// holds any place in it.
const maxSplit = 1<<16 - 1

// takeHead takes the next head, where one is awaited, in one step if it lies in the
// input as a whole and ends within the limits. It returns false, and leaves everything
// as it is, where the http machine has to go on by itself.
func (d *Driver) takeHead() bool {
	f, o, ep := &d.prog.parts, d.opening, d.ep
	if d.http != f.initial || o.total > 0 || len(o.text) > 0 {
		return false
	}
	in := d.in[:min(len(d.in), ep.maxLine, ep.maxHead, maxSplit)]
	if o.fields == nil { // a head that never ends shall not take the room
		if !f.isHead(in, ep) {
			return false
		}
		o.fields = &headFields{}
	}
	o.fields.reset()
	n := f.split(in, o.fields, ep)
	if n == 0 {
		return false
	}
	d.readWholeHead(o.fields, d.take(n))
	return true
}

// isHead reports whether split succeeds.
func (f *headParts) isHead(in []byte, ep *Endpoint) bool {
	var fields headFields
	return f.split(in, &fields, ep) > 0
}

// split takes the first head of the input apart and returns how many octets it
// has; 0 if it does not end there, or not so.
func (f *headParts) split(in []byte, fields *headFields, ep *Endpoint) int {
	head, s, at := &fields.split, f.initial, 0
	for words := 0; s != f.name; words++ {
		p := &f.parts[s]
		from, ok := p.first(in, at)
		if !ok || p.do != states.HTTPDoEndWord || words == len(head.words) {
			return 0
		}
		to := p.behind(in, from+int(p.keeps))
		if at = to + int(p.ends); at > len(in) || in[to] != p.end[0] || p.ends == 2 && in[at-1] != p.end[1] {
			return 0
		}
		head.words[words] = span{uint16(from), uint16(to)}
		s = p.next
	}
	if s == 0 {
		return 0
	}
	return f.splitFields(in, at, fields, ep)
}

// splitFields takes the fields apart, from a place on, and returns how many octets
// the head has; 0 as split does.
func (f *headParts) splitFields(in []byte, at int, fields *headFields, ep *Endpoint) int {
	head, name, value := &fields.split, &f.parts[f.name], &f.parts[f.value]
	limit := maxFields
	if name.counts > 0 {
		limit = min(limit, ep.maxFields)
	}
	for {
		from, ok := name.first(in, at)
		if !ok {
			if from+2 <= len(in) && in[from] == name.last[0] && in[from+1] == name.last[1] {
				return from + 2
			}
			return 0
		}
		if head.count >= limit {
			return 0
		}
		number, to := notLookedUp, from
		if name.knows > 0 {
			number, to = ep.names.inFront(in, from, name.end[0])
		}
		if number < 0 {
			if to = name.behind(in, from+int(name.keeps)); to == len(in) || in[to] != name.end[0] {
				return 0
			}
			if number == notLookedUp {
				number = ep.names.lookUp(in[from:to])
			}
		}
		field := &head.fields[head.count]
		field.name = span{uint16(from), uint16(to)}
		fields.note(&ep.names, number, head.count)
		if to++; value.usual > 0 && number >= 0 {
			if u := &ep.names.list[number].usual; u.stands(in, to) {
				field.value = span{uint16(to + 1), uint16(to + 1 + len(u.text))}
				fields.usual |= 1 << number
				head.count++
				at = to + u.line
				continue
			}
		}
		if from, ok = value.first(in, to); !ok {
			return 0
		}
		if to = value.behind(in, from+int(value.keeps)); to+2 > len(in) || in[to] != value.end[0] || in[to+1] != value.end[1] {
			return 0
		}
		field.value = span{uint16(from), uint16(from) + withoutBlanks(in[from:to])}
		head.count++
		at = to + 2
	}
}

// first returns the place of the first octet that the part keeps, or of its end if
// it may keep none; false where another octet stands, or none.
func (p *headPart) first(in []byte, at int) (int, bool) {
	for ; at < len(in); at++ {
		if use := p.octets[in[at]]; use&octetSkipped == 0 {
			return at, p.keeps == 0 || use&octetFirst != 0
		}
	}
	return at, false
}

// behind returns the place of the first octet, from a place on, that the part does
// not keep.
func (p *headPart) behind(in []byte, at int) int {
	if p.sure != (octetRange{}) {
		for at+8 <= len(in) {
			outside := p.sure.outside(binary.LittleEndian.Uint64(in[at:]))
			if outside == 0 {
				at += 8
				continue
			}
			at += bits.TrailingZeros64(outside) / 8
			if in[at] == p.end[0] || p.octets[in[at]]&octetKept == 0 {
				return at
			}
			at++
		}
	}
	for at < len(in) && p.octets[in[at]]&octetKept != 0 {
		at++
	}
	return at
}

// withoutBlanks returns the length of a value without the white space behind it
// (RFC 9112 §5.1).
func withoutBlanks(value []byte) uint16 {
	n := len(value)
	for n > 0 && (value[n-1] == ' ' || value[n-1] == '\t') {
		n--
	}
	return uint16(n)
}

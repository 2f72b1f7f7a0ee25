package wsfsm

import (
	"encoding/binary"
	"math/bits"

	"github.com/wsfsm/wsfsm/states"
)

// maxSplit bounds the octets of a head that is taken in one step, so that a span
// holds any place in it.
const maxSplit = 1<<16 - 1

// takeHead takes the next head in one step if it lies in the input as a whole and
// ends within the limits. It returns false, and leaves everything as it is, where
// the http machine has to go on by itself.
func (d *Driver) takeHead() bool {
	f, o, ep := &d.prog.parts, d.opening, d.ep
	if d.http != f.initial || o.total > 0 || len(o.text) > 0 {
		return false
	}
	var fields headFields
	n := f.split(d.in[:min(len(d.in), ep.maxLine, ep.maxHead, maxSplit)], &fields, ep)
	if n == 0 {
		return false
	}
	d.readWholeHead(&fields, d.take(n))
	return true
}

// split takes the first head of the input apart and returns how many octets it
// has; 0 if it does not end there, or not so.
func (f *headParts) split(in []byte, fields *headFields, ep *Endpoint) int {
	words, s, at := 0, f.initial, 0
	head := &fields.split
	var name span
	for {
		p := &f.parts[s]
		for at < len(in) && p.octets[in[at]]&octetSkipped != 0 {
			at++
		}
		if at+1 >= len(in) {
			return 0
		}
		from, number := at, unknownName
		if p.octets[in[at]]&octetFirst == 0 && p.keeps > 0 {
			if p.closes > 0 && in[at] == p.last[0] && in[at+1] == p.last[1] && name.to == 0 {
				return at + len(p.last)
			}
			return 0
		}
		if p.knows > 0 {
			number, at = ep.names.inFront(in, at, p.end[0])
		}
		if number < 0 {
			at = p.behind(in, from+int(p.keeps))
		}
		part := span{uint16(from), uint16(at)}
		if at += int(p.ends); at == int(part.to) || at > len(in) || in[part.to] != p.end[0] || p.ends == 2 && in[at-1] != p.end[1] {
			return 0
		}
		s = p.next
		switch {
		case p.do == states.HTTPDoEndValue && name.to > 0:
			part.to = part.from + withoutBlanks(in[part.from:part.to])
			head.fields[head.count] = fieldSpan{name, part}
			head.count++
			name = span{}
		case p.do == states.HTTPDoEndName && name.to == 0 && head.count < maxFields && (p.counts == 0 || head.count < ep.maxFields):
			if name = part; number < 0 {
				number = ep.names.lookUp(in[name.from:name.to])
			}
			fields.note(&ep.names, number, head.count)
		case p.do == states.HTTPDoEndWord && words < len(head.words) && head.count == 0 && name.to == 0:
			head.words[words] = part
			words++
		default:
			return 0
		}
	}
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
			if p.octets[in[at]]&octetKept == 0 {
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

package wsfsm

import (
	"strings"

	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/states"
)

// headParts splits a head that lies in the input as a whole, part by part: words,
// names, values. It is composed from the tables of the http machine by following
// their rows from the first octet of a part to that behind its end; where a row
// leads elsewhere there is no entry, and the machine takes its single steps.
type headParts struct {
	initial states.HTTPState // 0: there are no entries
	name    states.HTTPState // of the fields, one after the other; 0: there are no entries
	value   states.HTTPState // behind it
	parts   []headPart       // by the state that reads their first octet
}

// headPart is one kind of part. A part is octets that are skipped, octets that are
// kept, and what ends it.
type headPart struct {
	octets [256]octetUse     // what an octet is for the part
	sure   octetRange        // octets that are kept, but for the first
	keeps  uint8             // how few octets are kept, 0 or 1
	knows  uint8             // 1 if the names of the endpoint are such parts from end to end
	usual  uint8             // 1 if the usual values of the endpoint are such parts, with a blank in front and their end
	counts uint8             // 1 if the fields are counted in front of it
	ends   uint8             // octets of end; 0: there is no entry
	closes uint8             // octets of last; 0: the head cannot end here
	end    [2]byte           // behind the part: its own end, and that of the line
	last   [2]byte           // in place of the part: the end of the head
	do     states.HTTPAction // that the end of the part carries out
	next   states.HTTPState  // in which the next part begins
}

// octetUse is what an octet is for a part, as a set.
type octetUse uint8

const (
	octetSkipped octetUse = 1 << iota // in front of the part
	octetFirst                        // the first that is kept
	octetKept                         // any other that is kept
)

// splitCell is a cell of the http machine that splits heads.
type splitCell = fsm.Cell[states.HTTPState, states.HTTPAction]

// composeHeadParts follows the rows of the http machine for one role.
func composeHeadParts(p *Protocol, side int) headParts {
	f := headParts{initial: p.HTTP.Initial[side], parts: make([]headPart, len(p.HTTP.Reads))}
	for s := f.initial; s != 0 && f.parts[s].next == 0; s = f.parts[s].next {
		f.parts[s] = composePart(p, side, s)
	}
	f.composeFields()
	return f
}

// composeFields looks for a name and a value that follow each other until the head
// ends.
func (f *headParts) composeFields() {
	for s := range f.parts {
		name := &f.parts[s]
		value := &f.parts[name.next]
		if name.do == states.HTTPDoEndName && name.ends == 1 && name.keeps == 1 && name.closes == 2 &&
			value.do == states.HTTPDoEndValue && value.ends == 2 && int(value.next) == s {
			f.name, f.value = states.HTTPState(s), name.next
			return
		}
	}
}

func composePart(p *Protocol, side int, s states.HTTPState) (part headPart) {
	cells, ok := octetCells(p, side, s)
	if !ok {
		return headPart{}
	}
	part.compose(p, side, s, &cells)
	part.composeLast(p, side, s, &cells)
	return part
}

// octetCells returns what a state does at each octet; false if it does not read
// one.
func octetCells(p *Protocol, side int, s states.HTTPState) (cells [256]splitCell, ok bool) {
	r := &p.HTTP.Reads[s]
	if r.Kind != states.ReadOctet {
		return cells, false
	}
	ev, cell := states.HTTPEvent(0), p.HTTP.Table.At(s, 0)
	for octet, class := range p.HTTP.Classes[r.Args[side]].Tables[side][0] {
		if class != ev { // neighbours are mostly of one class
			ev, cell = class, p.HTTP.Table.At(s, class)
		}
		cells[octet] = cell
	}
	return cells, true
}

// compose finds the state that keeps the octets of the part, and what ends it.
func (part *headPart) compose(p *Protocol, side int, s states.HTTPState, cells *[256]splitCell) {
	keeping, kept := s, *cells
	if stays := (splitCell{To: s, Do: states.HTTPDoAdd}); !holdsCell(cells, stays) {
		first, ok := cellThat(cells, states.HTTPDoAdd)
		if !ok {
			return
		}
		if keeping, part.counts = behindCount(p, first.To); keeping == 0 {
			return
		}
		if kept, ok = octetCells(p, side, keeping); !ok {
			return
		}
		part.keeps = 1
		for octet, c := range cells {
			switch c {
			case splitCell{To: s}:
				part.octets[octet] |= octetSkipped
			case first:
				part.octets[octet] |= octetFirst
			}
		}
	}
	for octet, c := range kept {
		switch {
		case c == splitCell{To: keeping, Do: states.HTTPDoAdd}:
			part.octets[octet] |= octetKept
		case c.Do == states.HTTPDoEndWord || c.Do == states.HTTPDoEndName || c.Do == states.HTTPDoEndValue:
			part.end[0], part.do, part.next, part.ends = byte(octet), c.Do, c.To, 1 // of several the last
		}
	}
	part.sure = keptRange(&part.octets)
	if part.ends == 1 {
		part.composeLineEnd(p, side)
	}
}

// composeLineEnd looks for the octet that ends the line behind the part.
func (part *headPart) composeLineEnd(p *Protocol, side int) {
	behind, ok := octetCells(p, side, part.next)
	if !ok {
		return
	}
	for octet, c := range behind {
		if c.Do == states.HTTPDoEndLine {
			part.end[1], part.next, part.ends = byte(octet), c.To, 2
			return
		}
	}
}

// composeLast looks for two octets that end the head in place of the part.
func (part *headPart) composeLast(p *Protocol, side int, s states.HTTPState, cells *[256]splitCell) {
	var seen states.HTTPState
	for octet, c := range cells {
		if c.To == 0 || c.To == s || c.Do != 0 || c.To == seen {
			continue
		}
		seen = c.To
		behind, _ := octetCells(p, side, c.To)
		if last, ok := octetThat(&behind, states.HTTPDoEndHead); ok {
			part.last, part.closes = [2]byte{byte(octet), last}, 2
			return
		}
	}
}

// behindCount returns the state behind one that counts the fields, and 1; another
// state is returned itself.
func behindCount(p *Protocol, s states.HTTPState) (states.HTTPState, uint8) {
	if p.HTTP.Reads[s].Kind != states.ReadCheck {
		return s, 0
	}
	c := p.HTTP.Table.At(s, states.HTTPOnFits)
	if c.Do != 0 {
		return 0, 0
	}
	return c.To, 1
}

func holdsCell(cells *[256]splitCell, want splitCell) bool {
	for _, c := range cells {
		if c == want {
			return true
		}
	}
	return false
}

// cellThat returns the first cell with an action.
func cellThat(cells *[256]splitCell, do states.HTTPAction) (splitCell, bool) {
	octet, ok := octetThat(cells, do)
	return cells[octet], ok
}

// octetThat returns the first octet at which an action is carried out.
func octetThat(cells *[256]splitCell, do states.HTTPAction) (byte, bool) {
	for octet, c := range cells {
		if c.To != 0 && c.Do == do {
			return byte(octet), true
		}
	}
	return 0, false
}

// wideRange is how many octets a range has if looking at eight at once pays.
const wideRange = 64

// keptRange returns the longest range of octets below 0x80 that a part keeps; the
// zero value if that is not wide.
func keptRange(octets *[256]octetUse) octetRange {
	low, high, from := 0x80, 0, 0 // no octet is in this
	for octet := range 0x80 {
		if octets[octet]&octetKept == 0 {
			from = octet + 1
			continue
		}
		if high < low || octet-from > high-low {
			low, high = from, octet
		}
	}
	if high-low < wideRange-1 {
		return octetRange{}
	}
	return rangeOf(byte(low), byte(high))
}

// know notes whether all octets of the names would be kept. Programs share parts.
func (f *headParts) know(names *fieldNames) {
	for i := range f.parts {
		p := &f.parts[i]
		if p.knows == 0 && p.do == states.HTTPDoEndName && p.keeps > 0 && p.ends > 0 && names.all(p.keptName) {
			p.knows = 1
		}
		if p.usual == 0 && p.do == states.HTTPDoEndValue && p.ends == 2 && names.usual(p.end, p.keptUsual) {
			p.usual = 1
		}
	}
}

// keptName reports whether the part keeps a name, in small letters or capitals.
func (p *headPart) keptName(name string) bool {
	for _, form := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
		want := octetFirst
		for _, octet := range []byte(form) {
			if p.octets[octet]&want == 0 || octet == p.end[0] {
				return false
			}
			want = octetKept
		}
	}
	return true
}

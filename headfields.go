package wsfsm

// headFields are the fields of a head, found by the numbers of their names. They are
// in its header or, if none occurs twice, in its text.
type headFields struct {
	header Header
	text   string
	split  splitHead
	found  [32]foundField // by the number of a name
	seen   uint32         // those of found that there are, a bit each
	more   []foundField   // of names with higher numbers
	twice  bool           // one of the names occurs twice
	usual  uint32         // those of found that have their usual value, a bit each
}

// reset empties what has been used for another head.
func (f *headFields) reset() {
	f.forget()
	f.split.words, f.split.count = [3]span{}, 0
	f.found, f.seen, f.twice, f.usual = [32]foundField{}, 0, false, 0
}

// forget lets go of the head.
func (f *headFields) forget() {
	if f.text != "" {
		f.text = ""
	}
	if f.header != nil || f.more != nil {
		f.header, f.more = nil, nil
	}
}

// foundField is where a field stands first, and how often it occurs.
type foundField struct{ first, count uint16 }

// maxFound is more than any rule allows.
const maxFound = 1<<16 - 1

// splitHead is a head taken apart: where its words and fields lie in its octets.
type splitHead struct {
	words  [3]span
	fields [maxFields]fieldSpan
	count  int
}

// maxFields is how many fields a head may have to be taken in one step.
const maxFields = 40

// span is a run of the octets of a head.
type span struct{ from, to uint16 }

func (s span) of(text string) string { return text[s.from:s.to] }

type fieldSpan struct{ name, value span }

// request makes the request of a head with these octets.
func (h *splitHead) request(text string) Request {
	header := make(Header, 0, h.count)
	for _, f := range h.fields[:h.count] {
		header = append(header, Field{f.name.of(text), f.value.of(text)})
	}
	return Request{Method: h.words[0].of(text), Target: h.words[1].of(text), Proto: h.words[2].of(text), Header: header}
}

// find looks up the names of all fields of a header.
func (f *headFields) find(n *fieldNames, header Header) {
	f.header = header
	for i := range header {
		f.note(n, n.lookUp([]byte(header[i].Name)), i)
	}
}

// note keeps that a name stands at a place; -1 is no name.
func (f *headFields) note(n *fieldNames, name, place int) {
	if name < 0 {
		return
	}
	if name >= len(f.found) && f.more == nil {
		f.more = make([]foundField, len(n.list)-len(f.found))
	}
	found := f.at(name)
	if found.count == 0 {
		found.first = uint16(place)
		f.seen |= 1 << name // nothing where more has them
	} else {
		f.twice = true
	}
	if found.count < maxFound {
		found.count++
	}
}

// at returns what is found of a name.
func (f *headFields) at(name int) *foundField {
	switch {
	case name < len(f.found):
		return &f.found[name]
	case f.more != nil:
		return &f.more[name-len(f.found)]
	}
	return &foundField{}
}

// first returns the first value of a field; "" if there is none.
func (f *headFields) first(name int) string {
	found := f.at(name)
	if found.count == 0 {
		return ""
	}
	return f.value(found.first)
}

// value returns the value of the field at a place.
func (f *headFields) value(place uint16) string {
	if f.header == nil {
		return f.split.fields[place].value.of(f.text)
	}
	return f.header[place].Value
}

// combined returns the values of a field joined by commas (RFC 9110 §5.3).
func (f *headFields) combined(r *headRule) string {
	if f.at(r.field).count <= 1 {
		return f.first(r.field)
	}
	return f.header.combined(r.Name)
}

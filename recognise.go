package wsfsm

import "slices"

// recognise returns the program of the version that a request asks for; the
// preferred one if it asks for none that is spoken. Sec-WebSocket-Version counts
// before the value of another field, that before a mere field, and that before
// nothing; of equals the first in the options.
func (ep *Endpoint) recognise(fields *headFields) *program {
	best, rank := ep.servers[0], 0
	for _, prog := range ep.servers {
		n := prog.claims(fields)
		if n > rank {
			best, rank = prog, n
		}
		if n == rankNumbered {
			break
		}
	}
	return best
}

// claim is by what a request asks for a version.
type claim struct {
	field int    // number of the header; -1: none
	rank  int    // of a request that has it, with one of the values if there are any
	usual uint32 // bit of the field if its usual value is one of the values
}

// Ranks of a request that asks for a version.
const (
	rankLeft     = 1 + iota // it asks for no other
	rankField               // by a field
	rankValue               // by the value of a field
	rankNumbered            // by the number of the version; nothing goes before that
)

// claimOf ranks a recognition.
func (n *fieldNames) claimOf(r Recognition) claim {
	switch {
	case r.Header == "":
		return claim{field: -1, rank: rankLeft}
	case len(r.Values) == 0:
		return claim{field: n.number(r.Header), rank: rankField}
	}
	c := claim{field: n.number(r.Header), rank: rankValue}
	if r.numbered() {
		c.rank = rankNumbered
	}
	if text := n.list[c.field].usual.text; text != "" && slices.Contains(r.Values, text) {
		c.usual = 1 << c.field
	}
	return c
}

// claims says how surely a request asks for the version: 0 if it does not.
func (prog *program) claims(fields *headFields) int {
	if prog.claim.usual&fields.usual == 0 && prog.claim.field >= 0 {
		values, found := prog.Recognise.Values, fields.at(prog.claim.field)
		if found.count == 0 || len(values) > 0 && !slices.Contains(values, fields.first(prog.claim.field)) {
			return 0
		}
	}
	return prog.claim.rank
}

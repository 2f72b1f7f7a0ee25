package wsfsm

import (
	"math/bits"

	"github.com/wsfsm/wsfsm/states"
)

// quickRules are the rules of a head for a request that was split, keeps them all and
// has no field twice: which fields must be there and which must not, then what values
// must be. The order in which rules are broken does not matter to it. Fields are bits
// by the numbers of their names.
type quickRules struct {
	complete          bool // all rules are in this
	required, refused uint32
	valued            uint32 // those whose values must be something
	usual             uint32 // of these, those whose usual value is
	values            [32]*headRule
	line              []*headRule // of parts of the first line
	protocol          []*headRule // likewise, that usualProtocol keeps
}

// usualProtocol is what nearly all first lines end with.
const usualProtocol = "HTTP/1.1"

func quickRulesOf(checks []headRule) (quick quickRules) {
	usual := newFirstLine(usualProtocol)
	for i := range checks {
		r := &checks[i]
		switch {
		case r.field < 0 && r.part >= protocolPart && r.ofItself() && new(Driver).satisfies(r, usual[r.part], ""):
			quick.protocol = append(quick.protocol, r)
		case r.field < 0:
			quick.line = append(quick.line, r)
		case r.field >= len(quick.values) || r.least > 1 || quick.values[r.field] != nil:
			return quickRules{}
		default:
			quick.addField(r, 1<<r.field)
		}
	}
	quick.complete = true
	return quick
}

// ofItself reports whether nothing but a value decides whether it keeps the rule, no
// options and no other part of the head.
func (r *headRule) ofItself() bool {
	return r.want == wantText || r.want == wantAtLeast || r.want == wantForm && r.Form == states.FormHTTPVersion
}

func (q *quickRules) addField(r *headRule, bit uint32) {
	q.values[r.field] = r
	if r.least > 0 {
		q.required |= bit
	}
	switch {
	case r.most == 0:
		q.refused |= bit
	case r.want != wantNothing:
		q.valued |= bit
	}
}

// holdsQuickly reports whether a request that was split, without a field twice, keeps
// all rules; where it returns false that is still to be seen.
func (d *Driver) holdsQuickly(rules *quickRules, fields *headFields) bool {
	if !rules.complete || fields.seen&rules.required != rules.required || fields.seen&rules.refused != 0 {
		return false
	}
	head := &fields.split
	for left := fields.seen & rules.valued &^ (fields.usual & rules.usual); left != 0; left &= left - 1 {
		i := bits.TrailingZeros32(left) & 31
		if !d.keeps(rules.values[i], head.fields[fields.found[i].first].value.of(fields.text)) {
			return false
		}
	}
	if head.words[2].of(fields.text) != usualProtocol && !d.keepsLine(rules.protocol, fields) {
		return false
	}
	return d.keepsLine(rules.line, fields)
}

func (d *Driver) keepsLine(rules []*headRule, fields *headFields) bool {
	for _, r := range rules {
		if !d.keeps(r, fields.split.part(r.part, fields.text)) {
			return false
		}
	}
	return true
}

// keeps reports whether a value that there is keeps a rule.
func (d *Driver) keeps(r *headRule, value string) bool {
	var equals string
	if r.depends {
		if equals = d.value(r.Equals); equals == "" {
			return true
		}
	}
	return d.satisfies(r, value, equals)
}

// part returns a part of a request's first line.
func (h *splitHead) part(part int, text string) string {
	switch part {
	case methodPart:
		return h.words[0].of(text)
	case targetPart:
		return h.words[1].of(text)
	}
	line := newFirstLine(h.words[2].of(text))
	return line[part]
}

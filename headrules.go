package wsfsm

import (
	"math"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/states"
)

// headRules are the rules of a head, prepared once for each endpoint.
type headRules struct {
	checks []headRule // in the order checked
	notes  []headNote // of fields with which the handshake goes on
	quick  quickRules
}

// headRule is one of them.
type headRule struct {
	*HeadLine
	field       int // number of the field's name; -1: a part of the first line
	part        int // of the first line
	least, most int // how often the field may occur
	want        want
	depends     bool       // on a value that there may not be
	text        string     // that is wanted
	token       *fieldName // likewise
}

// headNote is a rule of which more than the value is checked.
type headNote struct {
	field int
	from  states.Value
	form  states.Form
	*headRule
}

// want is what a line wants of its value: one of these, or several of them.
type want uint8

const (
	wantNothing want = iota
	wantText         // Is, without Fold
	wantToken        // Has
	wantAtLeast
	wantEqual
	wantForm
	wantSeveral
)

// wants returns what a line wants of its value, and the text that goes with it.
func (l *HeadLine) wants() (found want, text string) {
	if len(l.OneOf) > 0 || l.Fold {
		return wantSeveral, ""
	}
	for w, text := range [wantEqual]string{wantText: l.Is, wantToken: l.Has, wantAtLeast: l.AtLeast} {
		if text != "" {
			found = found.and(want(w))
		}
	}
	if l.Equals != 0 {
		found = found.and(wantEqual)
	}
	if l.Form != 0 {
		found = found.and(wantForm)
	}
	return found, l.Is + l.Has + l.AtLeast
}

func (w want) and(other want) want {
	if w == wantNothing {
		return other
	}
	return wantSeveral
}

// Parts of the first line, by number.
const (
	methodPart = iota
	targetPart
	protocolPart
	versionPart
	statusPart
	lineParts
)

// firstLine holds the parts of a first line; those that it does not have are its
// protocol, "HTTP/1.1".
type firstLine [lineParts]string

func newFirstLine(protocol string) firstLine {
	return firstLine{protocol, protocol, protocol, strings.TrimPrefix(protocol, "HTTP/"), protocol}
}

// partNumber is the number of a part by its name in a head line.
func partNumber(name string) int {
	switch name {
	case partMethod:
		return methodPart
	case partTarget:
		return targetPart
	case partVersion:
		return versionPart
	case partStatus:
		return statusPart
	}
	return protocolPart
}

// prepareHeads prepares what the opening handshakes of the endpoint need.
func (ep *Endpoint) prepareHeads() {
	ep.host = ep.names.number("Host")
	programs := slices.Concat(ep.servers, ep.clients)
	for at, prog := range programs {
		for i := range prog.Handshake.Heads {
			prog.rules = append(prog.rules, ep.names.rules(&prog.Handshake.Heads[i]))
		}
		prog.findUsual(&ep.names)
		prog.awaits = prog.composeAwaits()
		prog.claim = ep.names.claimOf(prog.Recognise)
		if ep.options.Observer == nil {
			prog.parts = partsAmong(programs[:at], prog)
			prog.acceptsAtOnce = prog.composeAcceptance()
		}
	}
	for _, prog := range programs {
		prog.parts.know(&ep.names)
	}
}

// partsAmong composes the parts of a program, or takes those of one that splits heads
// by the same tables.
func partsAmong(others []*program, prog *program) headParts {
	m := &prog.HTTP
	for _, other := range others {
		if o := &other.HTTP; other.side == prog.side && o.Table == m.Table && o.Initial == m.Initial && same(o.Reads, m.Reads) && same(o.Classes, m.Classes) {
			return other.parts
		}
	}
	return composeHeadParts(prog.Protocol, prog.side)
}

// same reports whether two lists are one.
func same[T any](a, b []T) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

func (n *fieldNames) rules(h *Head) headRules {
	rules := headRules{checks: make([]headRule, len(h.Lines)), notes: make([]headNote, 0, len(h.Lines))}
	for i := range h.Lines {
		l, r := &h.Lines[i], &rules.checks[i]
		*r = headRule{HeadLine: l, field: -1, part: partNumber(l.Name), depends: l.Equals != 0}
		if r.want, r.text = l.wants(); r.want == wantToken {
			token := nameToCompare(l.Has)
			r.token = &token
		}
		if strings.HasPrefix(l.Name, ":") {
			if r.want == wantEqual { // to "", too
				r.want = wantSeveral
			}
			continue
		}
		r.field = n.number(l.Name)
		r.least, r.most = l.occurrences()
		if l.noted() {
			rules.notes = append(rules.notes, headNote{r.field, l.From, l.Form, r})
		}
	}
	rules.quick = quickRulesOf(rules.checks)
	return rules
}

// occurrences returns how often the field may occur.
func (l *HeadLine) occurrences() (least, most int) {
	if least, most = 1, l.Count; l.Optional || l.Count == 0 {
		least = 0
	}
	if l.Count < 0 {
		most = math.MaxInt
	}
	return least, most
}

// requestRules returns the rules of requests.
func (prog *program) requestRules() *headRules {
	for i := range prog.rules {
		if prog.Handshake.Heads[i].Name == "request" {
			return &prog.rules[i]
		}
	}
	return &headRules{}
}

// checkHead returns the finding of the first line that does not hold.
func (d *Driver) checkHead(rules *headRules, line *firstLine, fields *headFields) states.HandshakeEvent {
	for i := range rules.checks {
		r := &rules.checks[i]
		var value, equals string
		if r.field < 0 {
			value = line[r.part]
		} else {
			found := *fields.at(r.field)
			n := int(found.count)
			if n == 0 && r.least == 0 {
				continue
			}
			if r.depends {
				if equals = d.value(r.Equals); equals == "" {
					continue
				}
			}
			if n < r.least || n > r.most {
				return r.Else
			}
			if n > 0 {
				value = fields.value(found.first)
			}
			if n > 1 && r.list() {
				value = fields.combined(r)
			}
		}
		if !d.satisfies(r, value, equals) {
			return r.Else
		}
	}
	return states.HandshakeOnAcceptable
}

// satisfies is holds by the only thing that a rule wants.
func (d *Driver) satisfies(r *headRule, value, equals string) bool {
	switch r.want {
	case wantNothing:
		return true
	case wantText:
		return value == r.text
	case wantToken:
		return r.token.is([]byte(value)) || hasToken(value, r.text)
	case wantAtLeast:
		return atLeast(value, r.text)
	case wantEqual:
		return value == equals
	case wantForm:
		return d.checkForm(r.Form, value)
	}
	return d.holds(r.HeadLine, value)
}

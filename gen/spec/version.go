package spec

import (
	"regexp"
	"strconv"
	"strings"
)

// constants are the keys of a version besides its name, bases and machines.
var constants = [...]string{"title", "wire-version", "recognise", "close", "too-big", "confidence"}

// version decodes a flattened file.
func (d *decoder) version(s *source, root *node, v *Vocabulary) *Version {
	ver := &Version{Name: s.name, Title: s.name, Abstract: s.abstract, Pos: s.pos, At: noted(root)}
	for _, base := range s.bases {
		ver.Extends = append(ver.Extends, base.text)
		ver.At["extends."+base.text] = base.pos
	}
	if n := root.get("title"); n != nil {
		ver.Title = d.text(n, "the title")
	}
	ver.Confidence = d.text(root.get("confidence"), "the confidence")
	ver.WireVersion = d.decimal(root.get("wire-version"), "the wire version")
	ver.TooBig = d.code(root.get("too-big"), "the close code")
	ver.Recognise = d.recognise(root.get("recognise"))
	ver.Close = d.closeRules(root.get("close"))
	machines := root.get("machines")
	if machines == nil {
		return ver
	}
	words := make([]string, len(v.Machines))
	for i, m := range v.Machines {
		words[i] = m.Name
	}
	if d.mapping(machines, "machines", words...) {
		for _, name := range words {
			if i := machines.index(name); i >= 0 {
				ver.Machines = append(ver.Machines, d.machine(machines.pairs[i]))
			}
		}
	}
	return ver
}

var decimalNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})$`)

// decimal is a quoted number of up to four digits.
func (d *decoder) decimal(n *node, what string) string {
	text := d.text(n, what)
	if text != "" && !decimalNumber.MatchString(text) {
		d.Add(BadValue, n.pos, "", "%s is a decimal number from 0 to 9999, not %q", what, clip(text))
		return ""
	}
	return text
}

// code is a quoted close code; 0 for a missing node.
func (d *decoder) code(n *node, what string) int {
	number, err := strconv.Atoi(d.decimal(n, what))
	if err == nil && (number < firstCode || number > lastCode) {
		d.Add(BadValue, n.pos, "", "%s is from %d to %d", what, firstCode, lastCode)
		return 0
	}
	return number
}

func (d *decoder) recognise(n *node) *Recognise {
	if n == nil || !d.mapping(n, "recognise", "header", "value") {
		return nil
	}
	r := &Recognise{Header: d.text(n.get("header"), "the header"), Pos: n.pos, At: noted(n)}
	if value := n.get("value"); value != nil && value.kind == listNode {
		r.Values = d.list(value, "the values", r.At, "value")
	} else if value != nil {
		r.Values = []string{d.text(value, "the value")}
	}
	return r
}

func (d *decoder) closeRules(n *node) *Close {
	if n == nil || !d.mapping(n, "close", "body!", "own", "received", "sent") {
		return nil
	}
	c := &Close{
		Body:     d.text(n.get("body"), "the body"),
		Received: d.ranges(n.get("received")),
		Sent:     d.ranges(n.get("sent")),
		Pos:      n.pos,
		At:       noted(n),
	}
	c.Own = d.byRole(n.get("own"), "the own body", c.At, "own", d.text)
	return c
}

// ranges are close codes such as "1000-1003 1007".
func (d *decoder) ranges(n *node) []Range {
	if n == nil {
		return nil
	}
	d.text(n, "the codes")
	if n.kind != scalarNode {
		return nil
	}
	var list []Range
	for _, w := range n.words() {
		if len(list) == mostWords {
			d.Add(TooMany, w.pos, "", "more than %d ranges", mostWords)
			break
		}
		first, last, isRange := strings.Cut(w.text, "-")
		if !isRange {
			last = first
		}
		if !decimalNumber.MatchString(first) || !decimalNumber.MatchString(last) {
			d.Add(BadValue, w.pos, "", "%q is no close code and no range of them", clip(w.text))
			continue
		}
		r := Range{Pos: w.pos}
		r.First, _ = strconv.Atoi(first)
		r.Last, _ = strconv.Atoi(last)
		list = append(list, r)
	}
	return list
}

package spec

import (
	"slices"
	"strconv"
)

// machine decodes one machine of a flattened file.
func (d *decoder) machine(p pair) *Machine {
	n := p.value
	m := &Machine{Name: p.key.text, Pos: p.key.pos, From: p.key.pos.File, At: make(Places)}
	if !d.mapping(n, "a machine", "initial!", "limits", "classes", "heads", "when", "states!") {
		return m
	}
	m.Initial = d.byRole(n.get("initial"), "the initial state", m.At, "initial", d.text)
	m.Limits = d.list(n.get("limits"), "limits", m.At, "limits")
	for _, p := range d.pairs(n.get("classes"), "classes") {
		m.Classes = append(m.Classes, d.class(p))
	}
	for _, p := range d.pairs(n.get("heads"), "heads") {
		head := &Head{Name: p.key.text, Pos: p.key.pos}
		for i, line := range d.pairs(p.value, "a head") {
			if i == mostWords {
				d.Add(TooMany, line.key.pos, "", "more than %d lines of a head", mostWords)
				break
			}
			head.Lines = append(head.Lines, d.headLine(line))
		}
		m.Heads = append(m.Heads, head)
	}
	m.When = d.rules(n.get("when"))
	for _, p := range d.pairs(n.get("states"), "states") {
		m.States = append(m.States, d.state(p))
	}
	return m
}

// pairs are those of a mapping; none for a missing node.
func (d *decoder) pairs(n *node, what string) []pair {
	if !d.is(n, mappingNode, what) {
		return nil
	}
	return n.pairs
}

// class is one table for all roles, or one for each role.
func (d *decoder) class(p pair) *Class {
	c := &Class{Name: d.name(p.key, "the name of a class"), Pos: p.key.pos, Roles: make(map[string]*ClassTable)}
	entries := d.pairs(p.value, "a class")
	divided := slices.ContainsFunc(entries, func(e pair) bool { return e.key.text != "" && slices.Contains(d.roles, e.key.text) })
	if !divided {
		table := d.classTable(p.key.pos, entries)
		for _, r := range d.roles {
			c.Roles[r] = table
		}
		return c
	}
	d.mapping(p.value, "a class by role", d.roles...)
	d.allRoles(p.value, "the class")
	for _, e := range entries {
		c.Roles[e.key.text] = d.classTable(e.key.pos, d.pairs(e.value, "a class table"))
	}
	return c
}

// The keyword of a class table for what is left over, and the word for octets
// that the stage below cannot deliver.
const (
	Otherwise = "otherwise"
	Never     = "never"
)

func (d *decoder) classTable(pos Pos, entries []pair) *ClassTable {
	t := &ClassTable{Pos: pos, At: make(Places)}
	for _, e := range entries {
		text := d.text(e.value, "a class")
		if e.key.text == Otherwise {
			t.Otherwise = text
			t.At[Otherwise] = e.value.pos
			continue
		}
		entry := &ClassEntry{Event: e.key.text, Pos: e.key.pos}
		entry.Patterns = d.patterns(e.value)
		t.Entries = append(t.Entries, entry)
	}
	return t
}

// mostPatterns bounds an entry of a class: there are no more octets.
const mostPatterns = 256

func (d *decoder) patterns(n *node) []Pattern {
	var list []Pattern
	if n.kind != scalarNode {
		return nil
	}
	for _, w := range n.words() {
		if len(list) == mostPatterns {
			d.Add(TooMany, w.pos, "", "more than %d patterns", mostPatterns)
			break
		}
		pattern := Pattern{Text: w.text, Pos: w.pos}
		if _, err := pattern.Octets(); err != nil {
			d.Add(BadValue, w.pos, "", "%v", err)
		}
		list = append(list, pattern)
	}
	return list
}

// mostCount bounds the number of times that a header line may be there.
const mostCount = 255

func (d *decoder) headLine(p pair) *HeadLine {
	l := &HeadLine{Name: p.key.text, Pos: p.key.pos, Count: -1}
	n := p.value
	if !d.mapping(n, "a head line", "optional", "count", "form", "is", "one-of", "fold", "has", "at-least", "equals", "send", "from", "else") {
		return l
	}
	l.At = noted(n)
	l.Optional = d.flag(n.get("optional"), "optional")
	l.Count = d.integer(n.get("count"), "the count", 0, mostCount, -1)
	l.Form = d.text(n.get("form"), "the form")
	l.Is = d.text(n.get("is"), "the value")
	l.Fold = d.flag(n.get("fold"), "fold")
	l.OneOf = d.list(n.get("one-of"), "the values", l.At, "one-of")
	l.Has = d.text(n.get("has"), "the token")
	l.AtLeast = d.text(n.get("at-least"), "the version")
	l.Equals = d.text(n.get("equals"), "the value")
	l.Send = d.text(n.get("send"), "what is sent")
	l.From = d.text(n.get("from"), "what is sent")
	l.Else = d.text(n.get("else"), "the finding")
	return l
}

func (d *decoder) state(p pair) *State {
	s := &State{Name: p.key.text, Pos: p.key.pos}
	n := p.value
	if !d.mapping(n, "a state", "final", "read", "through", "input", "waits", "refuse", "ignore", "when") {
		return s
	}
	s.At = noted(n)
	s.Final = d.flag(n.get("final"), "final")
	s.Read = d.read(n.get("read"))
	s.Through = d.text(n.get("through"), "the field")
	s.Input = d.text(n.get("input"), "the input")
	s.Waits = d.byRole(n.get("waits"), "what is waited for", s.At, "waits", d.text)
	s.Refuse = d.list(n.get("refuse"), "refuse", s.At, "refuse")
	s.Ignore = d.list(n.get("ignore"), "ignore", s.At, "ignore")
	s.When = d.rules(n.get("when"))
	return s
}

// read has one key that is a kind of read, and perhaps the field where the
// octets go.
func (d *decoder) read(n *node) *Read {
	if n == nil || !d.is(n, mappingNode, "a read") {
		return nil
	}
	r := &Read{Pos: n.pos, At: make(Places)}
	for _, p := range n.pairs {
		switch {
		case p.key.text == "as":
			r.As = d.text(p.value, "the field")
			r.At["as"] = p.value.pos
		case r.Kind != "":
			d.Add(UnknownKey, p.key.pos, "", "a state has one read, but both %q and %q are there", clip(r.Kind), clip(p.key.text))
		default:
			r.Kind, r.Pos = p.key.text, p.key.pos
			r.At["kind"] = p.key.pos
			r.Argument = d.byRole(p.value, "the argument of the read", r.At, "argument", d.argument)
		}
	}
	if r.Kind == "" {
		d.Add(MissingKey, n.pos, "", "a read says what is read")
	}
	return r
}

// argument is a name or an unquoted number.
func (d *decoder) argument(n *node, what string) string {
	if n.kind == scalarNode && n.plain {
		if number, err := strconv.Atoi(n.text); err == nil && strconv.Itoa(number) == n.text {
			return n.text
		}
	}
	return d.text(n, what)
}

// rules are the rows of a state or of a machine.
func (d *decoder) rules(n *node) []*Rule {
	var list []*Rule
	for _, p := range d.pairs(n, "when") {
		r := &Rule{Event: p.key.text, Pos: p.key.pos, From: p.key.pos.File, Changed: p.changed}
		if d.mapping(p.value, "a row", "to!", "do", "fail", "cite", "confidence") {
			r.At = noted(p.value)
			r.To = d.text(p.value.get("to"), "the next state")
			r.Do = d.text(p.value.get("do"), "the action")
			r.Fail = d.text(p.value.get("fail"), "the failure")
			r.Cite = d.text(p.value.get("cite"), "the citation")
			r.Doubt = d.text(p.value.get("confidence"), "the confidence")
		}
		list = append(list, r)
	}
	return list
}

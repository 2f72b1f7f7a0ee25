package spec

import "slices"

// Format is the version of the format that Load reads.
const Format = "1"

// Most words of one list: states, events and other lists are numbered from 1
// in one octet, actions and failures share one. Roles multiply all tables.
const (
	mostWords   = 255
	mostActions = 127
	mostRoles   = 8
)

// vocabulary decodes the file of that name.
func (d *decoder) vocabulary(root *node, file string) *Vocabulary {
	v := &Vocabulary{Pos: Pos{File: file, Line: 1, Column: 1}}
	if !d.mapping(root, "the vocabulary", "vocabulary!", "roles", "faults", "reads", "fields", "limits", "codings",
		"closes", "inputs", "waits", "forms", "values", "failures", "machines!") {
		return v
	}
	v.Pos = root.pos
	v.Format = d.choice(root.get("vocabulary"), "the version of the format", Format)
	v.Roles = d.plainWords(root.get("roles"), "roles")
	if len(v.Roles) > mostRoles {
		d.Add(TooMany, v.Roles[mostRoles].Pos, "", "more than %d roles", mostRoles)
		v.Roles = v.Roles[:mostRoles]
	}
	v.Faults = d.plainWords(root.get("faults"), "faults")
	v.Inputs = d.plainWords(root.get("inputs"), "inputs")
	v.Waits = d.plainWords(root.get("waits"), "waits")
	v.Forms = d.plainWords(root.get("forms"), "forms")
	v.Values = d.plainWords(root.get("values"), "values")
	v.Fields = d.yielders(root.get("fields"), "fields", "sets")
	v.Limits = d.yielders(root.get("limits"), "limits", "uses", "counts", "since")
	v.Codings = d.yielders(root.get("codings"), "codings")
	v.Closes = d.yielders(root.get("closes"), "closes")
	d.words(root.get("reads"), "reads", mostWords, func(w Word, n *node) { v.Reads = append(v.Reads, d.readKind(w, n)) })
	d.words(root.get("failures"), "failures", mostActions, func(w Word, n *node) { v.Failures = append(v.Failures, d.failure(w, n)) })
	d.words(root.get("machines"), "machines", mostWords, func(w Word, n *node) { v.Machines = append(v.Machines, d.machineWords(w, n)) })
	return v
}

// words goes over a mapping from names to what is said about them.
func (d *decoder) words(n *node, what string, most int, each func(Word, *node)) {
	if !d.is(n, mappingNode, what) {
		return
	}
	for i, p := range n.pairs {
		if i == most {
			d.Add(TooMany, p.key.pos, "", "more than %d %s", most, what)
			return
		}
		each(Word{Name: d.name(p.key, "a word"), Number: i + 1, Pos: p.key.pos}, p.value)
	}
}

// plainWords are words of which only the meaning is said.
func (d *decoder) plainWords(n *node, what string) []Word {
	var list []Word
	d.words(n, what, mostWords, func(w Word, n *node) {
		w.Means = d.text(n, "the meaning")
		list = append(list, w)
	})
	return list
}

// yielders are words that add verdicts; more are keys that they may have besides.
func (d *decoder) yielders(n *node, what string, more ...string) []Yielder {
	var list []Yielder
	d.words(n, what, mostWords, func(w Word, n *node) {
		y := Yielder{At: make(Places)}
		if d.mapping(n, "a word of "+what, append([]string{"yields!", "means!"}, more...)...) {
			y.At = noted(n)
			w.Means = d.text(n.get("means"), "the meaning")
			y.Yields = d.list(n.get("yields"), "yields", y.At, "yields")
			y.Sets = d.text(n.get("sets"), "the field")
			y.Uses = d.list(n.get("uses"), "uses", y.At, "uses")
			y.Counts = d.text(n.get("counts"), "the action")
			y.Since = d.text(n.get("since"), "the action")
		}
		y.Word = w
		list = append(list, y)
	})
	return list
}

// What a read can take, and whether it eats octets.
const (
	TakesClass  = "class"
	TakesCount  = "count"
	TakesField  = "field"
	TakesLimit  = "limit"
	TakesHead   = "head"
	TakesCoding = "coding"

	EatsAlways = "always"
	EatsMaybe  = "maybe"
	EatsNever  = "never"
)

func (d *decoder) readKind(w Word, n *node) ReadKind {
	r := ReadKind{Word: w}
	if !d.mapping(n, "a kind of read", "takes!", "eats!", "yields!", "means!") {
		return r
	}
	r.At = noted(n)
	r.Means = d.text(n.get("means"), "the meaning")
	r.Takes = d.choice(n.get("takes"), "what a read takes", TakesClass, TakesCount, TakesField, TakesLimit, TakesHead, TakesCoding)
	r.Eats = d.choice(n.get("eats"), "whether a read eats octets", EatsAlways, EatsMaybe, EatsNever)
	r.Yields = d.list(n.get("yields"), "yields", r.At, "yields")
	return r
}

// Bounds of the numbers of a failure: codes that a close frame can carry
// (RFC 6455 §7.4.2) and statuses that refuse a request (RFC 9110 §15).
const (
	firstCode, lastCode     = 1000, 4999
	firstStatus, lastStatus = 400, 599
)

func (d *decoder) failure(w Word, n *node) Failure {
	f := Failure{Word: w}
	if !d.mapping(n, "a failure", "code", "status", "fault!", "cite!", "means!") {
		return f
	}
	f.At = noted(n)
	f.Means = d.text(n.get("means"), "the meaning")
	f.Code = d.integer(n.get("code"), "a close code", firstCode, lastCode, 0)
	f.Status = d.integer(n.get("status"), "a status", firstStatus, lastStatus, 0)
	f.Fault = d.text(n.get("fault"), "the fault")
	f.Cite = d.text(n.get("cite"), "the citation")
	return f
}

func (d *decoder) machineWords(w Word, n *node) MachineWords {
	m := MachineWords{Word: w}
	if !d.mapping(n, "the words of a machine", "means!", "states!", "events!", "actions") {
		return m
	}
	m.Means = d.text(n.get("means"), "the meaning")
	m.States = d.plainWords(n.get("states"), "states")
	m.Events = d.eventWords(n.get("events"))
	d.words(n.get("actions"), "actions", mostActions, func(w Word, n *node) {
		a := ActionWord{Word: w, At: make(Places)}
		if d.mapping(n, "an action", "means!", "spans", "uses", "when", "tells") {
			a.At = noted(n)
			a.Means = d.text(n.get("means"), "the meaning")
			a.Spans = d.flag(n.get("spans"), "spans")
			a.Uses = d.list(n.get("uses"), "uses", a.At, "uses")
			a.When = d.list(n.get("when"), "when", a.At, "when")
			a.Tells = d.text(n.get("tells"), "the event of the connection")
		}
		m.Actions = append(m.Actions, a)
	})
	return m
}

// eventWords are numbered through all kinds.
func (d *decoder) eventWords(n *node) []EventWord {
	if !d.mapping(n, "events", string(KindClass), string(KindCheck), string(KindWire), string(KindWorld), string(KindCommand)) {
		return nil
	}
	var list []EventWord
	for _, kind := range n.pairs {
		for _, w := range d.plainWords(kind.value, kind.key.text+" events") {
			if slices.ContainsFunc(list, func(e EventWord) bool { return e.Name == w.Name }) {
				d.Add(DuplicateWord, w.Pos, "", "the event %q is there twice", clip(w.Name))
			}
			w.Number = len(list) + 1
			if w.Number > mostWords {
				d.Add(TooMany, w.Pos, "", "more than %d events", mostWords)
				return list
			}
			list = append(list, EventWord{Word: w, Kind: EventKind(kind.key.text)})
		}
	}
	return list
}

package check

import (
	"slices"
	"strconv"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// list is a list of the vocabulary, or a list of one of its machines.
type list struct{ machine, name string }

// wordsOf are the names in a list of the vocabulary.
func (c *checker) wordsOf(l list) []string {
	v := c.v
	if l.machine != "" {
		m := v.Machine(l.machine)
		switch {
		case m == nil:
			return nil
		case l.name == "states":
			return names(m.States, func(w spec.Word) string { return w.Name })
		case l.name == "events":
			return names(m.Events, func(w spec.EventWord) string { return w.Name })
		}
		return names(m.Actions, func(w spec.ActionWord) string { return w.Name })
	}
	plain := func(w spec.Word) string { return w.Name }
	yielder := func(y spec.Yielder) string { return y.Name }
	switch l.name {
	case "faults":
		return names(v.Faults, plain)
	case "reads":
		return names(v.Reads, func(r spec.ReadKind) string { return r.Name })
	case "fields":
		return names(v.Fields, yielder)
	case "limits":
		return names(v.Limits, yielder)
	case "codings":
		return names(v.Codings, yielder)
	case "closes":
		return names(v.Closes, yielder)
	case "inputs":
		return names(v.Inputs, plain)
	case "waits":
		return names(v.Waits, plain)
	case "forms":
		return names(v.Forms, plain)
	case "values":
		return names(v.Values, plain)
	}
	return names(v.Failures, func(f spec.Failure) string { return f.Name })
}

func names[W any](list []W, name func(W) string) []string {
	texts := make([]string, len(list))
	for i, w := range list {
		texts[i] = name(w)
	}
	return texts
}

// known checks that a name is in a list, "" too, and notes its use.
func (c *checker) known(l list, what, name string, pos spec.Pos) bool {
	if name == "" {
		return true
	}
	words := c.wordsOf(l)
	if slices.Contains(words, name) {
		if c.used[l] == nil {
			c.used[l] = make(map[string]bool)
		}
		c.used[l][name] = true
		return true
	}
	if other := c.elsewhere(l, name); other != "" {
		c.Add(WrongMachine, pos, spec.Suggest(name, words), "%q is no %s of the machine %s, but of %s", name, what, l.machine, other)
		return false
	}
	c.Add(UnknownName, pos, spec.Suggest(name, words), "unknown %s %q", what, name)
	return false
}

// elsewhere is another machine that has a word in the list of the same name.
func (c *checker) elsewhere(l list, name string) string {
	for _, m := range c.v.Machines {
		if l.machine != "" && m.Name != l.machine && slices.Contains(c.wordsOf(list{m.Name, l.name}), name) {
			return m.Name
		}
	}
	return ""
}

// here is a list of the machine's own words.
func (m *machine) here(name string) list { return list{m.Name, name} }

func (m *machine) event(name string, pos spec.Pos) bool {
	return m.known(m.here("events"), "event", name, pos)
}

// kindOf is the kind of an event; "" if it is unknown.
func (m *machine) kindOf(event string) spec.EventKind {
	for _, e := range m.words.Events {
		if e.Name == event {
			return e.Kind
		}
	}
	return ""
}

// stateName checks the name of a state that a row or a role leads to: it must
// also stand in this version.
func (m *machine) stateName(name string, pos spec.Pos) bool {
	if m.State(name) != nil || name == "" {
		return true
	}
	own := names(m.States, func(s *spec.State) string { return s.Name })
	if slices.Contains(m.wordsOf(m.here("states")), name) {
		m.Add(UnknownName, pos, spec.Suggest(name, own), "the machine %s of this version has no state %q", m.Name, name)
		return false
	}
	m.Add(UnknownName, pos, spec.Suggest(name, own), "unknown state %q", name)
	return false
}

// names checks every name that the machine uses and reports whether all are
// known.
func (m *machine) names() bool {
	ok := true
	for _, role := range m.roles {
		pos := m.At.Of("initial."+role, m.At.Of("initial", m.Pos))
		ok = m.stateName(m.Initial[role], pos) && ok
	}
	for _, l := range m.Limits {
		ok = m.known(list{"", "limits"}, "limit", l, m.At["limits."+l]) && ok
	}
	for _, class := range m.Classes {
		ok = m.classNames(class) && ok
	}
	for _, head := range m.Heads {
		for _, l := range head.Lines {
			ok = m.lineNames(l) && ok
		}
	}
	for _, r := range m.When {
		ok = m.rowNames(r) && ok
	}
	for _, s := range m.States {
		ok = m.stateNames(s) && ok
	}
	return ok
}

func (m *machine) classNames(class *spec.Class) bool {
	ok := true
	for _, role := range m.roles {
		table := class.Roles[role]
		if table == nil {
			continue
		}
		for i := -1; i < len(table.Entries); i++ {
			event, pos := table.Event(i), table.At.Of(spec.Otherwise, table.Pos)
			if i >= 0 {
				pos = table.Entries[i].Pos
			}
			if i < 0 && event == spec.Never {
				continue
			}
			ok = m.event(event, pos) && m.ofKind(event, pos, spec.KindClass, "a class table yields") && ok
		}
	}
	return ok
}

// ofKind checks the kind of an event.
func (m *machine) ofKind(event string, pos spec.Pos, kind spec.EventKind, whose string) bool {
	if is := m.kindOf(event); event != "" && is != kind {
		m.Add(WrongKind, pos, "", "%q is a %s event; %s %s events", event, is, whose, kind)
		return false
	}
	return true
}

func (m *machine) lineNames(l *spec.HeadLine) bool {
	ok := m.known(list{"", "forms"}, "form", l.Form, l.At["form"])
	ok = m.known(list{"", "values"}, "value", l.Equals, l.At["equals"]) && ok
	ok = m.known(list{"", "values"}, "value", l.From, l.At["from"]) && ok
	return m.event(l.Else, l.At["else"]) && m.ofKind(l.Else, l.At["else"], spec.KindCheck, "a head line yields") && ok
}

func (m *machine) rowNames(r *spec.Rule) bool {
	ok := m.event(r.Event, r.Pos)
	ok = m.stateName(r.To, r.At.Of("to", r.Pos)) && ok
	ok = m.known(m.here("actions"), "action", r.Do, r.At.Of("do", r.Pos)) && ok
	return m.known(list{"", "failures"}, "failure", r.Fail, r.At.Of("fail", r.Pos)) && ok
}

func (m *machine) stateNames(s *spec.State) bool {
	ok := m.known(m.here("states"), "state", s.Name, s.Pos)
	ok = m.known(list{"", "fields"}, "field", s.Through, s.At["through"]) && ok
	ok = m.known(list{"", "inputs"}, "input", s.Input, s.At["input"]) && ok
	for _, role := range m.roles {
		ok = m.known(list{"", "waits"}, "wait", s.Waits[role], s.At.Of("waits."+role, s.At["waits"])) && ok
	}
	for _, e := range s.Refuse {
		ok = m.event(e, s.At["refuse."+e]) && ok
	}
	for _, e := range s.Ignore {
		ok = m.event(e, s.At["ignore."+e]) && ok
	}
	for _, r := range s.When {
		ok = m.rowNames(r) && ok
	}
	return m.readNames(s.Read) && ok
}

// readNames checks the kind of a read, its field and its argument in each role.
func (m *machine) readNames(r *spec.Read) bool {
	if r == nil {
		return true
	}
	ok := m.known(list{"", "fields"}, "field", r.As, r.At["as"])
	if !m.known(list{"", "reads"}, "kind of read", r.Kind, r.At.Of("kind", r.Pos)) {
		return false
	}
	for _, role := range m.roles {
		pos := r.At.Of("argument."+role, r.At.Of("argument", r.Pos))
		ok = m.argument(m.takes(r), r.Argument[role], pos) && ok
	}
	return ok
}

// takes is what the kind of a read takes.
func (m *machine) takes(r *spec.Read) string {
	return m.kindOfRead(r).Takes
}

func (m *machine) kindOfRead(r *spec.Read) spec.ReadKind {
	if r != nil {
		for _, kind := range m.v.Reads {
			if kind.Name == r.Kind {
				return kind
			}
		}
	}
	return spec.ReadKind{}
}

// mostOctets bounds a read of a fixed number of octets.
const mostOctets = 255

func (m *machine) argument(takes, name string, pos spec.Pos) bool {
	switch takes {
	case spec.TakesClass:
		return m.own("class", name, names(m.Classes, func(c *spec.Class) string { return c.Name }), pos)
	case spec.TakesHead:
		return m.own("head", name, names(m.Heads, func(h *spec.Head) string { return h.Name }), pos)
	case spec.TakesField:
		return m.known(list{"", "fields"}, "field", name, pos)
	case spec.TakesLimit:
		return m.known(list{"", "limits"}, "limit", name, pos)
	case spec.TakesCoding:
		return m.known(list{"", "codings"}, "coding", name, pos)
	}
	if count, err := strconv.Atoi(name); err != nil || count < 0 || count > mostOctets {
		m.Add(WrongArgument, pos, "", "%q is no number of octets from 0 to %d", name, mostOctets)
		return false
	}
	return true
}

// own checks the name of a class or head of the machine itself.
func (m *machine) own(what, name string, all []string, pos spec.Pos) bool {
	if slices.Contains(all, name) {
		return true
	}
	m.Add(UnknownName, pos, spec.Suggest(name, all), "the machine %s has no %s %q", m.Name, what, name)
	return false
}

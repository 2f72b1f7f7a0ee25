package check

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// unusedWords finds words of the vocabulary that no version uses. Faults and
// roles are words of the library, too.
func (c *checker) unusedWords() {
	plain := func(w spec.Word) spec.Word { return w }
	yielder := func(y spec.Yielder) spec.Word { return y.Word }
	for _, m := range c.v.Machines {
		unused(c, list{m.Name, "states"}, "state", m.States, plain)
		unused(c, list{m.Name, "events"}, "event", m.Events, func(e spec.EventWord) spec.Word { return e.Word })
		unused(c, list{m.Name, "actions"}, "action", m.Actions, func(a spec.ActionWord) spec.Word { return a.Word })
	}
	unused(c, list{"", "failures"}, "failure", c.v.Failures, func(f spec.Failure) spec.Word { return f.Word })
	unused(c, list{"", "reads"}, "kind of read", c.v.Reads, func(r spec.ReadKind) spec.Word { return r.Word })
	unused(c, list{"", "fields"}, "field", c.v.Fields, yielder)
	unused(c, list{"", "limits"}, "limit", c.v.Limits, yielder)
	unused(c, list{"", "codings"}, "coding", c.v.Codings, yielder)
	unused(c, list{"", "closes"}, "shape of a close body", c.v.Closes, yielder)
	unused(c, list{"", "inputs"}, "input", c.v.Inputs, plain)
	unused(c, list{"", "waits"}, "wait", c.v.Waits, plain)
	unused(c, list{"", "forms"}, "form", c.v.Forms, plain)
	unused(c, list{"", "values"}, "value", c.v.Values, plain)
}

func unused[W any](c *checker, l list, what string, words []W, word func(W) spec.Word) {
	for _, w := range words {
		if w := word(w); !c.used[l][w.Name] {
			c.Add(UnusedWord, w.Pos, "", "no version uses the %s %q", what, w.Name)
		}
	}
}

// vocabulary checks the words by themselves and reports whether all is well.
func (c *checker) vocabulary() (ok bool) {
	before := c.Added()
	for _, r := range c.v.Reads {
		c.verdicts(r.Yields, r.At, r.Pos)
		c.reserved(r.Word, "as")
	}
	for _, words := range [][]spec.Yielder{c.v.Fields, c.v.Limits, c.v.Codings, c.v.Closes} {
		for _, y := range words {
			c.verdicts(y.Yields, y.At, y.Pos)
		}
	}
	for _, l := range c.v.Limits {
		c.counted(l)
	}
	for _, f := range c.v.Fields {
		if f.Sets != "" {
			c.known(list{"", "fields"}, "field", f.Sets, f.At.Of("sets", f.Pos))
		}
	}
	for _, m := range c.v.Machines {
		for _, a := range m.Actions {
			for _, field := range a.Uses {
				c.known(list{"", "fields"}, "field", field, a.At.Of("uses."+field, a.Pos))
			}
			for _, event := range a.When {
				c.named("event", event, c.wordsOf(list{m.Name, "events"}), a.At.Of("when."+event, a.Pos))
			}
			if a.Tells != "" {
				c.named("fact of the connection", a.Tells, c.facts(), a.At.Of("tells", a.Pos))
			}
		}
	}
	for _, f := range c.v.Failures {
		c.known(list{"", "faults"}, "fault", f.Fault, f.At.Of("fault", f.Pos))
	}
	for _, m := range c.v.Machines {
		for _, e := range m.Events {
			c.reserved(e.Word, spec.Otherwise, spec.Never)
			if e.Kind == spec.KindClass {
				c.reserved(e.Word, c.roles...)
			}
		}
	}
	return c.Added() == before
}

// verdicts checks that what a read can yield is an event of some machine.
func (c *checker) verdicts(yields []string, at spec.Places, pos spec.Pos) {
	all := c.ofAnyMachine("events")
	for _, e := range yields {
		c.named("event", e, all, at.Of("yields."+e, pos))
	}
}

// counted checks what a limit says about how it counts.
func (c *checker) counted(l spec.Yielder) {
	for _, field := range l.Uses {
		c.known(list{"", "fields"}, "field", field, l.At.Of("uses."+field, l.Pos))
	}
	all := c.ofAnyMachine("actions")
	for key, action := range map[string]string{"counts": l.Counts, "since": l.Since} {
		if action != "" && c.named("action", action, all, l.At.Of(key, l.Pos)) && (key == "since") != (len(l.Yields) == 1) {
			c.Add(WrongArgument, l.At.Of(key, l.Pos), "", "a limit that is asked says what it counts, one that is watched since when")
		}
	}
}

// facts are what the connection machine can be told by others.
func (c *checker) facts() (all []string) {
	if m := c.v.Machine(spec.MachineConnection); m != nil {
		for _, e := range m.Events {
			if e.Kind == spec.KindWire {
				all = append(all, e.Name)
			}
		}
	}
	return all
}

// ofAnyMachine are the words in a list of all machines.
func (c *checker) ofAnyMachine(name string) (all []string) {
	for _, m := range c.v.Machines {
		all = append(all, c.wordsOf(list{m.Name, name})...)
	}
	return all
}

// named checks that a name is among words, and does not count as a use of it.
func (c *checker) named(what, name string, words []string, pos spec.Pos) bool {
	if slices.Contains(words, name) {
		return true
	}
	c.Add(UnknownName, pos, spec.Suggest(name, words), "unknown %s %q", what, name)
	return false
}

// reserved refuses words that mean something else where they would stand.
func (c *checker) reserved(w spec.Word, taken ...string) {
	if slices.Contains(taken, w.Name) {
		c.Add(ReservedWord, w.Pos, "", "%q means something else where this word would stand", w.Name)
	}
}

package spec

import (
	"fmt"
	"slices"
)

// Meeting is an event that a state can meet, and why: a clause that goes on
// after "the event".
type Meeting struct{ Event, Why string }

// question is one call of Meets.
type question struct {
	v    *Vocabulary
	ver  *Version
	m    *Machine
	s    *State
	role string
	list []Meeting
}

// Meets returns the events that a state of a machine can meet in a role, each
// once: what its read can yield, the limits that the machine watches at each
// octet, commands, and facts from outside and from other machines. A final
// state meets nothing any more, unless its machine knows the world outside:
// such a machine lives on. Names that are unknown yield nothing.
func Meets(v *Vocabulary, ver *Version, m *Machine, s *State, role string) []Meeting {
	q := &question{v: v, ver: ver, m: m, s: s, role: role}
	if s.Read != nil && !s.Final {
		q.read(q.kind())
	}
	words := v.Machine(m.Name)
	if words == nil {
		return q.list
	}
	alive := !s.Final || slices.ContainsFunc(words.Events, func(e EventWord) bool { return e.Kind == KindWorld })
	for _, e := range words.Events {
		switch {
		case e.Kind == KindCommand && alive:
			q.add(e.Name, "is a command")
		case e.Kind == KindWorld && alive:
			q.add(e.Name, "can come at any time")
		case e.Kind == KindWire && !s.Final && q.wired(e.Name):
			q.add(e.Name, "comes from another machine")
		}
	}
	return q.list
}

func (q *question) add(event, why string) {
	if event == "" || event == Never || slices.ContainsFunc(q.list, func(m Meeting) bool { return m.Event == event }) {
		return
	}
	q.list = append(q.list, Meeting{Event: event, Why: why})
}

func (q *question) addAll(events []string, why string) {
	for _, e := range events {
		q.add(e, why)
	}
}

// kind is the kind of the state's read; its zero value if it is unknown.
func (q *question) kind() ReadKind {
	for _, r := range q.v.Reads {
		if r.Name == q.s.Read.Kind {
			return r
		}
	}
	return ReadKind{}
}

// read adds what the read of the state can yield.
func (q *question) read(kind ReadKind) {
	read := q.s.Read
	argument := read.Argument[q.role]
	q.addAll(kind.Yields, fmt.Sprintf("a read of kind %s can yield", kind.Name))
	switch kind.Takes {
	case TakesClass:
		q.class(argument, kind.Name == ReadBody)
	case TakesLimit:
		q.addAll(yieldsOf(q.v.Limits, argument), fmt.Sprintf("the limit %s can yield", argument))
	case TakesCoding:
		q.addAll(yieldsOf(q.v.Codings, argument), fmt.Sprintf("the coding %s can yield", argument))
	case TakesHead:
		if head := q.m.Head(argument); head != nil {
			for _, l := range head.Lines {
				q.add(l.Else, fmt.Sprintf("the line %s of the head %s can yield", l.Name, argument))
			}
		}
	}
	q.addAll(yieldsOf(q.v.Fields, read.As), fmt.Sprintf("the field %s can yield", read.As))
	if kind.Eats != EatsNever && kind.Name != "" {
		for _, l := range q.m.Limits {
			q.addAll(yieldsOf(q.v.Limits, l), fmt.Sprintf("the limit %s can yield", l))
		}
	}
}

// class adds the events of a class table. The event close of a body stands for
// the verdicts about its shape.
func (q *question) class(name string, body bool) {
	class := q.m.Class(name)
	if class == nil || class.Roles[q.role] == nil {
		return
	}
	table := class.Roles[q.role]
	why := fmt.Sprintf("the class %s can yield", name)
	for i := -1; i < len(table.Entries); i++ {
		event := table.Event(i)
		if body && event == EventClose && q.ver.Close != nil {
			q.addAll(yieldsOf(q.v.Closes, q.ver.Close.Body), fmt.Sprintf("a close body of shape %s can yield", q.ver.Close.Body))
			continue
		}
		q.add(event, why)
	}
}

func yieldsOf(list []Yielder, name string) []string {
	for _, y := range list {
		if y.Name == name {
			return y.Yields
		}
	}
	return nil
}

package spec

import (
	"fmt"
	"slices"
)

// Meeting is an event that a state can meet, and why: a clause that goes on
// after "the event".
type Meeting struct{ Event, Why string }

// Meetings knows the events that the states of a machine can meet, as long as
// neither the machine nor its version is changed.
type Meetings struct {
	v      *Vocabulary
	ver    *Version
	m      *Machine
	states map[string]*State
	passed map[string]map[*State]bool // by role, and by what a limit counts from
}

// NewMeetings returns the meetings of a machine of a version.
func NewMeetings(v *Vocabulary, ver *Version, m *Machine) *Meetings {
	x := &Meetings{v: v, ver: ver, m: m, states: map[string]*State{}, passed: map[string]map[*State]bool{}}
	for _, s := range m.States {
		x.states[s.Name] = s
	}
	return x
}

// question is one call of Of.
type question struct {
	*Meetings
	s    *State
	role string
	list []Meeting
}

// Of returns the events that a state of the machine can meet in a role, each
// once: what its read can yield, the limits that the machine watches at each
// octet and that can be passed there, commands, and facts from outside and from
// other machines. A final state meets nothing any more, unless its machine knows
// the world outside: such a machine lives on. Names that are unknown yield
// nothing.
func (x *Meetings) Of(s *State, role string) []Meeting {
	q := &question{Meetings: x, s: s, role: role}
	if !s.Final {
		q.read(x.kind(s))
	}
	words := x.v.Machine(x.m.Name)
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

// kind is the kind of a state's read; its zero value if there is none, or an
// unknown one.
func (x *Meetings) kind(s *State) ReadKind {
	if s.Read != nil {
		for _, r := range x.v.Reads {
			if r.Name == s.Read.Kind {
				return r
			}
		}
	}
	return ReadKind{}
}

// read adds what the read of the state can yield.
func (q *question) read(kind ReadKind) {
	read := q.s.Read
	if read == nil {
		return
	}
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
	if kind.eats() {
		q.limits()
	}
}

// limits adds the verdicts of the limits that can be passed in the state.
func (q *question) limits() {
	for _, l := range q.v.Limits {
		if slices.Contains(q.m.Limits, l.Name) && q.passable(l, q.role)[q.s] {
			q.addAll(l.Yields, fmt.Sprintf("the limit %s can yield", l.Name))
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

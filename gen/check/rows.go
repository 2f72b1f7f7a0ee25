package check

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// rows checks rows and states one by one. It reports whether the reads are
// right.
func (m *machine) rows() (ok bool) {
	ok = true
	for _, l := range m.Limits {
		ok = m.limit(l, m.At.Of("limits."+l, m.Pos), false) && ok
	}
	for _, r := range m.When {
		m.row(r)
	}
	for _, s := range m.States {
		for _, r := range s.When {
			m.row(r)
		}
		if s.Final {
			m.final(s)
		}
		ok = m.read(s) && ok
		m.lists(s)
		m.once(s)
	}
	return ok
}

// row checks the action of a row: at most one, for an event that it can answer,
// and failures end a machine.
func (m *machine) row(r *spec.Rule) {
	for _, a := range m.words.Actions {
		if a.Name == r.Do && len(a.When) > 0 && !slices.Contains(a.When, r.Event) {
			m.Add(OtherEvent, r.At.Of("do", r.Pos), "", "%q answers %s, not %q", r.Do, quoted(a.When), r.Event)
		}
	}
	if r.Fail == "" {
		return
	}
	if r.Do != "" {
		m.Add(DoAndFail, r.At.Of("fail", r.Pos), "", "a row has one action: it either does or fails")
	}
	if to := m.State(r.To); to != nil && !to.Final {
		m.Add(FailNotFinal, r.At.Of("to", r.Pos), "", "a failure leads to a final state; %q is none", r.To)
	}
}

// final checks that a state in which a machine ends does nothing.
func (m *machine) final(s *spec.State) {
	for _, r := range s.When {
		m.Add(RowInFinal, r.Pos, "", "the final state %q answers nothing", s.Name)
	}
	if s.Read != nil {
		m.Add(ReadInFinal, s.Read.Pos, "", "the final state %q reads nothing", s.Name)
	}
	if s.Waits != nil {
		m.Add(ReadInFinal, s.At.Of("waits", s.Pos), "", "the final state %q waits for nothing", s.Name)
	}
}

// read checks that what is read is stored where it must be.
func (m *machine) read(s *spec.State) (ok bool) {
	r, before := s.Read, m.Added()
	switch {
	case r == nil && s.Through != "":
		m.Add(WrongArgument, s.At.Of("through", s.Pos), "", "%q reads no octets that could pass through a field", s.Name)
	case r == nil:
	case r.As != "" && r.Kind != spec.ReadOctet && r.Kind != spec.ReadOctets:
		m.Add(WrongArgument, r.At.Of("as", r.Pos), "", "a read of kind %s stores nothing", r.Kind)
	case r.As == "" && r.Kind == spec.ReadOctets:
		m.Add(WrongArgument, r.Pos, "", "a read of kind %s says as which field it stores them", r.Kind)
	}
	if m.takes(r) == spec.TakesLimit {
		for _, role := range m.roles {
			m.limit(r.Argument[role], r.At.Of("argument."+role, r.At.Of("argument", r.Pos)), true)
		}
	}
	return m.Added() == before
}

// limit checks that a limit which is asked has an answer for either case, and
// one that is watched only the verdict that it is passed.
func (m *machine) limit(name string, pos spec.Pos, asked bool) (ok bool) {
	for _, l := range m.v.Limits {
		switch {
		case l.Name != name || asked == (len(l.Yields) > 1):
		case asked:
			m.Add(WrongArgument, pos, "list it under limits", "the limit %q is watched at each octet; it cannot be asked", name)
			return false
		default:
			m.Add(WrongArgument, pos, "read it with a check", "the limit %q is asked; it cannot be watched at each octet", name)
			return false
		}
	}
	return true
}

// lists checks which events a state refuses and ignores.
func (m *machine) lists(s *spec.State) {
	for _, e := range s.Refuse {
		if kind := m.kindOf(e); kind != spec.KindCommand {
			m.Add(RefusesOther, s.At.Of("refuse."+e, s.Pos), "", "only commands can be refused; %q is a %s event", e, kind)
		}
	}
	for _, e := range s.Ignore {
		pos := s.At.Of("ignore."+e, s.Pos)
		if kind := m.kindOf(e); kind != spec.KindWorld {
			m.Add(IgnoresOther, pos, "", "only world events can be ignored; %q is a %s event", e, kind)
		} else if !s.Final {
			m.Add(IgnoresOther, pos, "", "%q is not final: it answers %q", s.Name, e)
		}
	}
}

// once refuses a second answer to an event.
func (m *machine) once(s *spec.State) {
	for _, r := range s.When {
		switch {
		case slices.ContainsFunc(m.When, func(all *spec.Rule) bool { return all.Event == r.Event }):
			m.Add(AnsweredTwice, r.Pos, "", "the machine answers %q in every state that can meet it", r.Event)
		case slices.Contains(s.Refuse, r.Event), slices.Contains(s.Ignore, r.Event):
			m.Add(AnsweredTwice, r.Pos, "", "%q both answers %q and refuses or ignores it", s.Name, r.Event)
		}
	}
	for _, e := range s.Refuse {
		if slices.ContainsFunc(m.When, func(all *spec.Rule) bool { return all.Event == e }) {
			m.Add(AnsweredTwice, s.At.Of("refuse."+e, s.Pos), "", "the machine answers %q in every state that can meet it", e)
		}
	}
}

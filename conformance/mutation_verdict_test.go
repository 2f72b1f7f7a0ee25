package conformance

import (
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm/gen/check"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// refused reports whether the checks of gen refuse the version with the mutant.
func (s *specified) refused(v *suite, at Cell, to lower.Cell) bool {
	m := spelledOut(s.set.Vocabulary, v)
	state := m.State(stateName(at.Machine, at.State))
	event := eventName(at.Machine, at.Event)
	i := slices.IndexFunc(state.When, func(r *spec.Rule) bool { return r.Event == event })
	rule := &spec.Rule{Event: event, Pos: state.Pos}
	if i >= 0 {
		was := *state.When[i]
		rule = &was
		state.When = slices.Delete(state.When, i, i+1)
	}
	state.Refuse = slices.DeleteFunc(slices.Clone(state.Refuse), func(e string) bool { return e == event })
	if to.To != 0 {
		rule.To, rule.Do, rule.Fail = stateName(at.Machine, to.To), s.actionWord(m, to.Do), s.failureWord(to.Do)
		state.When = append(state.When, rule)
	}
	return s.refuses(v, m)
}

// refuses reports whether the checks refuse a version with another machine.
func (s *specified) refuses(v *suite, m *spec.Machine) bool {
	changed := *v.Spec
	changed.Machines = slices.Clone(v.Spec.Machines)
	changed.Machines[slices.Index(changed.Machines, v.spec)] = m
	set := *s.set
	set.Versions, set.Partial = []*spec.Version{&changed}, true
	return check.Check(&set) != nil
}

// spelledOut returns a copy of a machine in which each state has the rows of the
// machine as its own.
func spelledOut(words *spec.Vocabulary, v *suite) *spec.Machine {
	m := *v.spec
	m.When, m.States = nil, nil
	meetings := spec.NewMeetings(words, v.Spec, v.spec)
	for _, s := range v.spec.States {
		state := *s
		state.When = slices.Clone(s.When)
		met := map[string]bool{}
		for _, role := range words.Roles {
			for _, one := range meetings.Of(s, role.Name) {
				met[one.Event] = true
			}
		}
		for _, r := range v.spec.When {
			if met[r.Event] {
				state.When = append(state.When, r)
			}
		}
		m.States = append(m.States, &state)
	}
	return &m
}

func (s *specified) actionWord(m *spec.Machine, do uint8) string {
	if do == 0 || do >= lower.FailBase {
		return ""
	}
	return s.set.Vocabulary.Machine(m.Name).Actions[do-1].Name
}

func (s *specified) failureWord(do uint8) string {
	if do < lower.FailBase {
		return ""
	}
	return s.set.Vocabulary.Failures[do-lower.FailBase-1].Name
}

// TestRefused: what nothing was changed in is not refused, and a failure that
// leads on is.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := specifiedOf(t)
	for _, table := range s.tables() {
		for _, v := range table.versions {
			if s.refuses(v, spelledOut(s.set.Vocabulary, v)) {
				t.Errorf("%s %s is refused as it is", v.protocol.Name, v.spec.Name)
			}
			at := v.cells[0]
			if !s.refused(v, at, lower.Cell{}) {
				t.Errorf("%s: %v: a row left out is not refused", v.protocol.Name, at)
			}
		}
	}
}

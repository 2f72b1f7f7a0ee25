package conformance

import (
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/states"
)

// told says which event of the connection an action of another machine brings
// about, by machine and action; 0 for none.
type told [states.MachineCount + 1][256]uint8

// toldBy reads off the vocabulary what it says.
func toldBy(v *spec.Vocabulary) (t told) {
	for _, words := range v.Machines {
		m := machineNamed(words.Name)
		tells := func(do uint8, r *spec.Rule) {
			t[m][do] = eventNumber(states.MachineConnection, v.Tells(&spec.Machine{Name: words.Name}, r))
		}
		for i, a := range words.Actions {
			tells(uint8(i+1), &spec.Rule{Do: a.Name})
		}
		for i, f := range v.Failures {
			tells(lower.FailBase+uint8(i+1), &spec.Rule{Fail: f.Name})
		}
	}
	return t
}

// TestTold: in every case the connection is told what the vocabulary says, at once
// and nothing else, and each word that tells something comes in one.
func TestTold(t *testing.T) {
	t.Parallel()
	s := specifiedOf(t)
	seen := told{}
	for _, c := range cases(t) {
		before := wsfsm.Transition{}
		follows := func(at wsfsm.Transition) {
			fact := s.told[before.Machine][before.Action]
			if fact != 0 && (at.Machine != states.MachineConnection || at.Event != fact) {
				t.Errorf("%s: %v is followed by %v", c.ID, before, at)
			}
			seen[before.Machine][before.Action] = fact
			before = at
		}
		if err := Run(c, Config{Observer: follows}); err != nil {
			t.Error(err)
		}
		follows(wsfsm.Transition{})
	}
	for _, m := range s.set.Vocabulary.Machines {
		for i, a := range m.Actions {
			if number := machineNamed(m.Name); s.told[number][i+1] != seen[number][i+1] {
				t.Errorf("in no case %s does %s", m.Name, a.Name)
			}
		}
	}
}

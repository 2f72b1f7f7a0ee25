package emit

import (
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

type jsonState struct {
	Name   string            `json:"name"`
	Number int               `json:"number"`
	Means  string            `json:"means"`
	Final  bool              `json:"final,omitempty"`
	Read   *jsonRead         `json:"read,omitempty"`
	Input  string            `json:"input,omitempty"`
	Waits  map[string]string `json:"waits,omitempty"` // by role
}

type jsonRead struct {
	Kind     string         `json:"kind"`
	Argument map[string]any `json:"argument"` // by role
	As       string         `json:"as,omitempty"`
	Through  string         `json:"through,omitempty"`
}

type jsonEvent struct {
	Name   string         `json:"name"`
	Number int            `json:"number"`
	Kind   spec.EventKind `json:"kind"`
	Means  string         `json:"means"`
}

type jsonAction struct {
	Name   string `json:"name"`
	Number int    `json:"number"`
	Spans  bool   `json:"spans,omitempty"`
	Means  string `json:"means"`
}

// usage says which numbers of states, events and actions occur in a machine.
type usage struct{ states, events, actions [256]bool }

// use finds what the rows, initial states and classes name.
func (d view) use() *usage {
	u := new(usage)
	for _, s := range d.machine.Initial {
		u.states[s] = true
	}
	for s, row := range d.machine.Rows {
		for e, c := range row {
			if c.To != 0 {
				u.states[s], u.states[c.To], u.events[e], u.actions[c.Do] = true, true, true, true
			}
		}
	}
	for _, c := range d.machine.Classes {
		for _, tables := range c.Tables {
			for i := range tables {
				for _, e := range tables[i] {
					u.events[e] = true
				}
			}
		}
	}
	return u
}

func (d view) jsonStates(u *usage) []jsonState {
	var list []jsonState
	for _, w := range d.words.States {
		if !u.states[w.Number] {
			continue
		}
		s := jsonState{
			Name: w.Name, Number: w.Number, Means: w.Means, Final: at(d.machine.Final, w.Number),
			Input: wordOf(d.Vocabulary.Inputs, plainWord, at(d.machine.Inputs, w.Number)),
		}
		if r := at(d.machine.Reads, w.Number); r.Kind != 0 {
			s.Read = d.jsonRead(r)
		}
		for role, wait := range at(d.machine.Waits, w.Number) {
			if wait != 0 {
				if s.Waits == nil {
					s.Waits = make(map[string]string)
				}
				s.Waits[at(d.Vocabulary.Roles, role).Name] = wordOf(d.Vocabulary.Waits, plainWord, wait)
			}
		}
		list = append(list, s)
	}
	return list
}

func (d view) jsonRead(r lower.Read) *jsonRead {
	kind := at(d.Vocabulary.Reads, int(r.Kind)-1)
	read := &jsonRead{
		Kind: kind.Name, Argument: make(map[string]any),
		As:      wordOf(d.Vocabulary.Fields, yielderWord, r.Field),
		Through: wordOf(d.Vocabulary.Fields, yielderWord, r.Through),
	}
	for role, a := range r.Args {
		read.Argument[at(d.Vocabulary.Roles, role).Name] = jsonNumber(kind.Takes, argumentName(d.Vocabulary, d.machine, kind.Takes, a))
	}
	return read
}

func (d view) jsonEvents(u *usage) []jsonEvent {
	var list []jsonEvent
	for _, w := range d.words.Events {
		if u.events[w.Number] {
			list = append(list, jsonEvent{w.Name, w.Number, w.Kind, w.Means})
		}
	}
	return list
}

func (d view) jsonActions(u *usage) []jsonAction {
	list := []jsonAction{}
	for _, w := range d.words.Actions {
		if u.actions[w.Number] {
			list = append(list, jsonAction{w.Name, w.Number, w.Spans, w.Means})
		}
	}
	return list
}

// rule is the rule that a row comes from: the state's own or the machine's.
func (d view) rule(state, event string) *spec.Rule {
	rules := d.spec.When
	if s := d.spec.State(state); s != nil {
		rules = append(s.When[:len(s.When):len(s.When)], rules...)
	}
	for _, r := range rules {
		if r.Event == event {
			return r
		}
	}
	return nil
}

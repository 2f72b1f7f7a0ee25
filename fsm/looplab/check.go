package looplab

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// checker gathers what is wrong with a definition.
type checker struct {
	*Definition
	states, events, actions map[string]bool // those that transitions name
	problems                []error
}

// check returns everything wrong with a definition, in time linear in its size.
func check(d *Definition) []error {
	c := &checker{Definition: d, states: map[string]bool{}, events: map[string]bool{}, actions: map[string]bool{}}
	states, events := c.declared("state", d.States), c.declared("event", d.Events)
	c.transitions(states, events)
	c.initial(states)
	c.callbacks()
	c.actionCallbacks()
	return c.problems
}

func (c *checker) problem(format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf(format, args...))
}

// declared is the set of a list of names; nil, which allows any, if it is empty.
func (c *checker) declared(what string, names []string) map[string]bool {
	if len(names) == 0 {
		return nil
	}
	set := map[string]bool{}
	for i, name := range names {
		switch {
		case name == "":
			c.problem("%s %d has no name", what, i)
		case set[name]:
			c.problem("%s %q is declared twice", what, name)
		}
		set[name] = true
	}
	return set
}

func (c *checker) transitions(states, events map[string]bool) {
	type cell struct{ state, event string }
	first := map[cell]int{}
	for i, t := range c.Transitions {
		c.name(i, "state", t.From, states)
		c.name(i, "event", t.Event, events)
		c.name(i, "state", t.To, states)
		if j, again := first[cell{t.From, t.Event}]; again {
			c.problem("transition %d: state %q already answers event %q, in transition %d", i, t.From, t.Event, j)
		} else {
			first[cell{t.From, t.Event}] = i
		}
		c.states[t.From], c.states[t.To], c.events[t.Event] = true, true, true
		if t.Action != "" {
			c.actions[t.Action] = true
		}
	}
}

func (c *checker) name(i int, what, name string, declared map[string]bool) {
	if name == "" {
		c.problem("transition %d: %s without name", i, what)
	} else if declared != nil && !declared[name] {
		c.problem("transition %d: %s %q is not declared", i, what, name)
	}
}

func (c *checker) initial(declared map[string]bool) {
	switch {
	case c.Initial == "":
		c.problem("there is no initial state")
	case declared != nil && !declared[c.Initial]:
		c.problem("the initial state %q is not declared", c.Initial)
	case declared == nil && !c.states[c.Initial]:
		c.problem("no transition names the initial state %q", c.Initial)
	}
}

// target is what looplab makes of a callback's key: a moment, and the state or
// event, empty for all.
type target struct{ moment, name string }

func (c *checker) callbacks() {
	taken := map[target]string{}
	for _, key := range slices.Sorted(maps.Keys(c.Callbacks)) {
		if c.Callbacks[key] == nil {
			c.problem("callback %q is nil", key)
		}
		where, ok := c.target(key)
		if !ok {
			continue
		}
		if other, again := taken[where]; again {
			c.problem("callbacks %q and %q mean the same", other, key)
		}
		taken[where] = key
	}
}

// target reads a key in looplab's way; false if it has no single meaning.
func (c *checker) target(key string) (target, bool) {
	moment, name, ok := strings.Cut(key, "_")
	switch {
	case ok && (moment == "before" || moment == "after"):
		return c.prefixed(key, moment, name, "event", c.events)
	case ok && (moment == "leave" || moment == "enter"):
		return c.prefixed(key, moment, name, "state", c.states)
	}
	switch {
	case c.states[key] && c.events[key]:
		c.problem("callback %q: a state and an event have this name", key)
		return target{}, false
	case c.states[key]:
		return target{"enter", key}, true
	case c.events[key]:
		return target{"after", key}, true
	}
	c.problem("callback %q: no transition uses a state or event of this name", key)
	return target{}, false
}

// prefixed reads a key with a moment in front; the name all stands for all.
func (c *checker) prefixed(key, moment, name, all string, known map[string]bool) (target, bool) {
	switch {
	case name == all && known[name]:
		c.problem("callback %q means every %s, and one has this name", key, all)
		return target{}, false
	case name == all:
		return target{moment, ""}, true
	case known[name]:
		return target{moment, name}, true
	}
	c.problem("callback %q: no transition uses %s %q", key, all, name)
	return target{}, false
}

func (c *checker) actionCallbacks() {
	if c.Actions == nil {
		return
	}
	for _, action := range missing(c.actions, c.Actions) {
		c.problem("action %q has no callback", action)
	}
	for _, action := range missing(c.Actions, c.actions) {
		c.problem("no transition has the action %q of a callback", action)
	}
	for _, action := range slices.Sorted(maps.Keys(c.Actions)) {
		if c.Actions[action] == nil {
			c.problem("the callback of action %q is nil", action)
		}
	}
}

// missing lists the keys of one map that another lacks.
func missing[V, W any](of map[string]V, in map[string]W) []string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(of)) {
		if _, ok := in[key]; !ok {
			keys = append(keys, key)
		}
	}
	return keys
}

package looplab_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	lfsm "github.com/looplab/fsm"

	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/fsm/looplab"
)

func ignore(context.Context, *lfsm.Event) {}

// door is a valid definition.
func door() looplab.Definition {
	return looplab.Definition{
		Initial: "closed",
		Transitions: []looplab.Transition{
			{From: "closed", Event: "open", To: "opened", Action: "creak"},
			{From: "opened", Event: "close", To: "closed", Action: "slam"},
			{From: "opened", Event: "open", To: "opened"},
		},
		States:    []string{"closed", "opened"},
		Events:    []string{"open", "close"},
		Callbacks: lfsm.Callbacks{"before_open": ignore, "leave_closed": ignore, "enter_state": ignore, "opened": ignore, "close": ignore, "after_event": ignore},
		Actions:   lfsm.Callbacks{"creak": ignore, "slam": ignore},
	}
}

func TestNewRefusesBadDefinitions(t *testing.T) {
	callback := func(key string) func(d *looplab.Definition) {
		return func(d *looplab.Definition) { d.Callbacks[key] = ignore }
	}
	add := func(tr looplab.Transition) func(d *looplab.Definition) {
		return func(d *looplab.Definition) { d.Transitions = append(d.Transitions, tr) }
	}
	for name, c := range map[string]struct {
		spoil func(d *looplab.Definition)
		want  string // all problems, one per line
	}{
		"no initial state":         {func(d *looplab.Definition) { d.Initial = "" }, "there is no initial state"},
		"initial undeclared":       {func(d *looplab.Definition) { d.Initial = "ajar" }, `the initial state "ajar" is not declared`},
		"initial unused":           {func(d *looplab.Definition) { d.Initial, d.States = "ajar", nil }, `no transition names the initial state "ajar"`},
		"nothing at all":           {func(d *looplab.Definition) { *d = looplab.Definition{} }, "there is no initial state"},
		"from unnamed":             {add(looplab.Transition{Event: "open", To: "opened"}), "transition 3: state without name"},
		"event unnamed":            {add(looplab.Transition{From: "closed", To: "opened"}), "transition 3: event without name"},
		"to unnamed":               {add(looplab.Transition{From: "closed", Event: "close"}), "transition 3: state without name"},
		"from undeclared":          {add(looplab.Transition{From: "Closed", Event: "close", To: "closed"}), `transition 3: state "Closed" is not declared`},
		"event undeclared":         {add(looplab.Transition{From: "closed", Event: "clsoe", To: "closed"}), `transition 3: event "clsoe" is not declared`},
		"to undeclared":            {add(looplab.Transition{From: "closed", Event: "close", To: "colsed"}), `transition 3: state "colsed" is not declared`},
		"repeated":                 {add(looplab.Transition{From: "opened", Event: "close", To: "closed", Action: "slam"}), `transition 3: state "opened" already answers event "close", in transition 1`},
		"contradicted":             {add(looplab.Transition{From: "closed", Event: "open", To: "closed"}), `transition 3: state "closed" already answers event "open", in transition 0`},
		"state declared twice":     {func(d *looplab.Definition) { d.States = append(d.States, "closed") }, `state "closed" is declared twice`},
		"event declared unnamed":   {func(d *looplab.Definition) { d.Events = append(d.Events, "") }, "event 2 has no name"},
		"callback before unknown":  {callback("before_opne"), `callback "before_opne": no transition uses event "opne"`},
		"callback after state":     {callback("after_closed"), `callback "after_closed": no transition uses event "closed"`},
		"callback leave unknown":   {callback("leave_open"), `callback "leave_open": no transition uses state "open"`},
		"callback enter unknown":   {callback("enter_event"), `callback "enter_event": no transition uses state "event"`},
		"callback of nothing":      {callback("before_"), `callback "before_": no transition uses event ""`},
		"callback without key":     {callback(""), `callback "": no transition uses a state or event of this name`},
		"callback of unused name":  {func(d *looplab.Definition) { d.States = append(d.States, "ajar"); d.Callbacks["enter_ajar"] = ignore }, `callback "enter_ajar": no transition uses state "ajar"`},
		"callback misspelt prefix": {callback("entre_closed"), `callback "entre_closed": no transition uses a state or event of this name`},
		"callback twice, state":    {callback("enter_opened"), `callbacks "enter_opened" and "opened" mean the same`},
		"callback twice, event":    {callback("after_close"), `callbacks "after_close" and "close" mean the same`},
		"callback nil":             {func(d *looplab.Definition) { d.Callbacks["opened"] = nil }, `callback "opened" is nil`},
		"callback of both": {func(d *looplab.Definition) {
			d.States, d.Events = nil, nil
			d.Transitions = append(d.Transitions, looplab.Transition{From: "closed", Event: "closed", To: "closed"})
			d.Callbacks["closed"] = ignore
		}, `callback "closed": a state and an event have this name`},
		"callback of all or one": {func(d *looplab.Definition) {
			d.Events = append(d.Events, "event")
			d.Transitions = append(d.Transitions, looplab.Transition{From: "closed", Event: "event", To: "closed"})
		}, `callback "after_event" means every event, and one has this name`},
		"action without callback": {func(d *looplab.Definition) { delete(d.Actions, "slam") }, `action "slam" has no callback`},
		"callback without action": {func(d *looplab.Definition) { d.Actions["slma"] = ignore }, `no transition has the action "slma" of a callback`},
		"action callback nil":     {func(d *looplab.Definition) { d.Actions["slam"] = nil }, `the callback of action "slam" is nil`},
		"several": {func(d *looplab.Definition) { d.Initial = ""; d.Events = nil; d.Actions = lfsm.Callbacks{} },
			"there is no initial state\n" + `action "creak" has no callback` + "\n" + `action "slam" has no callback`},
	} {
		t.Run(name, func(t *testing.T) {
			d := door()
			c.spoil(&d)
			m, err := looplab.New(d)
			if m != nil || !errors.Is(err, looplab.ErrInvalid) {
				t.Fatalf("%v, %v", m, err)
			}
			if want := "looplab: invalid definition:\n" + c.want; err.Error() != want {
				t.Errorf("got  %s\nwant %s", err, want)
			}
		})
	}
}

func TestNewAccepts(t *testing.T) {
	for name, change := range map[string]func(d *looplab.Definition){
		"as it is":                func(*looplab.Definition) {},
		"without lists":           func(d *looplab.Definition) { d.States, d.Events = nil, nil },
		"without callbacks":       func(d *looplab.Definition) { d.Callbacks, d.Actions = nil, nil },
		"an unused initial state": func(d *looplab.Definition) { d.States = append(d.States, "ajar"); d.Initial = "ajar" },
	} {
		t.Run(name, func(t *testing.T) {
			d := door()
			change(&d)
			m, err := looplab.New(d)
			if err != nil {
				t.Fatal(err)
			}
			if m.Current() != d.Initial {
				t.Errorf("in %s, want %s", m.Current(), d.Initial)
			}
		})
	}
}

// The reason for the checks: looplab itself takes all of this without a word.
func TestLooplabItselfDoesNotCheck(t *testing.T) {
	called := false
	m := lfsm.NewFSM("nowhere", lfsm.Events{
		{Name: "open", Src: []string{"closed"}, Dst: "opened"},
		{Name: "open", Src: []string{"closed"}, Dst: "ajar"},
	}, lfsm.Callbacks{"before_opne": func(context.Context, *lfsm.Event) { called = true }})
	m.SetState("closed")
	if err := m.Event(context.Background(), "open"); err != nil || m.Current() != "ajar" || called {
		t.Errorf("%v, in %s, called %v", err, m.Current(), called)
	}
}

func TestDefineRefusesNamesUsedTwice(t *testing.T) {
	build := func(names fsm.Names) *fsm.Graph {
		g, err := fsm.NewGraph(8, 8, []fsm.Transition{{From: 1, Event: 2, To: 3, Action: 4}, {From: 3, Event: 5, To: 6, Action: 7}})
		if err != nil {
			t.Fatal(err)
		}
		g.Names = names
		return g
	}
	same := func(uint8) string { return "x" }
	shifted := func(n uint8) string { // 3 is called 6, and 6 has no name
		if n == 3 {
			return "6"
		}
		return ""
	}
	for _, c := range []struct {
		names fsm.Names
		want  string
	}{
		{fsm.Names{State: same}, `states 1 and 3 are both named "x"` + "\n" + `states 1 and 6 are both named "x"`},
		{fsm.Names{Event: same}, `events 2 and 5 are both named "x"`},
		{fsm.Names{Action: same}, `actions 4 and 7 are both named "x"`},
		{fsm.Names{State: shifted}, `states 3 and 6 are both named "6"`},
	} {
		_, err := looplab.Define(build(c.names), 1)
		if !errors.Is(err, looplab.ErrInvalid) || !strings.HasSuffix(err.Error(), ":\n"+c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if _, err := looplab.Define(build(fsm.Names{}), 1); err != nil {
		t.Error(err)
	}
}

// A machine whose initial state nobody leaves refuses everything.
func TestDefineStateWithoutTransitions(t *testing.T) {
	d, err := looplab.Define(fsm.GraphOf(&phone), 0)
	if err != nil {
		t.Fatal(err)
	}
	m, err := looplab.New(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := looplab.Fire(context.Background(), m, "lift"); !errors.Is(err, fsm.ErrRefused) || m.Current() != "none" {
		t.Errorf("%v, in %s", err, m.Current())
	}
}

// Transitions can be read from JSON as they are.
func TestTransitionsFromJSON(t *testing.T) {
	const text = `[{"from": "closed", "event": "open", "to": "opened", "action": "creak"},
		{"from": "opened", "event": "close", "to": "closed"}]`
	d := looplab.Definition{Initial: "closed"}
	if err := json.Unmarshal([]byte(text), &d.Transitions); err != nil {
		t.Fatal(err)
	}
	m, err := looplab.New(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []string{"open", "close"} {
		if err := looplab.Fire(context.Background(), m, event); err != nil {
			t.Error(err)
		}
	}
	if m.Current() != "closed" || d.Transitions[0].Action != "creak" {
		t.Errorf("in %s, %v", m.Current(), d.Transitions)
	}
}

package looplab_test

import (
	"context"
	"errors"
	"fmt"

	lfsm "github.com/looplab/fsm"

	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/fsm/looplab"
)

// A turnstile from a plain list, with a callback of looplab's and the actions.
func ExampleNew() {
	say := func(text string) lfsm.Callback {
		return func(context.Context, *lfsm.Event) { fmt.Println(text) }
	}
	m, err := looplab.New(looplab.Definition{
		Initial: "locked",
		Transitions: []looplab.Transition{
			{From: "locked", Event: "coin", To: "unlocked", Action: "unlock"},
			{From: "unlocked", Event: "push", To: "locked", Action: "lock"},
			{From: "unlocked", Event: "coin", To: "unlocked", Action: "thank"},
		},
		Callbacks: lfsm.Callbacks{"enter_unlocked": say("entered unlocked")},
		Actions:   lfsm.Callbacks{"unlock": say("click"), "lock": say("clack"), "thank": say("thank you")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, event := range []string{"coin", "coin", "push", "push"} {
		err := looplab.Fire(context.Background(), m, event)
		fmt.Println(event, m.Current(), errors.Is(err, fsm.ErrRefused))
	}
	// Output:
	// entered unlocked
	// click
	// coin unlocked false
	// thank you
	// coin unlocked false
	// clack
	// push locked false
	// push locked true
}

// A looplab machine from a table.
func ExampleDefine() {
	d, err := looplab.Define(fsm.GraphOf(&phone), uint8(onHook))
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := looplab.New(d)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, event := range []string{"ring", "lift", "hang-up"} {
		if err := looplab.Fire(context.Background(), m, event); err != nil {
			fmt.Println(err)
		}
		fmt.Println(event, m.Current())
	}
	// Output:
	// ring rung
	// lift talking
	// hang-up on-hook
}

// Names that mean nothing are found before anything runs.
func ExampleNew_errors() {
	ring := func(context.Context, *lfsm.Event) {}
	_, err := looplab.New(looplab.Definition{
		Initial:     "locked",
		States:      []string{"locked", "unlocked"},
		Transitions: []looplab.Transition{{From: "locked", Event: "coin", To: "unlokced"}},
		Callbacks:   lfsm.Callbacks{"before_push": ring},
	})
	fmt.Println(err)
	// Output:
	// looplab: invalid definition:
	// transition 0: state "unlokced" is not declared
	// callback "before_push": no transition uses event "push"
}

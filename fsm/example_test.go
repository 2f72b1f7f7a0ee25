package fsm_test

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/wsfsm/wsfsm/fsm"
)

// State is a state of the turnstile. Zero is left free: it is no state.
type State uint8

const (
	Locked State = iota + 1
	Unlocked
	Broken
)

func (s State) String() string {
	return [...]string{"none", "locked", "unlocked", "broken"}[s]
}

// Event is what can happen to the turnstile.
type Event uint8

const (
	Coin Event = iota
	Push
	Kick
	Repair
)

func (e Event) String() string { return [...]string{"coin", "push", "kick", "repair"}[e] }

// Action is what the turnstile has its owner do.
type Action uint8

const (
	Nothing Action = iota
	Unlock
	Lock
	Thank
	Alarm
)

func (a Action) String() string {
	return [...]string{"nothing", "unlock", "lock", "thank", "alarm"}[a]
}

// turnstile is the machine: in each state, for each event, where to and what to
// do. A broken turnstile takes no coins and nobody can pass.
var turnstile = fsm.Small[State, Event, Action]{Rows: fsm.SmallRows[State, Action]{
	Locked: {
		Coin: {To: Unlocked, Do: Unlock},
		Push: {To: Locked, Do: Alarm},
		Kick: {To: Broken, Do: Alarm},
	},
	Unlocked: {
		Coin: {To: Unlocked, Do: Thank},
		Push: {To: Locked, Do: Lock},
		Kick: {To: Broken, Do: Alarm},
	},
	Broken: {
		Repair: {To: Locked, Do: Lock},
	},
}}

// Define the machine as a table (above), start it, and fire events.
func Example() {
	m := turnstile.Start(Locked)
	for _, e := range []Event{Push, Coin, Coin, Push} {
		do, ok := m.Fire(e)
		fmt.Println(e, ok, do, m.State)
	}
	// Output:
	// push true alarm locked
	// coin true unlock unlocked
	// coin true thank unlocked
	// push true lock locked
}

// A refusal changes nothing, and Try says what was refused.
func ExampleMachine_Try() {
	m := turnstile.Start(Broken)
	_, err := m.Try(Coin)
	fmt.Println(err)
	fmt.Println(errors.Is(err, fsm.ErrRefused), m.State)

	do, err := m.Try(Repair)
	fmt.Println(do, err, m.State)
	// Output:
	// fsm: state broken (3) refuses event coin (0)
	// true broken
	// lock <nil> locked
}

// The smallest use: the table and one byte of state, no Machine.
func ExampleTable_Fire() {
	var visitor struct {
		name string
		gate State
	}
	visitor.name, visitor.gate = "Ada", Locked
	do, ok := turnstile.Fire(&visitor.gate, Coin)
	fmt.Println(visitor.name, do, ok, visitor.gate)
	// Output:
	// Ada unlock true unlocked
}

// An example of two protocols that use one table. Each brings what turns its
// input into events, and what its actions do; neither copies the machine.
func Example_sharing() {
	station := struct {
		events map[byte]Event
		hands  map[Action]string
	}{
		events: map[byte]Event{'t': Coin, '>': Push},
		hands:  map[Action]string{Unlock: "green light", Lock: "red light", Alarm: "buzzer"},
	}
	museum := struct {
		events map[string]Event
		hands  map[Action]string
	}{
		events: map[string]Event{"ticket": Coin, "enter": Push, "vandal": Kick},
		hands:  map[Action]string{Unlock: "say welcome", Lock: "count visitor", Alarm: "call guard"},
	}

	platform := turnstile.Start(Locked)
	for _, octet := range []byte(">t>") {
		do, _ := platform.Fire(station.events[octet])
		fmt.Println("station:", station.hands[do])
	}
	entrance := turnstile.Start(Locked)
	for _, word := range []string{"ticket", "enter", "vandal"} {
		do, _ := entrance.Fire(museum.events[word])
		fmt.Println("museum:", museum.hands[do])
	}
	fmt.Println(platform.State, entrance.State, platform.Table == entrance.Table)
	// Output:
	// station: buzzer
	// station: green light
	// station: red light
	// museum: say welcome
	// museum: count visitor
	// museum: call guard
	// locked broken true
}

// Examine a machine: without a repair, broken is a trap.
func ExampleGraph() {
	g := fsm.GraphOf(&turnstile)
	for _, t := range g.Transitions() {
		fmt.Println(g.StateName(t.From), g.EventName(t.Event), g.StateName(t.To), g.ActionName(t.Action))
	}

	forgotten := turnstile
	forgotten.Rows[Broken][Repair] = fsm.Cell[State, Action]{}
	initial, final := []uint8{uint8(Locked)}, []uint8{uint8(Locked)}
	for _, s := range g.Traps(initial, final) {
		fmt.Println("trap:", g.StateName(s))
	}
	for _, s := range fsm.GraphOf(&forgotten).Traps(initial, final) {
		fmt.Println("trap without repair:", g.StateName(s))
	}
	// Output:
	// locked coin unlocked unlock
	// locked push locked alarm
	// locked kick broken alarm
	// unlocked coin unlocked thank
	// unlocked push locked lock
	// unlocked kick broken alarm
	// broken repair locked lock
	// trap without repair: broken
}

// How does one get there?
func ExampleGraph_PathThrough() {
	g := fsm.GraphOf(&turnstile)
	path, ok := g.PathThrough(uint8(Broken), uint8(Unlocked), uint8(Coin))
	fmt.Println(events(path), ok)
	// Output:
	// [repair coin coin] true
}

// Test every transition of a driver with few walks.
func ExampleGraph_Cover() {
	for _, walk := range fsm.GraphOf(&turnstile).Cover(uint8(Locked)) {
		fmt.Println(events(walk))
	}
	// Output:
	// [coin coin push push kick repair coin kick]
}

func ExampleGraph_Walk() {
	g := fsm.GraphOf(&turnstile)
	walk := g.Walk(rand.New(rand.NewPCG(1, 2)), uint8(Locked), 100)
	m := turnstile.Start(Locked)
	for _, e := range walk {
		if _, ok := m.Fire(Event(e)); !ok {
			fmt.Println("refused")
		}
	}
	fmt.Println(len(walk))
	// Output:
	// 100
}

// A turnstile that thanks only silently is told apart by its second coin.
func ExampleEquivalent() {
	silent := turnstile
	silent.Rows[Unlocked][Coin].Do = Nothing
	g, h := fsm.GraphOf(&turnstile), fsm.GraphOf(&silent)

	witness, same := fsm.Equivalent(g, uint8(Locked), h, uint8(Locked))
	fmt.Println(same, events(witness))
	for _, d := range fsm.Differences(g, h) {
		fmt.Println(g.StateName(d.State), g.EventName(d.Event), g.ActionName(d.A.Do), h.ActionName(d.B.Do))
	}
	// Output:
	// false [coin coin]
	// unlocked coin thank nothing
}

func events(walk []uint8) []Event {
	list := make([]Event, len(walk))
	for i, e := range walk {
		list[i] = Event(e)
	}
	return list
}

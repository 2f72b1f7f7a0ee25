package fsm_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/fsm"
)

func TestNewGraphRefusesBadLists(t *testing.T) {
	good := []fsm.Transition{{From: 0, Event: 0, To: 1}, {From: 1, Event: 2, To: 3, Action: 255}}
	for _, c := range []struct {
		states, events int
		add            fsm.Transition
		want           string
	}{
		{-1, 3, fsm.Transition{}, "fsm: a graph of -1 states and 3 events: each must be 0 to 256"},
		{4, -1, fsm.Transition{}, "fsm: a graph of 4 states and -1 events: each must be 0 to 256"},
		{257, 3, fsm.Transition{}, "fsm: a graph of 257 states and 3 events: each must be 0 to 256"},
		{4, 257, fsm.Transition{}, "fsm: a graph of 4 states and 257 events: each must be 0 to 256"},
		{4, 3, fsm.Transition{From: 4, To: 1}, "fsm: transition 2 (4 --0--> 1 / 0): the state it leaves lies outside the graph"},
		{4, 3, fsm.Transition{From: 1, To: 4}, "fsm: transition 2 (1 --0--> 4 / 0): the state it leads to lies outside the graph"},
		{4, 3, fsm.Transition{From: 1, Event: 3, To: 1}, "fsm: transition 2 (1 --3--> 1 / 0): the event lies outside the graph"},
		{4, 3, fsm.Transition{From: 1, Event: 1, Action: 7}, "fsm: transition 2 (1 --1--> 0 / 7): no transition leads to state 0"},
		{4, 3, fsm.Transition{From: 1, Event: 2, To: 2}, "fsm: transition 2 (1 --2--> 2 / 0): the state already answers the event"},
	} {
		g, err := fsm.NewGraph(c.states, c.events, append(slices.Clone(good), c.add))
		if g != nil || err == nil || err.Error() != c.want {
			t.Errorf("got  %v, %v\nwant %s", g, err, c.want)
		}
	}
}

func TestNewGraph(t *testing.T) {
	want := []fsm.Transition{{From: 0, Event: 0, To: 1}, {From: 1, Event: 2, To: 3, Action: 255}, {From: 255, Event: 255, To: 255, Action: 1}}
	given := slices.Clone(want)
	slices.Reverse(given)
	g, err := fsm.NewGraph(256, 256, given)
	if err != nil {
		t.Fatal(err)
	}
	given[0] = fsm.Transition{} // the graph has its own copy
	if got := g.Transitions(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	empty, err := fsm.NewGraph(0, 0, nil)
	if err != nil || empty.States() != 0 || empty.Events() != 0 || len(empty.Transitions()) != 0 {
		t.Errorf("%v, %v", empty, err)
	}
}

func TestNames(t *testing.T) {
	g := fsm.GraphOf(&turnstile)
	unnamed, err := fsm.NewGraph(16, 16, g.Transitions())
	if err != nil {
		t.Fatal(err)
	}
	named := *unnamed
	named.Names = fsm.Names{State: func(n uint8) string { return strings.Repeat("s", int(n)) }}
	for _, c := range []struct{ got, want string }{
		{g.StateName(uint8(Unlocked)), "unlocked"},
		{g.EventName(uint8(Kick)), "kick"},
		{g.ActionName(uint8(Alarm)), "alarm"},
		{g.StateName(200), "200"}, // where the String method panics
		{g.EventName(4), "4"},
		{g.ActionName(255), "255"},
		{unnamed.StateName(2), "2"},
		{unnamed.EventName(0), "0"},
		{unnamed.ActionName(3), "3"},
		{named.StateName(2), "ss"},
		{named.StateName(0), "0"}, // an empty name is none
		{named.EventName(2), "2"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// A cell may lead to a state that has no row: a dead end, and nothing breaks.
func TestStateOutsideTheTable(t *testing.T) {
	table := turnstile
	table.Rows[Locked][Repair] = cell{To: 200, Do: Thank}
	g := fsm.GraphOf(&table)
	initial, final := []uint8{1}, []uint8{1}
	for _, c := range []struct {
		what      string
		got, want []uint8
	}{
		{"reachable", g.Reachable(1), []uint8{1, 2, 3, 200}},
		{"reachable from outside", g.Reachable(255), []uint8{255}},
		{"traps", g.Traps(initial, final), []uint8{200}},
		{"dead ends", g.DeadEnds(initial, final), []uint8{200}},
		{"dead ends, one final", g.DeadEnds(initial, []uint8{200}), nil},
		{"walk", g.Walk(rand.New(rand.NewPCG(1, 1)), 200, 5), nil},
		{"cover, joined", slices.Concat(g.Cover(200)...), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %v, want %v", c.what, c.got, c.want)
		}
	}
	if path, ok := g.Path(2, 200); !ok || !slices.Equal(path, []uint8{uint8(Push), uint8(Repair)}) {
		t.Errorf("path %v, %v", path, ok)
	}
	if walks := g.Cover(1); len(walks) != 1 || walks[0][len(walks[0])-1] != uint8(Repair) {
		t.Errorf("walks %v: want one, and repair at its end", walks)
	}
	if witness, ok := fsm.Equivalent(g, 1, g, 200); ok || len(witness) != 1 {
		t.Errorf("a state outside the table is equivalent to one that answers: %v, %v", witness, ok)
	}
	if witness, ok := fsm.Equivalent(g, 200, g, 0); !ok {
		t.Errorf("two states that answer nothing differ in %v", witness)
	}
}

// What one table answers beyond the size of the other is a difference.
func TestTablesOfDifferentSize(t *testing.T) {
	list := fsm.GraphOf(&turnstile).Transitions()
	build := func(states, events int, more ...fsm.Transition) *fsm.Graph {
		g, err := fsm.NewGraph(states, events, append(slices.Clone(list), more...))
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	small := build(4, 4)
	if large := build(256, 256); len(fsm.Differences(small, large)) != 0 || len(fsm.Differences(large, small)) != 0 {
		t.Error("the size alone makes a difference")
	} else if witness, ok := fsm.Equivalent(small, 1, large, 1); !ok {
		t.Errorf("the size alone shows in %v", witness)
	}
	row := fsm.Transition{From: 9, Event: 1, To: 2, Action: 3}
	event := fsm.Transition{From: 2, Event: 200, To: 2, Action: 4}
	large := build(10, 201, event, row)
	want := []fsm.Difference{
		{State: 2, Event: 200, B: fsm.Cell[uint8, uint8]{To: 2, Do: 4}},
		{State: 9, Event: 1, B: fsm.Cell[uint8, uint8]{To: 2, Do: 3}},
	}
	if got := fsm.Differences(small, large); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for i := range want {
		want[i].A, want[i].B = want[i].B, want[i].A
	}
	if got := fsm.Differences(large, small); !slices.Equal(got, want) {
		t.Errorf("the other way round: got %v, want %v", got, want)
	}
	shows := []uint8{uint8(Coin), 200}
	if witness, ok := fsm.Equivalent(small, 1, large, 1); ok || !slices.Equal(witness, shows) {
		t.Errorf("witness %v, %v; want %v", witness, ok, shows)
	}
	if witness, ok := fsm.Equivalent(large, 1, small, 1); ok || !slices.Equal(witness, shows) {
		t.Errorf("the other way round: witness %v, %v; want %v", witness, ok, shows)
	}
}

func TestGraphsOfNothing(t *testing.T) {
	var zero fsm.Graph
	var none *fsm.Medium[State, Event, Action]
	nilTable := fsm.GraphOf(none)
	if nilTable.States() != 32 || nilTable.Events() != 64 || len(nilTable.Transitions()) != 0 {
		t.Errorf("nil table: %d states, %d events, %v", nilTable.States(), nilTable.Events(), nilTable.Transitions())
	}
	for _, g := range []*fsm.Graph{&zero, nilTable} {
		if got := g.Reachable(7, 3, 7); !slices.Equal(got, []uint8{3, 7}) {
			t.Errorf("reachable: %v", got)
		}
		if got := g.DeadEnds([]uint8{7, 3}, []uint8{7}); !slices.Equal(got, []uint8{3}) {
			t.Errorf("dead ends: %v", got)
		}
		if path, ok := g.Path(1, 2); ok || path != nil {
			t.Errorf("path: %v, %v", path, ok)
		}
		if path, ok := g.Path(2, 2); !ok || len(path) != 0 {
			t.Errorf("path to itself: %v, %v", path, ok)
		}
		if walks := g.Cover(0); len(walks) != 0 {
			t.Errorf("cover: %v", walks)
		}
		if witness, ok := fsm.Equivalent(g, 1, &zero, 200); !ok {
			t.Errorf("differ in %v", witness)
		}
	}
}

// Each answered event is drawn about as often as each other.
func TestWalkIsEven(t *testing.T) {
	const draws = 100_000
	list := []fsm.Transition{{From: 1, Event: 0, To: 1}, {From: 1, Event: 2, To: 1}, {From: 1, Event: 5, To: 1}, {From: 1, Event: 7, To: 1}}
	g, err := fsm.NewGraph(2, 8, list)
	if err != nil {
		t.Fatal(err)
	}
	var drawn [8]int
	for _, e := range g.Walk(rand.New(rand.NewPCG(5, 6)), 1, draws) {
		drawn[e]++
	}
	for _, tr := range list {
		if n := drawn[tr.Event]; n < draws/4*97/100 || n > draws/4*103/100 {
			t.Errorf("event %d drawn %d times of %d", tr.Event, n, draws)
		}
	}
}

package fsm_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm/fsm"
)

// scatter fills about one cell in three, with next states anywhere from 0 to
// 255, and returns what a look-up must then find.
func scatter[S, E, A ~uint8, R fsm.Row[S, A], T fsm.Rows[S, A, R]](t *fsm.Table[S, E, A, R, T], r *rand.Rand) map[[2]int]fsm.Cell[S, A] {
	want := map[[2]int]fsm.Cell[S, A]{}
	for s := range len(t.Rows) {
		for e := range len(t.Rows[0]) {
			if r.IntN(3) == 0 {
				c := fsm.Cell[S, A]{To: S(r.UintN(256)), Do: A(r.UintN(256))}
				t.Rows[s][e] = c
				want[[2]int{s, e}] = c
			}
		}
	}
	return want
}

// checkEveryAnswer fires all 256 events in all 256 states, inside the table and
// outside it, on the table, on a machine, and looks at the graph.
func checkEveryAnswer[S, E, A ~uint8, R fsm.Row[S, A], T fsm.Rows[S, A, R]](t *testing.T, table *fsm.Table[S, E, A, R, T], want map[[2]int]fsm.Cell[S, A]) {
	t.Helper()
	g := fsm.GraphOf(table)
	if g.States() != len(table.Rows) || g.Events() != len(table.Rows[0]) {
		t.Errorf("graph of %d x %d for a table of %d x %d", g.States(), g.Events(), len(table.Rows), len(table.Rows[0]))
	}
	for s := range 256 {
		for e := range 256 {
			c := want[[2]int{s, e}]
			if got := table.At(S(s), E(e)); got != c {
				t.Fatalf("At(%d, %d) = %v, want %v", s, e, got, c)
			}
			wantState, wantDo, wantOK := c.To, c.Do, c.To != 0
			if !wantOK {
				wantState, wantDo = S(s), 0
			}
			state := S(s)
			do, ok := table.Fire(&state, E(e))
			if do != wantDo || ok != wantOK || state != wantState {
				t.Fatalf("Fire(%d, %d) = %v, %v, state %v; want %v, %v, state %v", s, e, do, ok, state, wantDo, wantOK, wantState)
			}
			m := table.Start(S(s))
			can := m.Can(E(e))
			do, ok = m.Fire(E(e))
			if do != wantDo || ok != wantOK || can != wantOK || m.State != wantState {
				t.Fatalf("machine in %d on %d: %v, %v, can %v, state %v; want %v, %v, state %v", s, e, do, ok, can, m.State, wantDo, wantOK, wantState)
			}
			wantCell := fsm.Cell[uint8, uint8]{}
			if wantOK {
				wantCell = fsm.Cell[uint8, uint8]{To: uint8(c.To), Do: uint8(c.Do)}
			}
			if got := g.At(uint8(s), uint8(e)); got != wantCell {
				t.Fatalf("graph: At(%d, %d) = %v, want %v", s, e, got, wantCell)
			}
		}
	}
}

type cell = fsm.Cell[State, Action]

// testShape checks an empty and a random table of one shape.
func testShape[R fsm.Row[State, Action], T fsm.Rows[State, Action, R]](t *testing.T) {
	t.Helper()
	var table fsm.Table[State, Event, Action, R, T]
	checkEveryAnswer(t, &table, nil)
	if list := fsm.GraphOf(&table).Transitions(); len(list) != 0 {
		t.Errorf("the zero table has transitions: %v", list)
	}
	r := rand.New(rand.NewPCG(1, uint64(len(table.Rows))))
	checkEveryAnswer(t, &table, scatter(&table, r))
}

func TestEveryShapeAnswersAsWritten(t *testing.T) {
	testShape[[8]cell, [8][8]cell](t)
	testShape[[16]cell, [16][16]cell](t)
	testShape[[32]cell, [32][32]cell](t)
	testShape[[64]cell, [32][64]cell](t)
	testShape[[64]cell, [64][64]cell](t)
	testShape[[128]cell, [128][128]cell](t)
	testShape[[8]cell, [256][8]cell](t)
	testShape[[256]cell, [8][256]cell](t)
	testShape[[256]cell, [256][256]cell](t)
}

func TestSizes(t *testing.T) {
	var small fsm.Small[State, Event, Action]
	var medium fsm.Medium[State, Event, Action]
	var large fsm.Large[State, Event, Action]
	for _, size := range []struct {
		name             string
		g                *fsm.Graph
		states, events   int
		start, fromAlias any
	}{
		{"Small", fsm.GraphOf(&small), 16, 16, small.Start(1), fsm.SmallMachine[State, Event, Action]{Table: &small, State: 1}},
		{"Medium", fsm.GraphOf(&medium), 32, 64, medium.Start(1), fsm.MediumMachine[State, Event, Action]{Table: &medium, State: 1}},
		{"Large", fsm.GraphOf(&large), 256, 256, large.Start(1), fsm.LargeMachine[State, Event, Action]{Table: &large, State: 1}},
	} {
		if size.g.States() != size.states || size.g.Events() != size.events {
			t.Errorf("%s: %d states, %d events; want %d, %d", size.name, size.g.States(), size.g.Events(), size.states, size.events)
		}
		if size.start != size.fromAlias {
			t.Errorf("%s: Start gives %v, want %v", size.name, size.start, size.fromAlias)
		}
	}
}

func TestFireDoesNotAllocate(t *testing.T) {
	m := turnstile.Start(Locked)
	state := Locked
	allocs := testing.AllocsPerRun(1000, func() {
		for e := range 256 {
			turnstile.Fire(&state, Event(e))
			turnstile.Fire(&state, Coin)
			m.Fire(Event(e))
			m.Can(Event(e))
			m.State = Broken
			if _, err := m.Try(Repair); err != nil {
				t.Error(err)
			}
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations per run", allocs)
	}
}

func TestOneTableServesManyGoroutines(t *testing.T) {
	g := fsm.GraphOf(&turnstile)
	walk := g.Walk(rand.New(rand.NewPCG(3, 4)), uint8(Locked), 10_000)
	alone := turnstile.Start(Locked)
	for _, e := range walk {
		alone.Fire(Event(e))
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			m := turnstile.Start(Locked)
			for _, e := range walk {
				if _, ok := m.Fire(Event(e)); !ok {
					t.Errorf("%v refuses %v", m.State, Event(e))
					return
				}
			}
			if m.State != alone.State {
				t.Errorf("ends in %v, alone in %v", m.State, alone.State)
			}
		})
	}
	wait.Wait()
}

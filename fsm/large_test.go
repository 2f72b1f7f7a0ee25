package fsm_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm/fsm"
)

// largest are machines of 256 states and 256 events that are hard in some way.
func largest() map[string]*fsm.Graph {
	r := rand.New(rand.NewPCG(7, 8))
	to := map[string]func(s, e int) int{
		// every cell leads anywhere
		"random": func(s, e int) int { return r.IntN(256) },
		// one event leads on, all others back to the start: long ways everywhere
		"ladder": func(s, e int) int {
			if e == 0 {
				return min(s+1, 255)
			}
			return 1
		},
		// each state leads to all later ones and never back: 256 components
		"downhill": func(s, e int) int {
			if e <= s {
				return 0
			}
			return e
		},
		// everything ends at once: as many walks as transitions
		"sink": func(s, e int) int {
			switch {
			case s == 255:
				return 0
			case e == 0 && s < 254:
				return s + 1
			}
			return 255
		},
		// all events lead to the next state, around
		"ring": func(s, e int) int { return s%255 + 1 },
	}
	graphs := map[string]*fsm.Graph{}
	for name, next := range to {
		var table fsm.Large[uint8, uint8, uint8]
		for s := 1; s < 256; s++ {
			for e := range 256 {
				table.Rows[s][e].To = uint8(next(s, e))
			}
		}
		graphs[name] = fsm.GraphOf(&table)
	}
	return graphs
}

// Any analysis takes well under a second on the largest machines; what is
// quadratic in their 65,536 transitions takes longer than the limit here.
func TestLargestMachines(t *testing.T) {
	const limit = 4 * time.Second
	final := []uint8{1}
	for name, g := range largest() {
		t.Run(name, func(t *testing.T) {
			list := g.Transitions()
			timed := func(what string, f func()) {
				start := time.Now()
				f()
				if took := time.Since(start); took > limit {
					t.Errorf("%s took %v", what, took)
				}
			}
			timed("Reachable", func() {
				if n := len(g.Reachable(1)); n < 254 {
					t.Errorf("%d states reached", n)
				}
			})
			timed("Traps", func() { g.Traps(final, final) })
			timed("DeadEnds", func() { g.DeadEnds(final, final) })
			timed("Path", func() { checkLargePath(t, g) })
			timed("Equivalent", func() { checkLargeEquivalent(t, g, list) })
			timed("Cover", func() { checkLargeCover(t, g, len(list)) })
		})
	}
}

func checkLargePath(t *testing.T, g *fsm.Graph) {
	if path, ok := g.Path(1, 254); !ok {
		t.Error("no path")
	} else if end, ok := replay(g, 1, path); !ok || end != 254 {
		t.Errorf("the path ends in %d, %v", end, ok)
	}
}

// checkLargeEquivalent changes one action far from the start.
func checkLargeEquivalent(t *testing.T, g *fsm.Graph, list []fsm.Transition) {
	if witness, ok := fsm.Equivalent(g, 1, g, 1); !ok {
		t.Errorf("differs from itself in %v", witness)
	}
	other := slices.Clone(list)
	other[len(other)-1].Action = 1
	changed, err := fsm.NewGraph(256, 256, other)
	if err != nil {
		t.Fatal(err)
	}
	witness, ok := fsm.Equivalent(g, 1, changed, 1)
	if ok || slices.Equal(answers(g, 1, witness), answers(changed, 1, witness)) {
		t.Errorf("a change in the last transition: %v, %v", witness, ok)
	}
}

func checkLargeCover(t *testing.T, g *fsm.Graph, n int) {
	var taken [256][256]bool
	count, length := 0, 0
	for _, walk := range g.Cover(1) {
		length += len(walk)
		s := uint8(1)
		for _, e := range walk {
			if !taken[s][e] {
				taken[s][e] = true
				count++
			}
			if s = g.At(s, e).To; s == 0 {
				t.Fatal("a walk is refused")
			}
		}
	}
	if count != n || length > 256*n {
		t.Errorf("%d transitions taken of %d, in %d events", count, n, length)
	}
}

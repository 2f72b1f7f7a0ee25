package fsm_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/wsfsm/wsfsm/fsm"
)

const (
	someStates = 7 // few, so that sparse and dense machines both come up
	someEvents = 4
)

// transitions draws the transitions of a small machine; gopter shrinks a
// failing list to few. Two for one state and event may be among them.
func transitions() gopter.Gen {
	return gen.SliceOf(gen.Struct(reflect.TypeFor[fsm.Transition](), map[string]gopter.Gen{
		"From":   gen.UInt8Range(0, someStates-1),
		"Event":  gen.UInt8Range(0, someEvents-1),
		"To":     gen.UInt8Range(1, someStates-1),
		"Action": gen.UInt8Range(0, 1),
	}))
}

func someState() gopter.Gen { return gen.UInt8Range(0, someStates-1) }

// build keeps the first transition for each state and event.
func build(list []fsm.Transition) (*fsm.Graph, []fsm.Transition) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b fsm.Transition) int {
		return (int(a.From)<<8 + int(a.Event)) - (int(b.From)<<8 + int(b.Event))
	})
	list = slices.CompactFunc(list, func(a, b fsm.Transition) bool {
		return a.From == b.From && a.Event == b.Event
	})
	g, err := fsm.NewGraph(someStates, someEvents, list)
	if err != nil {
		panic(err)
	}
	return g, list
}

// check runs a property on 1,000 machines, 200 with -short. Its condition
// returns what is wrong, or nothing.
func check(t *testing.T, condition any, gens ...gopter.Gen) {
	t.Helper()
	parameters := gopter.DefaultTestParametersWithSeed(20260101)
	parameters.MinSuccessfulTests = 1000
	parameters.MaxSize = 40
	if testing.Short() {
		parameters.MinSuccessfulTests = 200
	}
	properties := gopter.NewProperties(parameters)
	properties.Property("agrees with the naive way", prop.ForAll(condition, gens...))
	properties.TestingRun(t)
}

func set(states []uint8) map[uint8]bool {
	m := map[uint8]bool{}
	for _, s := range states {
		m[s] = true
	}
	return m
}

func differ(what string, got []uint8, want map[uint8]bool) string {
	if !slices.IsSorted(got) || len(got) != len(want) || !maps.Equal(set(got), want) {
		return fmt.Sprintf("%s: got %v, want %v", what, got, slices.Sorted(maps.Keys(want)))
	}
	return ""
}

func TestReachable(t *testing.T) {
	check(t, func(raw []fsm.Transition, a, b uint8) string {
		g, list := build(raw)
		return differ("Reachable(a)", g.Reachable(a), naiveReach(list, a)) +
			differ("Reachable(a, b)", g.Reachable(a, b), naiveReach(list, a, b)) +
			differ("Reachable()", g.Reachable(), nil)
	}, transitions(), someState(), someState())
}

func TestTrapsAndDeadEnds(t *testing.T) {
	check(t, func(raw []fsm.Transition, start, end, other uint8) string {
		g, list := build(raw)
		initial := []uint8{start}
		for _, final := range [][]uint8{nil, {end}, {end, other}} {
			if wrong := differ("Traps", g.Traps(initial, final), naiveTraps(list, initial, final)); wrong != "" {
				return wrong
			}
			if wrong := differ("DeadEnds", g.DeadEnds(initial, final), naiveDeadEnds(list, initial, final)); wrong != "" {
				return wrong
			}
		}
		return ""
	}, transitions(), someState(), someState(), someState())
}

func TestPaths(t *testing.T) {
	check(t, func(raw []fsm.Transition, from uint8) string {
		g, list := build(raw)
		for to := range uint8(someStates) {
			want, wantOK := naivePath(list, from, to)
			got, ok := g.Path(from, to)
			if ok != wantOK || !slices.Equal(got, want) || (got == nil) == ok {
				return fmt.Sprintf("Path(%d, %d) = %v, %v; want %v, %v", from, to, got, ok, want, wantOK)
			}
			for e := range uint8(someEvents) {
				through, okThrough := g.PathThrough(from, to, e)
				if wantThrough := wantOK && g.At(to, e).To != 0; okThrough != wantThrough {
					return fmt.Sprintf("PathThrough(%d, %d, %d): %v", from, to, e, okThrough)
				}
				if okThrough && !slices.Equal(through, append(slices.Clone(want), e)) {
					return fmt.Sprintf("PathThrough(%d, %d, %d) = %v; Path = %v", from, to, e, through, want)
				}
			}
		}
		return ""
	}, transitions(), someState())
}

func TestDifferences(t *testing.T) {
	check(t, func(rawA, rawB []fsm.Transition) string {
		a, _ := build(rawA)
		b, _ := build(rawB)
		var want []fsm.Difference
		for s := range 256 {
			for e := range 256 {
				x, y := a.At(uint8(s), uint8(e)), b.At(uint8(s), uint8(e))
				if x != y {
					want = append(want, fsm.Difference{State: uint8(s), Event: uint8(e), A: x, B: y})
				}
			}
		}
		if got := fsm.Differences(a, b); !slices.Equal(got, want) {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
		return ""
	}, transitions(), transitions())
}

// renumber gives every state but zero another number, and then, unless turn is
// zero, turns the action of one transition.
func renumber(list []fsm.Transition, seed uint64, turn uint8) []fsm.Transition {
	numbers := rand.New(rand.NewPCG(seed, 1)).Perm(someStates - 1)
	number := func(s uint8) uint8 {
		if s == 0 {
			return 0
		}
		return uint8(numbers[s-1]) + 1
	}
	other := make([]fsm.Transition, len(list))
	for i, t := range list {
		other[i] = fsm.Transition{From: number(t.From), Event: t.Event, To: number(t.To), Action: t.Action}
	}
	if turn > 0 && len(other) > 0 {
		other[int(turn)%len(other)].Action ^= 1
	}
	return other
}

// Independent machines mostly differ at once; renumbered ones, with no or one
// change, are equivalent or differ late.
func TestEquivalent(t *testing.T) {
	same, late := 0, 0
	check(t, func(rawA, rawB []fsm.Transition, seed uint64, turn uint8) string {
		a, listA := build(rawA)
		unrelated, _ := build(rawB)
		related, _ := build(renumber(listA, seed, turn%4))
		for _, b := range []*fsm.Graph{unrelated, related, a} {
			length := naiveTellApart(a, b)
			for x := range uint8(someStates) {
				for y := range uint8(someStates) {
					witness, ok := fsm.Equivalent(a, x, b, y)
					if wrong := checkWitness(a, x, b, y, witness, ok, length[x][y]); wrong != "" {
						return wrong
					}
					if ok {
						same++
					} else if len(witness) > 2 {
						late++
					}
				}
			}
		}
		return ""
	}, transitions(), transitions(), gen.UInt64(), gen.UInt8())
	if same == 0 || late == 0 {
		t.Errorf("%d equivalent pairs, %d that differ late: too few to test anything", same, late)
	}
}

func checkWitness(a *fsm.Graph, x uint8, b *fsm.Graph, y uint8, witness []uint8, ok bool, shortest int) string {
	if ok != (shortest >= far) {
		return fmt.Sprintf("states %d, %d: equivalent %v, shortest witness %d", x, y, ok, shortest)
	}
	if ok {
		if witness != nil {
			return fmt.Sprintf("states %d, %d: equivalent, yet witness %v", x, y, witness)
		}
		return ""
	}
	if len(witness) != shortest {
		return fmt.Sprintf("states %d, %d: witness %v, shortest %d", x, y, witness, shortest)
	}
	inA, inB := answers(a, x, witness), answers(b, y, witness)
	last := len(witness) - 1
	if !slices.Equal(inA[:last], inB[:last]) || inA[last] == inB[last] || slices.Contains(inA[:last], -1) {
		return fmt.Sprintf("states %d, %d: witness %v gives %v and %v", x, y, witness, inA, inB)
	}
	return ""
}

func TestWalk(t *testing.T) {
	check(t, func(raw []fsm.Transition, from uint8, seed uint64, limit int) string {
		g, list := build(raw)
		walk := g.Walk(rand.New(rand.NewPCG(seed, 2)), from, limit)
		again := g.Walk(rand.New(rand.NewPCG(seed, 2)), from, limit)
		end, ok := replay(g, from, walk)
		switch {
		case !ok:
			return fmt.Sprintf("walk %v is refused in %d", walk, end)
		case !slices.Equal(walk, again):
			return fmt.Sprintf("walk %v, again %v", walk, again)
		case len(walk) > max(limit, 0):
			return fmt.Sprintf("walk of %d events, limit %d", len(walk), limit)
		case len(walk) < limit && slices.ContainsFunc(list, func(t fsm.Transition) bool { return t.From == end }):
			return fmt.Sprintf("walk of %d events, limit %d, ends in %d, which answers", len(walk), limit, end)
		}
		return ""
	}, transitions(), someState(), gen.UInt64(), gen.IntRange(-2, 60))
}

func TestCover(t *testing.T) {
	check(t, func(raw []fsm.Transition, initial uint8) string {
		ending := slices.DeleteFunc(slices.Clone(raw), func(t fsm.Transition) bool { return t.From == someStates-1 })
		return checkCover(initial, raw) + checkCover(initial, ending)
	}, transitions(), someState())
}

// checkCover fires all walks: none is refused, each ends with a transition not
// taken before, together they take all that can be reached, and they are no more
// than needed, as far as fewestWalks knows.
func checkCover(initial uint8, raw []fsm.Transition) string {
	g, list := build(raw)
	walks := g.Cover(initial)
	taken := map[[2]uint8]bool{}
	for i, walk := range walks {
		s, isNew := initial, false
		for _, e := range walk {
			isNew = !taken[[2]uint8{s, e}]
			taken[[2]uint8{s, e}] = true
			to, ok := replay(g, s, []uint8{e})
			if !ok {
				return fmt.Sprintf("walk %d, %v: state %d refuses %d", i, walk, s, e)
			}
			s = to
		}
		if !isNew {
			return fmt.Sprintf("walk %d, %v, ends with nothing new", i, walk)
		}
	}
	reached := naiveReach(list, initial)
	list = slices.DeleteFunc(list, func(t fsm.Transition) bool { return !reached[t.From] })
	if len(taken) != len(list) {
		return fmt.Sprintf("%d transitions taken of %d", len(taken), len(list))
	}
	if fewest, ok := fewestWalks(list, initial); ok && len(walks) != fewest {
		return fmt.Sprintf("%d walks %v where %d are enough", len(walks), walks, fewest)
	}
	return ""
}

// fewestWalks is the least number of walks that take all of the transitions,
// known where each leads either to a state that can get back or to one that no
// transition leaves: each walk can take one of the latter, and that ends it.
func fewestWalks(list []fsm.Transition, initial uint8) (n int, ok bool) {
	back := naiveDistances(list, initial)
	for _, t := range list {
		if back[t.From] >= far {
			return 0, false
		}
		if back[t.To] >= far {
			n++
		}
	}
	return max(n, min(1, len(list))), true
}

package fsm_test

import "github.com/wsfsm/wsfsm/fsm"

// The functions here compute slowly and obviously what the analyses compute:
// they repeat a rule over all transitions until nothing changes.

const far = 1 << 30

// naiveReach is the set of states that can be reached.
func naiveReach(list []fsm.Transition, initial ...uint8) map[uint8]bool {
	reached := map[uint8]bool{}
	for _, s := range initial {
		reached[s] = true
	}
	for changed := true; changed; {
		changed = false
		for _, t := range list {
			if reached[t.From] && !reached[t.To] {
				reached[t.To], changed = true, true
			}
		}
	}
	return reached
}

// naiveTraps are the reached states that reach no final state.
func naiveTraps(list []fsm.Transition, initial, final []uint8) map[uint8]bool {
	traps := map[uint8]bool{}
	for s := range naiveReach(list, initial...) {
		traps[s] = true
		after := naiveReach(list, s)
		for _, f := range final {
			if after[f] {
				delete(traps, s)
			}
		}
	}
	return traps
}

// naiveDeadEnds are the reached states, not final, that no transition leaves.
func naiveDeadEnds(list []fsm.Transition, initial, final []uint8) map[uint8]bool {
	ends := naiveReach(list, initial...)
	for _, t := range list {
		delete(ends, t.From)
	}
	for _, f := range final {
		delete(ends, f)
	}
	return ends
}

// naiveDistances are the lengths of the shortest paths to one state.
func naiveDistances(list []fsm.Transition, to uint8) [256]int {
	var distance [256]int
	for s := range distance {
		distance[s] = far
	}
	distance[to] = 0
	for changed := true; changed; {
		changed = false
		for _, t := range list {
			if d := distance[t.To] + 1; d < distance[t.From] {
				distance[t.From], changed = d, true
			}
		}
	}
	return distance
}

// naivePath follows, from state to state, the lowest event that leads nearer.
func naivePath(list []fsm.Transition, from, to uint8) ([]uint8, bool) {
	distance := naiveDistances(list, to)
	if distance[from] >= far {
		return nil, false
	}
	path := []uint8{}
	for s := from; s != to; {
		best := fsm.Transition{}
		for _, t := range list {
			if t.From == s && distance[t.To] == distance[s]-1 && (best.To == 0 || t.Event < best.Event) {
				best = t
			}
		}
		path = append(path, best.Event)
		s = best.To
	}
	return path, true
}

// naiveTellApart is the length of the shortest sequence that tells each state
// of a from each state of b: one if they answer some event differently,
// otherwise one more than for some pair that follows.
func naiveTellApart(a, b *fsm.Graph) (length [256][256]int) {
	events := max(a.Events(), b.Events())
	round := func(s, r int) int {
		best := far
		for e := range events {
			x, y := a.At(uint8(s), uint8(e)), b.At(uint8(r), uint8(e))
			switch {
			case x.To == 0 && y.To == 0:
			case x.To == 0 || y.To == 0 || x.Do != y.Do:
				return 1
			default:
				best = min(best, 1+length[x.To][y.To])
			}
		}
		return min(best, far)
	}
	states, others := a.States(), b.States()
	for s := range length {
		for r := range length[s] {
			length[s][r] = far
		}
	}
	for changed := true; changed; {
		changed = false
		for s := range states {
			for r := range others {
				if n := round(s, r); n < length[s][r] {
					length[s][r], changed = n, true
				}
			}
		}
	}
	return length
}

// replay fires a walk and returns where it ends; false if it is refused.
func replay(g *fsm.Graph, s uint8, walk []uint8) (uint8, bool) {
	for _, e := range walk {
		to := g.At(s, e).To
		if to == 0 {
			return s, false
		}
		s = to
	}
	return s, true
}

// answers is what an observer of a machine sees of a sequence of events.
func answers(g *fsm.Graph, s uint8, walk []uint8) []int {
	var seen []int
	for _, e := range walk {
		c := g.At(s, e)
		if c.To == 0 {
			seen = append(seen, -1)
			continue
		}
		seen = append(seen, int(c.Do))
		s = c.To
	}
	return seen
}

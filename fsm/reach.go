package fsm

// stateSet is a set of states.
type stateSet [256]bool

func (set *stateSet) list() []uint8 {
	var states []uint8
	for s, in := range set {
		if in {
			states = append(states, uint8(s))
		}
	}
	return states
}

// Reachable returns the states that some sequence of events leads to from an
// initial state, the initial states themselves included, ascending. Cost: O(n).
func (g *Graph) Reachable(initial ...uint8) []uint8 {
	reached := g.reach(initial)
	return reached.list()
}

// Traps returns the reachable states from which no sequence of events leads to
// a final state, ascending: once there, a machine never ends well. A final
// state is no trap, whatever follows it. Cost: O(n).
func (g *Graph) Traps(initial, final []uint8) []uint8 {
	reached := g.reach(initial)
	saved := reachBack(g.sources(), final)
	for s := range reached {
		reached[s] = reached[s] && !saved[s]
	}
	return reached.list()
}

// DeadEnds returns the reachable states that answer no event at all and are
// not final, ascending. Each is also one of the Traps. Among them is every
// reachable state that lies outside the table. Cost: O(n).
func (g *Graph) DeadEnds(initial, final []uint8) []uint8 {
	reached := g.reach(initial)
	for s := range reached {
		reached[s] = reached[s] && len(g.answered[s]) == 0
	}
	for _, s := range final {
		reached[s] = false
	}
	return reached.list()
}

func (g *Graph) reach(initial []uint8) stateSet {
	return flood(initial, func(s uint8, visit func(uint8)) {
		for _, e := range g.answered[s] {
			visit(g.At(s, e).To)
		}
	})
}

// reachBack returns the states from which one of the given states can be reached.
func reachBack(sources *[256][]source, final []uint8) stateSet {
	return flood(final, func(s uint8, visit func(uint8)) {
		for _, from := range sources[s] {
			visit(from.state)
		}
	})
}

// flood returns what can be reached from some states when each leads to those
// that next visits.
func flood(from []uint8, next func(s uint8, visit func(uint8))) stateSet {
	var seen stateSet
	var waiting []uint8
	visit := func(s uint8) {
		if !seen[s] {
			seen[s] = true
			waiting = append(waiting, s)
		}
	}
	for _, s := range from {
		visit(s)
	}
	for len(waiting) > 0 {
		s := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		next(s, visit)
	}
	return seen
}

// source is a state and an event that leads from it to the state looked at.
type source struct{ state, event uint8 }

// sources lists, for each state, the states with a transition to it, each once
// and with the first event that leads there.
func (g *Graph) sources() *[256][]source {
	into := new([256][]source)
	for s := range g.states {
		var listed stateSet
		for _, e := range g.answered[s] {
			if to := g.At(uint8(s), e).To; !listed[to] {
				listed[to] = true
				into[to] = append(into[to], source{uint8(s), e})
			}
		}
	}
	return into
}

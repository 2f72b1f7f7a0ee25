package fsm

import "slices"

// Path returns the shortest sequence of events that leads from one state to
// another, empty if they are the same; of several, the one whose first
// differing event has the lowest number. It returns false if there is none.
// The slice is the caller's. Cost: O(n).
func (g *Graph) Path(from, to uint8) ([]uint8, bool) {
	return g.pathTree(from).path(to)
}

// PathThrough returns the shortest sequence of events from one state whose last
// event takes the transition of the given state and event, under the rules of
// Path. It returns false if the state refuses the event or cannot be reached.
// Cost: O(n).
func (g *Graph) PathThrough(from, state, event uint8) ([]uint8, bool) {
	if g.At(state, event).To == 0 {
		return nil, false
	}
	path, ok := g.Path(from, state)
	if !ok {
		return nil, false
	}
	return append(path, event), true
}

// pathTree holds the shortest paths from one state to all others.
type pathTree struct {
	root    uint8
	reached stateSet
	last    [256]source // the last step of the path to each reached state but the root
}

func (g *Graph) pathTree(root uint8) *pathTree {
	t := &pathTree{root: root}
	t.reached[root] = true
	// Visiting states in the order reached, and events in their own, makes the
	// path found first the first in event order among the shortest.
	for queue := []uint8{root}; len(queue) > 0; queue = queue[1:] {
		s := queue[0]
		for _, e := range g.answered[s] {
			if to := g.At(s, e).To; !t.reached[to] {
				t.reached[to] = true
				t.last[to] = source{s, e}
				queue = append(queue, to)
			}
		}
	}
	return t
}

func (t *pathTree) path(to uint8) ([]uint8, bool) {
	if !t.reached[to] {
		return nil, false
	}
	events := []uint8{}
	for s := to; s != t.root; s = t.last[s].state {
		events = append(events, t.last[s].event)
	}
	slices.Reverse(events)
	return events, true
}

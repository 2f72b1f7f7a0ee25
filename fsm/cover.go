package fsm

// Cover returns sequences of events, each to be fired from the initial state,
// that are all answered and together take every transition that can be reached
// from it. They are few: a walk goes on as long as it can get to a transition
// not yet taken, and takes what lies in a cycle with its state before it leaves
// for good, so that a machine that can always come back needs only one. (It is
// not always the least number possible.) Each walk ends with a transition that
// none before it took. The slices are the caller's.
//
// Cost: O(states × n + total length of the walks). A machine whose transitions
// all lead back to the start makes that length states × n as well; usually it
// is a small multiple of n.
func (g *Graph) Cover(initial uint8) [][]uint8 {
	c := newCover(g)
	var walks [][]uint8
	for {
		walk := c.walk(initial)
		if len(walk) == 0 {
			return walks
		}
		walks = append(walks, walk)
	}
}

// cover is what is left to take. A component is a set of states each of which
// can be reached from each other; the inner transitions stay in one.
type cover struct {
	g            *Graph
	inner, outer [256][]uint8 // by state: the events whose transitions were not yet taken
	home         guide        // to inner transitions, inside the component
	away         guide        // to any transition, anywhere
}

func newCover(g *Graph) *cover {
	c := &cover{g: g}
	sources := g.sources()
	component := g.components(sources)
	for s := range g.answered {
		for _, e := range g.answered[s] {
			if component[g.At(uint8(s), e).To] == component[s] {
				c.inner[s] = append(c.inner[s], e)
			} else {
				c.outer[s] = append(c.outer[s], e)
			}
		}
	}
	c.away.into = *sources
	for s, list := range c.away.into {
		for _, from := range list {
			if component[from.state] == component[s] {
				c.home.into[s] = append(c.home.into[s], from)
			}
		}
	}
	c.refresh()
	return c
}

func (c *cover) walk(s uint8) []uint8 {
	var walk []uint8
	for {
		e, ok := c.next(s)
		if !ok {
			return walk
		}
		walk = append(walk, e)
		s = c.g.At(s, e).To
	}
}

// next is the event to go on with in state s; false if nothing is left that
// can be reached from there.
func (c *cover) next(s uint8) (event uint8, ok bool) {
	if len(c.inner[s]) > 0 {
		return c.take(&c.inner[s]), true
	}
	if c.home.leads[s] {
		return c.home.event[s], true
	}
	if len(c.outer[s]) > 0 {
		return c.take(&c.outer[s]), true
	}
	return c.away.event[s], c.away.leads[s]
}

// take removes the first event of a list. The guides stay right until a state
// has nothing left, so that each is computed at most twice per state.
func (c *cover) take(list *[]uint8) uint8 {
	e := (*list)[0]
	*list = (*list)[1:]
	if len(*list) == 0 {
		c.refresh()
	}
	return e
}

func (c *cover) refresh() {
	var inner, left stateSet
	for s := range left {
		inner[s] = len(c.inner[s]) > 0
		left[s] = inner[s] || len(c.outer[s]) > 0
	}
	c.home.aim(&inner)
	c.away.aim(&left)
}

// guide leads to the nearest of some states.
type guide struct {
	into  [256][]source // the steps it may use, by where they lead
	leads stateSet      // the states outside the goal from which it can be reached
	event [256]uint8    // the first step from each of them
}

func (d *guide) aim(goal *stateSet) {
	d.leads = stateSet{}
	queue := goal.list()
	for ; len(queue) > 0; queue = queue[1:] {
		for _, from := range d.into[queue[0]] {
			if !goal[from.state] && !d.leads[from.state] {
				d.leads[from.state] = true
				d.event[from.state] = from.event
				queue = append(queue, from.state)
			}
		}
	}
}

// components numbers the states so that two have the same number exactly if
// each can be reached from the other.
func (g *Graph) components(sources *[256][]source) [256]int {
	var component [256]int
	var done stateSet
	for s := range component {
		if done[s] {
			continue
		}
		after := g.reach([]uint8{uint8(s)})
		before := reachBack(sources, []uint8{uint8(s)})
		for i := range component {
			if after[i] && before[i] {
				component[i], done[i] = s, true
			}
		}
	}
	return component
}

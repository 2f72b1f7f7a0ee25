package fsm

import "slices"

// Difference is a place where two tables answer differently.
type Difference struct {
	State, Event uint8
	A, B         Cell[uint8, uint8] // the two answers; the zero Cell refuses
}

// Differences returns every cell in which two tables differ, by state, then
// event. Where one table is smaller it refuses. Numbers are compared, not
// names. Cost: one visit of each cell.
func Differences(a, b *Graph) []Difference {
	var list []Difference
	for s := range max(a.states, b.states) {
		for e := range max(a.events, b.events) {
			state, event := uint8(s), uint8(e)
			if in, other := a.At(state, event), b.At(state, event); in != other {
				list = append(list, Difference{state, event, in, other})
			}
		}
	}
	return list
}

// Equivalent reports whether machine a in state sa and machine b in state sb
// can never be told apart from outside, whatever events both are given: they
// refuse the same events and do the same actions. (They are bisimilar.) Events
// and actions are compared by number; how states are numbered, and states that
// cannot be reached, do not matter. If they differ, Equivalent returns a
// shortest sequence of events that shows it: both machines answer all but the
// last alike; the last one of them refuses, or they answer with different
// actions. The slice is the caller's.
//
// Cost: nearly linear, O((states of a + states of b) × events), by merging
// classes of states believed equal (Hopcroft and Karp, 1971).
func Equivalent(a *Graph, sa uint8, b *Graph, sb uint8) (witness []uint8, ok bool) {
	c := comparison{a: a, b: b}
	for i := range c.class {
		c.class[i] = uint16(i)
	}
	c.believe(pair{a: sa, b: sb, parent: -1})
	for i := 0; i < len(c.queue); i++ {
		if event, differ := c.expand(i); differ {
			return c.witness(i, event), false
		}
	}
	return nil, true
}

// pair is two states believed equivalent, and how the search came to them.
type pair struct {
	a, b   uint8
	parent int // index in the queue, negative for the first pair
	event  uint8
}

// comparison is a search for a difference. Its queue is in order of distance,
// and a pair whose states are already in one class is left out. The shortest
// witness survives that: states that some sequence tells apart cannot be joined
// by a chain of pairs all of which it leaves alike, so an earlier pair, no
// further away, has a witness no longer.
type comparison struct {
	a, b  *Graph
	class [512]uint16 // union-find; states of b follow the 256 of a
	queue []pair
}

func (c *comparison) find(x uint16) uint16 {
	for c.class[x] != x {
		c.class[x] = c.class[c.class[x]]
		x = c.class[x]
	}
	return x
}

// believe merges the classes of a pair and queues it unless they were one.
func (c *comparison) believe(p pair) {
	x, y := c.find(uint16(p.a)), c.find(256+uint16(p.b))
	if x != y {
		c.class[x] = y
		c.queue = append(c.queue, p)
	}
}

// expand believes what follows from pair i, or returns an event that its two
// states answer differently.
func (c *comparison) expand(i int) (event uint8, differ bool) {
	p := c.queue[i]
	for e := range max(c.a.events, c.b.events) {
		event = uint8(e)
		x, y := c.a.At(p.a, event), c.b.At(p.b, event)
		if x.Do != y.Do || (x.To == 0) != (y.To == 0) {
			return event, true
		}
		if x.To != 0 {
			c.believe(pair{a: x.To, b: y.To, parent: i, event: event})
		}
	}
	return 0, false
}

// witness is the way to pair i, and then the event that tells it apart.
func (c *comparison) witness(i int, event uint8) []uint8 {
	events := []uint8{event}
	for ; c.queue[i].parent >= 0; i = c.queue[i].parent {
		events = append(events, c.queue[i].event)
	}
	slices.Reverse(events)
	return events
}

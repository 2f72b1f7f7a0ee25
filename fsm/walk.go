package fsm

import "math/rand/v2"

// Walk returns a random sequence of events, all of which a machine in state
// from answers: each is drawn from r, evenly among the events that the state
// then reached answers. It has limit events, fewer only if it comes to a state
// that answers none; a limit below one gives none. The same r gives the same
// walk. The slice is the caller's. Cost: time and one byte per event.
func (g *Graph) Walk(r *rand.Rand, from uint8, limit int) []uint8 {
	var walk []uint8
	for s := from; len(walk) < limit && len(g.answered[s]) > 0; {
		e := g.answered[s][r.IntN(len(g.answered[s]))]
		walk = append(walk, e)
		s = g.At(s, e).To
	}
	return walk
}

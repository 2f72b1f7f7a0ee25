package spec

import "slices"

// mostCounted is where the octets that a watched limit counts are all taken for
// as many as any limit.
const mostCounted = 4

// passable returns the states in which a limit that the machine watches at each
// octet can be passed in a role. Such a limit is one octet at least, and what was
// counted before has held: a state in which fewer octets can have been counted
// than some way there needs cannot pass it.
func (x *Meetings) passable(limit Yielder, role string) map[*State]bool {
	key := role + " " + limit.Since
	if x.passed[key] == nil {
		x.passed[key] = map[*State]bool{}
		for octets := 1; octets <= mostCounted; octets++ {
			x.pass(x.passed[key], limit.Since, role, octets)
		}
	}
	return x.passed[key]
}

// counted is a state with the octets counted on some way there.
type counted struct {
	state  *State
	octets int
}

// pass adds the states in which a limit of so many octets can be passed. Ways end
// where it was.
func (x *Meetings) pass(all map[*State]bool, since, role string, octets int) {
	first := counted{state: x.states[x.m.Initial[role]]}
	seen := map[counted]bool{first: true}
	for todo := []counted{first}; len(todo) > 0; todo = todo[1:] {
		at := todo[0]
		if at.state == nil || at.state.Final {
			continue
		}
		eats := x.kind(at.state).eats()
		if eats && at.octets == octets {
			all[at.state] = true
			if octets < mostCounted {
				continue
			}
		}
		for _, r := range slices.Concat(at.state.When, x.m.When) {
			next := counted{x.states[r.To], at.octets}
			switch {
			case since != "" && r.Do == since:
				next.octets = 0
			case eats:
				next.octets = min(at.octets+1, octets)
			}
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
}

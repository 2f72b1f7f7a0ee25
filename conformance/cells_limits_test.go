package conformance

import "github.com/wsfsm/wsfsm/gen/spec"

// lineCap is where counted octets are all taken for the same: no first line has
// less.
const lineCap = 4

// counted is a state of the machine that splits heads, with the octets of this
// line and those of the longest before it.
type counted struct {
	state         string
	line, longest int
}

// passes returns the verdicts of limits that each state can come to. A limit is
// at least one octet, and has held for the lines before.
func passes(m *spec.Machine, role string) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	seen := map[counted]bool{}
	for todo := []counted{{state: m.Initial[role]}}; len(todo) > 0; todo = todo[1:] {
		at := todo[0]
		if seen[at] {
			continue
		}
		seen[at] = true
		if all[at.state] == nil {
			all[at.state] = map[string]bool{}
		}
		all[at.state]["line-too-long"] = all[at.state]["line-too-long"] || at.line >= max(1, at.longest)
		all[at.state]["head-too-long"] = all[at.state]["head-too-long"] || at.line+at.longest > 0
		s := m.State(at.state)
		for _, r := range s.When {
			todo = append(todo, at.behind(r, s.Read.Kind == spec.ReadOctet))
		}
	}
	return all
}

// behind is where a row leads that eats an octet or none.
func (c counted) behind(r *spec.Rule, eats bool) counted {
	c.state = r.To
	if eats {
		c.line = min(c.line+1, lineCap)
	}
	if r.Do == "end-line" {
		c.line, c.longest = 0, max(c.line, c.longest)
	}
	return c
}

package emit

import "slices"

// divide cuts a picture of too many states into parts, at the state whose
// removal leaves the most even parts, which all keep it. What no single state
// joins stays whole.
func divide(p Picture) []Picture {
	if len(p.Nodes) <= MaxNodes {
		return []Picture{p}
	}
	joint, parts := p.bestJoint()
	if joint == "" {
		return []Picture{p}
	}
	var pictures []Picture
	for _, names := range parts {
		part := p.part(append(names, joint))
		part.Name += "-" + names[0]
		part.Title += ", " + names[0]
		pictures = append(pictures, divide(part)...)
	}
	return pictures
}

// bestJoint finds the state to divide at, and the names of the states in each
// part without it; "" if there is none.
func (p Picture) bestJoint() (joint string, parts [][]string) {
	smallest := len(p.Nodes)
	for _, n := range p.Nodes {
		pieces := p.pieces(n.Name)
		if len(pieces) < 2 {
			continue
		}
		pieces = gather(pieces)
		if size := largest(pieces); size < smallest {
			smallest, joint, parts = size, n.Name, pieces
		}
	}
	return joint, parts
}

// pieces are the connected parts of a picture without one state, whichever way
// the edges point, each in the order of Nodes.
func (p Picture) pieces(without string) [][]string {
	piece := make(map[string]int)
	for _, n := range p.Nodes {
		if n.Name != without && piece[n.Name] == 0 {
			p.flood(n.Name, without, len(piece)+1, piece)
		}
	}
	var list [][]string
	index := make(map[int]int)
	for _, n := range p.Nodes {
		number := piece[n.Name]
		if number == 0 {
			continue
		}
		if _, known := index[number]; !known {
			index[number] = len(list)
			list = append(list, nil)
		}
		list[index[number]] = append(list[index[number]], n.Name)
	}
	return list
}

// flood gives a number to all states connected with one.
func (p Picture) flood(from, without string, number int, piece map[string]int) {
	piece[from] = number
	open := []string{from}
	for len(open) > 0 {
		name := open[0]
		open = open[1:]
		for _, e := range p.Edges {
			for _, next := range []string{e.From, e.To} {
				if (e.From == name || e.To == name) && next != without && piece[next] == 0 {
					piece[next] = number
					open = append(open, next)
				}
			}
		}
	}
}

// gather puts small pieces together, as long as one picture holds them.
func gather(pieces [][]string) [][]string {
	var list [][]string
	for _, p := range pieces {
		i := slices.IndexFunc(list, func(other []string) bool { return len(other)+len(p) < MaxNodes })
		if i < 0 || len(p) > 1 && len(list[i]) > 1 {
			list = append(list, p)
			continue
		}
		list[i] = append(list[i], p...)
	}
	return list
}

func largest(pieces [][]string) int {
	n := 0
	for _, p := range pieces {
		n = max(n, len(p))
	}
	return n
}

// part keeps some states and the edges between them.
func (p Picture) part(names []string) Picture {
	keep := func(name string) bool { return slices.Contains(names, name) }
	part := p
	part.Nodes, part.Edges, part.Failed, part.FailTo = nil, nil, nil, nil
	fails := false
	for _, n := range p.Nodes {
		if keep(n.Name) {
			part.Nodes = append(part.Nodes, n)
			fails = fails || len(n.Fails) > 0
		}
	}
	for _, e := range p.Edges {
		if keep(e.From) && keep(e.To) {
			part.Edges = append(part.Edges, e)
		}
	}
	if fails {
		part.Failed, part.FailTo = p.Failed, p.FailTo
	}
	return part
}

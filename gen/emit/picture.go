package emit

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// MaxNodes is how many states a picture shows at most, where the machine can
// be divided; the sink of failures is not counted.
const MaxNodes = 12

// Picture is a machine, or a part of one, as a graph to be drawn. Failures are
// not edges, which would cover everything else: each state lists its own, and
// one edge leads from their mark to the states they end in.
type Picture struct {
	Name    string   // of a file, without its ending: frame-server
	Title   string   // for people: "frame, server"
	Comment string   // what the file was generated from
	Nodes   []Node   // states in the order in which they are reached
	Edges   []Edge   // at most one from one state to another
	Failed  []Node   // states that only failures lead to
	FailTo  []string // names of the states that failures lead to
}

// Node is a state.
type Node struct {
	Name    string
	Lines   []string // what it reads and waits for
	Fails   []string // failures that it can end in
	Initial bool
	Final   bool
}

// Edge joins all transitions between two states that are no failures.
type Edge struct {
	From, To string
	Labels   []Label
}

// Label is the events that lead along an edge with the same action.
type Label struct {
	Events []string
	Action string // "" if none
}

// Pictures draws a machine of a version: one picture for all roles if the
// states they can reach are alike, else one for each; a picture of more than
// MaxNodes states is divided where a single state joins its parts.
func Pictures(in Input, v Version, machine string) []Picture {
	m := v.machine(machine)
	if m == nil {
		return nil
	}
	d := in.view(v, m)
	var pictures []Picture
	groups := d.roleGroups()
	for _, roles := range groups {
		p := d.picture(roles, len(groups) > 1)
		for _, part := range divide(p) {
			part.Comment = in.mark(in.files(v)...)
			pictures = append(pictures, part)
		}
	}
	return pictures
}

// arrow is a transition that a role can take.
type arrow struct{ from, event, to, do uint8 }

// roleGroups puts roles together (by index) whose graphs are alike.
func (d view) roleGroups() [][]int {
	var groups [][]int
	var graphs [][]arrow
	for role, initial := range d.machine.Initial {
		arrows := append(d.arrows(role), arrow{to: initial})
		i := slices.IndexFunc(graphs, func(g []arrow) bool { return slices.Equal(g, arrows) })
		if i < 0 {
			graphs = append(graphs, arrows)
			groups = append(groups, []int{role})
			continue
		}
		groups[i] = append(groups[i], role)
	}
	return groups
}

// arrows lists what a role can reach, by state, then event.
func (d view) arrows(role int) []arrow {
	reached := map[uint8]bool{d.machine.Initial[role]: true}
	for again := true; again; {
		again = false
		for _, a := range d.arrowsFrom(reached, role) {
			if !reached[a.to] {
				reached[a.to], again = true, true
			}
		}
	}
	return d.arrowsFrom(reached, role)
}

func (d view) arrowsFrom(states map[uint8]bool, role int) []arrow {
	var list []arrow
	for s, row := range d.machine.Rows {
		if !states[uint8(s)] {
			continue
		}
		for e, c := range row {
			if c.To != 0 && d.meets(s, e, role) {
				list = append(list, arrow{uint8(s), uint8(e), c.To, c.Do})
			}
		}
	}
	return list
}

// meets reports whether a state can meet an event in a role: what a class
// table yields can differ by role.
func (d view) meets(state, event, role int) bool {
	r := at(d.machine.Reads, state)
	if r.Kind == 0 || at(d.Vocabulary.Reads, int(r.Kind)-1).Takes != "class" {
		return true
	}
	if at(d.words.Events, event-1).Kind != spec.KindClass {
		return true
	}
	class := at(d.machine.Classes, int(at(r.Args, role)))
	for _, table := range at(class.Tables, role) {
		if slices.Contains(table[:], uint8(event)) {
			return true
		}
	}
	return false
}

package emit

import (
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
)

// picture draws what some roles can reach, who have the same graph.
func (d view) picture(roles []int, named bool) Picture {
	p := Picture{Name: d.machine.Name, Title: d.machine.Name}
	if named {
		p.Name += "-" + strings.Join(d.roleNames(roles), "-")
		p.Title += ", " + strings.Join(d.roleNames(roles), " and ")
	}
	arrows := d.arrows(roles[0])
	for _, s := range d.shown(arrows, d.machine.Initial[roles[0]]) {
		p.Nodes = append(p.Nodes, d.node(s, arrows, roles))
	}
	for _, a := range arrows {
		if a.do > lower.FailBase {
			p.fails(d, a)
			continue
		}
		p.join(d.stateName(a.from), d.stateName(a.to), d.eventName(a.event), d.actionName(a.do))
	}
	p.fromInitial()
	return p
}

// fromInitial puts states in the order in which they are reached, so that
// renderers lay the machine out from its beginning on.
func (p *Picture) fromInitial() {
	var reached []string
	for _, n := range p.Nodes {
		if n.Initial {
			reached = []string{n.Name}
		}
	}
	for i := 0; i < len(reached); i++ {
		for _, e := range p.Edges {
			if e.From == reached[i] && !slices.Contains(reached, e.To) {
				reached = append(reached, e.To)
			}
		}
	}
	place := func(name string) int { return slices.Index(reached, name) }
	slices.SortStableFunc(p.Nodes, func(a, b Node) int { return place(a.Name) - place(b.Name) })
	slices.SortStableFunc(p.Edges, func(a, b Edge) int { return place(a.From) - place(b.From) })
}

func (d view) roleNames(roles []int) []string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = at(d.Vocabulary.Roles, r).Name
	}
	return names
}

// shown lists the states that more than failures lead to, ascending.
func (d view) shown(arrows []arrow, initial uint8) []uint8 {
	list := []uint8{initial}
	for _, a := range arrows {
		if a.do <= lower.FailBase && !slices.Contains(list, a.to) {
			list = append(list, a.to)
		}
	}
	slices.Sort(list)
	return list
}

func (d view) node(s uint8, arrows []arrow, roles []int) Node {
	n := Node{
		Name:    d.stateName(s),
		Initial: d.machine.Initial[roles[0]] == s,
		Final:   at(d.machine.Final, int(s)),
		Lines:   d.lines(s, roles),
	}
	for _, a := range arrows {
		if failure := d.failure(a.do); a.from == s && failure != "" && !slices.Contains(n.Fails, failure) {
			n.Fails = append(n.Fails, failure)
		}
	}
	return n
}

// lines say what a state reads, which stage it feeds and what it waits for.
func (d view) lines(s uint8, roles []int) []string {
	var lines []string
	if r := at(d.machine.Reads, int(s)); r.Kind != 0 {
		lines = append(lines, d.readText(r, roles))
	}
	if input := wordOf(d.Vocabulary.Inputs, plainWord, at(d.machine.Inputs, int(s))); input != "" {
		lines = append(lines, "input: "+input)
	}
	return append(lines, d.waitLines(at(d.machine.Waits, int(s)), roles)...)
}

func (d view) waitLines(waits []uint8, roles []int) []string {
	name := func(role int) string { return wordOf(d.Vocabulary.Waits, plainWord, at(waits, role)) }
	alike := true
	for _, r := range roles {
		alike = alike && name(r) == name(roles[0])
	}
	if alike && name(roles[0]) == "" {
		return nil
	}
	if alike {
		return []string{"waits: " + name(roles[0])}
	}
	var lines []string
	for _, r := range roles {
		if name(r) != "" {
			lines = append(lines, at(d.Vocabulary.Roles, r).Name+" waits: "+name(r))
		}
	}
	return lines
}

// readText is a read as the spec files write it.
func (d view) readText(r lower.Read, roles []int) string {
	kind := at(d.Vocabulary.Reads, int(r.Kind)-1)
	arg := argumentName(d.Vocabulary, d.machine, kind.Takes, at(r.Args, roles[0]))
	text := kind.Name + ": " + arg
	if r.Field != 0 {
		if field := wordOf(d.Vocabulary.Fields, yielderWord, r.Field); field != arg {
			text += " as " + field
		}
	}
	if r.Through != 0 {
		text += " through " + wordOf(d.Vocabulary.Fields, yielderWord, r.Through)
	}
	return text
}

func (d view) stateName(n uint8) string  { return wordOf(d.words.States, plainWord, n) }
func (d view) eventName(n uint8) string  { return wordOf(d.words.Events, eventWord, n) }
func (d view) actionName(n uint8) string { return wordOf(d.words.Actions, actionWord, n) }

// failure is the name of the failure that an action stands for; "" if none.
func (d view) failure(do uint8) string {
	if do <= lower.FailBase {
		return ""
	}
	return wordOf(d.Vocabulary.Failures, failureWord, do-lower.FailBase)
}

// fails notes where a failure leads.
func (p *Picture) fails(d view, a arrow) {
	name := d.stateName(a.to)
	if slices.Contains(p.FailTo, name) {
		return
	}
	p.FailTo = append(p.FailTo, name)
	if !slices.ContainsFunc(p.Nodes, func(n Node) bool { return n.Name == name }) {
		p.Failed = append(p.Failed, Node{Name: name, Final: at(d.machine.Final, int(a.to))})
	}
}

// join adds a transition to the edge between its states.
func (p *Picture) join(from, to, event, action string) {
	i := slices.IndexFunc(p.Edges, func(e Edge) bool { return e.From == from && e.To == to })
	if i < 0 {
		p.Edges = append(p.Edges, Edge{From: from, To: to})
		i = len(p.Edges) - 1
	}
	e := &p.Edges[i]
	for j := range e.Labels {
		if e.Labels[j].Action == action {
			e.Labels[j].Events = append(e.Labels[j].Events, event)
			return
		}
	}
	e.Labels = append(e.Labels, Label{Events: []string{event}, Action: action})
}

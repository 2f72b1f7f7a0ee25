package emit

import (
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// machine writes the section of one machine.
func (p *page) machine(d drawing) {
	p.linef("## The %s machine\n", d.machine.Name)
	p.linef("%s.%s\n", upperFirst(d.words.Means), p.origin(d))
	p.pictures(d)
	p.initial(d)
	u := d.use()
	p.states(d, u)
	p.transitions(d)
	p.actions(d, u)
	p.classes(d)
	p.heads(d)
}

// origin says which file a machine comes from, where it is not the version's own.
func (p *page) origin(d drawing) string {
	if d.spec == nil || d.spec.From == "" || d.spec.From == p.version.Spec.Pos.File {
		return ""
	}
	return fmt.Sprintf(" It comes from [%s](%s%[1]s).", d.spec.From, p.paths.Specs)
}

func (p *page) pictures(d drawing) {
	for _, picture := range Pictures(p.in, p.version, d.machine.Name) {
		if picture.Name != d.machine.Name {
			p.linef("### %s\n", upperFirst(picture.Title))
		}
		p.linef("```mermaid\n%s```\n", mermaidBody(picture))
		if p.paths.Pictures != "" {
			at := p.paths.Pictures + picture.Name
			p.linef("[Mermaid](%s.mmd), [Graphviz](%s.dot)\n", at, at)
		}
	}
}

func (p *page) initial(d drawing) {
	var list []string
	alike := true
	for role, s := range d.machine.Initial {
		alike = alike && s == d.machine.Initial[0]
		list = append(list, fmt.Sprintf("%s (%s)", code(d.stateName(s)), at(d.Vocabulary.Roles, role).Name))
	}
	if alike && len(d.machine.Initial) > 0 {
		list = []string{code(d.stateName(d.machine.Initial[0]))}
	}
	text := "It begins in " + strings.Join(list, " or ") + "."
	var limits []string
	for _, l := range d.machine.Limits {
		limits = append(limits, wordOf(d.Vocabulary.Limits, yielderWord, l))
	}
	if len(limits) > 0 {
		text += " Limits watched at each octet: " + codes(limits) + "."
	}
	p.linef("%s\n", text)
}

func (p *page) states(d drawing, u *usage) {
	p.linef("### States of the %s machine\n", d.machine.Name)
	var roles []int
	for role := range d.machine.Initial {
		roles = append(roles, role)
	}
	var rows [][]string
	for _, w := range d.words.States {
		if !u.states[w.Number] {
			continue
		}
		notes := d.lines(uint8(w.Number), roles)
		if at(d.machine.Final, w.Number) {
			notes = append(notes, "final")
		}
		rows = append(rows, []string{code(w.Name), w.Means, strings.Join(notes, "; ")})
	}
	p.table([]string{"State", "Meaning", "Reads, waits"}, rows)
}

func (p *page) actions(d drawing, u *usage) {
	var rows [][]string
	for _, w := range d.words.Actions {
		if u.actions[w.Number] {
			rows = append(rows, []string{code(w.Name), w.Means})
		}
	}
	if len(rows) > 0 {
		p.linef("### Actions of the %s machine\n", d.machine.Name)
		p.table([]string{"Action", "Meaning"}, rows)
	}
}

// transitions writes the rows by state, then event.
func (p *page) transitions(d drawing) {
	p.linef("### Transitions of the %s machine\n", d.machine.Name)
	columns := []string{"State", "Reads", "Event", "Next", "Action", "Source"}
	mixed := p.mixed(d)
	if mixed {
		columns = append(columns, "From")
	}
	var rows [][]string
	for s := range d.machine.Rows {
		rows = append(rows, p.stateRows(d, uint8(s), mixed)...)
	}
	p.table(columns, rows)
}

// stateRows are the rows of one state; only the first names it.
func (p *page) stateRows(d drawing, s uint8, mixed bool) [][]string {
	name := d.stateName(s)
	read := ""
	if r := at(d.machine.Reads, int(s)); r.Kind != 0 {
		read = d.readText(r, []int{0})
	}
	var rows [][]string
	add := func(cells ...string) {
		if len(rows) == 0 {
			rows = append(rows, append([]string{"**" + name + "**", read}, cells...))
			return
		}
		rows = append(rows, append([]string{"", ""}, cells...))
	}
	for e, c := range d.machine.Rows[s] {
		if c.To == 0 {
			continue
		}
		a := arrow{s, uint8(e), c.To, c.Do}
		cells := []string{code(d.eventName(a.event)), code(d.stateName(a.to)), d.actionText(a.do), d.source(a)}
		if mixed {
			cells = append(cells, p.from(d.rule(name, d.eventName(a.event))))
		}
		add(cells...)
	}
	if own := d.state(name); own != nil && len(own.Refuse) > 0 {
		add(codes(own.Refuse), "refused", "", "")
	}
	return pad(rows)
}

// pad makes rows equally long.
func pad(rows [][]string) [][]string {
	if len(rows) == 0 {
		return rows
	}
	for i := range rows {
		for len(rows[i]) < len(rows[0]) {
			rows[i] = append(rows[i], "")
		}
	}
	return rows
}

func (d drawing) state(name string) *spec.State {
	if d.spec == nil {
		return nil
	}
	for _, s := range d.spec.States {
		if s.Name == name {
			return s
		}
	}
	return nil
}

func (d drawing) actionText(do uint8) string {
	if failure := d.failure(do); failure != "" {
		return failMark + " " + code(failure)
	}
	return code(d.actionName(do))
}

// source is what a row cites: its own citation, or that of its failure.
func (d drawing) source(a arrow) string {
	if r := d.rule(d.stateName(a.from), d.eventName(a.event)); r != nil && r.Cite != "" {
		return r.Cite
	}
	for _, f := range d.Vocabulary.Failures {
		if f.Name == d.failure(a.do) {
			return f.Cite
		}
	}
	return ""
}

// mixed reports whether the rows of a machine come from several files.
func (p *page) mixed(d drawing) bool {
	if d.spec == nil {
		return false
	}
	for _, s := range d.spec.States {
		for _, r := range s.When {
			if r.Changed || r.From != d.spec.From {
				return true
			}
		}
	}
	return false
}

// from says which file a row comes from and whether it was changed there.
func (p *page) from(r *spec.Rule) string {
	switch {
	case r == nil:
		return ""
	case r.Changed:
		return "**" + r.From + "**"
	}
	return r.From
}

func upperFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

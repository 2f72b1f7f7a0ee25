package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// machine writes the section of one machine.
func (p *page) machine(d view) {
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
func (p *page) origin(d view) string {
	if d.spec.From == "" || d.spec.From == p.version.Spec.Pos.File {
		return ""
	}
	return fmt.Sprintf(" It comes from [%s](%s%[1]s).", d.spec.From, p.paths.Specs)
}

func (p *page) pictures(d view) {
	for _, picture := range Pictures(p.in, p.version, d.machine.Name) {
		if picture.Name != d.machine.Name {
			p.linef("### Picture: %s\n", picture.Title)
		}
		p.linef("```mermaid\n%s```\n", mermaidBody(picture))
		if p.paths.Pictures != nil {
			at := p.paths.Pictures(picture)
			p.linef("[Mermaid](%s.mmd), [Graphviz](%s.dot)\n", at, at)
		}
	}
}

func (p *page) initial(d view) {
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

func (p *page) states(d view, u *usage) {
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
	columns := []string{"State", "Meaning", "Reads, waits"}
	if !slices.ContainsFunc(rows, func(row []string) bool { return row[2] != "" }) {
		columns, rows = without(2, columns, rows)
	}
	p.table(columns, rows)
}

func (p *page) actions(d view, u *usage) {
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
func (p *page) transitions(d view) {
	p.linef("### Transitions of the %s machine\n", d.machine.Name)
	columns := []string{"State", "Reads", "Event", "Next", "Action", "Source", "From"}
	rows := [][]string{}
	for s := range d.machine.Rows {
		rows = append(rows, p.stateRows(d, uint8(s))...)
	}
	if !p.mixed(d) {
		columns, rows = without(6, columns, rows)
	}
	if !slices.ContainsFunc(d.machine.Reads, func(r lower.Read) bool { return r.Kind != 0 }) {
		columns, rows = without(1, columns, rows)
	}
	p.table(columns, rows)
}

// without drops a column of a table.
func without(column int, columns []string, rows [][]string) ([]string, [][]string) {
	for i := range rows {
		rows[i] = slices.Delete(rows[i], column, column+1)
	}
	return slices.Delete(columns, column, column+1), rows
}

// stateRows are the rows of one state; only the first names it.
func (p *page) stateRows(d view, s uint8) [][]string {
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
		event := d.eventName(a.event)
		add(code(event), code(d.stateName(a.to)), d.actionText(a.do), d.source(a), p.from(d.rule(name, event)))
	}
	if own := d.spec.State(name); own != nil && len(own.Refuse) > 0 {
		add(codes(own.Refuse), "refused", "", "", "")
	}
	return rows
}

func (d view) actionText(do uint8) string {
	if failure := d.failure(do); failure != "" {
		return failMark + " " + code(failure)
	}
	return code(d.actionName(do))
}

// source is what a row cites, or what its failure does, and its doubt.
func (d view) source(a arrow) string {
	r := d.rule(d.stateName(a.from), d.eventName(a.event))
	switch {
	case r == nil:
	case r.Doubt != "":
		return strings.TrimPrefix(r.Cite+"; **uncertain:** "+r.Doubt, "; ")
	case r.Cite != "":
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
func (p *page) mixed(d view) bool {
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

package tables

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// WriteVersion writes all machines of a version, its constants first and its
// failures last.
func (t *Tables) WriteVersion(w io.Writer) error {
	p := &printer{tables: t}
	p.constants()
	for _, name := range t.Names() {
		p.machine(name)
	}
	p.failures(nil)
	_, err := io.WriteString(w, p.text.String())
	return err
}

// WriteMachine writes one machine, which must be one of Names, and the failures
// that it can end in.
func (t *Tables) WriteMachine(w io.Writer, name string) error {
	p := &printer{tables: t}
	p.machine(name)
	p.failures([]string{name})
	_, err := io.WriteString(w, p.text.String())
	return err
}

// WriteColumns writes rows below each other, their cells aligned.
func WriteColumns(w io.Writer, rows [][]string) error {
	p := &printer{}
	p.columns("", rows)
	_, err := io.WriteString(w, p.text.String())
	return err
}

type printer struct {
	tables *Tables
	text   strings.Builder
}

func (p *printer) linef(form string, args ...any) {
	line := strings.TrimRight(fmt.Sprintf(form, args...), " ")
	p.text.WriteString(line + "\n")
}

// columns writes rows below each other, aligned, each line behind a margin.
func (p *printer) columns(margin string, rows [][]string) {
	var widths []int
	for _, cells := range rows {
		for i, c := range cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for _, cells := range rows {
		line := new(strings.Builder)
		for i, c := range cells {
			line.WriteString(c + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c)+2))
		}
		p.linef("%s%s", margin, line)
	}
}

func (p *printer) constants() {
	t := p.tables
	p.linef("%s (%s)", t.Title, t.Version)
	if t.Confidence != "" {
		p.linef("Uncertain: %s", t.Confidence)
	}
	var rows [][]string
	if t.WireVersion != nil {
		rows = append(rows, []string{"number on the wire", fmt.Sprint(*t.WireVersion)})
	}
	if t.Recognise != nil {
		rows = append(rows, []string{"recognised by", strings.TrimSuffix(t.Recognise.Header+": "+strings.Join(t.Recognise.Values, ", "), ": ")})
	}
	if t.Close != nil {
		rows = append(rows, []string{"body of a close frame", t.Close.Body})
		if t.Close.Own != nil {
			rows = append(rows, []string{"its own begins with", p.byRole(t.Close.Own, " for the ")})
		}
		if len(t.Close.Sent) > 0 {
			rows = append(rows, []string{"close codes received", codeRanges(t.Close.Received)},
				[]string{"close codes sent", codeRanges(t.Close.Sent)})
		}
	}
	if t.TooBig != 0 {
		rows = append(rows, []string{"close code of a message too long", fmt.Sprint(t.TooBig)})
	}
	p.columns("  ", rows)
	p.linef("")
}

func codeRanges(ranges [][2]int) string {
	var list []string
	for _, r := range ranges {
		if r[0] == r[1] {
			list = append(list, fmt.Sprint(r[0]))
			continue
		}
		list = append(list, fmt.Sprintf("%d-%d", r[0], r[1]))
	}
	return strings.Join(list, ", ")
}

func (p *printer) machine(name string) {
	m := p.tables.Machines[name]
	p.linef("%s: %s", strings.ToUpper(name), means(p.tables.Words.Machines, name))
	p.linef("begins in %s", p.byRole(m.Initial, " for the "))
	if len(m.Limits) > 0 {
		p.linef("watches at each octet: %s", strings.Join(m.Limits, ", "))
	}
	p.linef("")
	p.states(m)
	p.classes(m)
	p.heads(m)
}

// byRole joins what holds for roles; alone if it holds for all. Where there are
// no roles the one value has no name.
func (p *printer) byRole(values map[string]string, between string) string {
	if value, ok := values[""]; ok {
		return value
	}
	var list []string
	alike := len(values) == len(p.tables.Words.Roles)
	first := ""
	for i, r := range p.tables.Words.Roles {
		value, ok := values[r.Name]
		if !ok {
			continue
		}
		if i == 0 {
			first = value
		}
		alike = alike && value == first
		list = append(list, value+between+r.Name)
	}
	if alike && len(list) > 0 {
		return first
	}
	return strings.Join(list, ", ")
}

// states writes each state with its rows. The columns of all are aligned.
func (p *printer) states(m machine) {
	var all [][]string
	for _, r := range m.Rows {
		all = append(all, rowCells(r))
	}
	aligned := &printer{tables: p.tables}
	aligned.columns("    ", all)
	lines := slices.Collect(strings.Lines(aligned.text.String()))
	for _, s := range m.States {
		p.linef("  %s: %s%s", s.Name, s.Means, p.notes(s))
		for i, r := range m.Rows {
			if r.From == s.Name {
				p.text.WriteString(lines[i])
			}
		}
	}
	p.linef("")
}

func rowCells(r row) []string {
	action := r.Do
	if r.Fail != "" {
		action = "fail-" + r.Fail
	}
	cite := r.Cite
	if r.Doubt != "" {
		cite = strings.TrimPrefix(cite+"; uncertain: "+r.Doubt, "; ")
	}
	return []string{r.Event, "-> " + r.To, action, cite}
}

// notes say what a state reads, feeds and waits for.
func (p *printer) notes(s state) string {
	var list []string
	if s.Read != nil {
		list = append(list, p.readText(s.Read))
	}
	if s.Input != "" {
		list = append(list, "input "+s.Input)
	}
	if len(s.Waits) > 0 {
		list = append(list, "waits for "+p.byRole(s.Waits, " as "))
	}
	if s.Final {
		list = append(list, "final")
	}
	if len(list) == 0 {
		return ""
	}
	return " [" + strings.Join(list, "; ") + "]"
}

func (p *printer) readText(r *read) string {
	arguments := make(map[string]string, len(r.Argument))
	for role, a := range r.Argument {
		arguments[role] = fmt.Sprint(a)
	}
	text := "reads " + r.Kind + ": " + p.byRole(arguments, " as ")
	if r.Through != "" {
		text += " through " + r.Through
	}
	if r.As != "" {
		text += ", kept as " + r.As
	}
	return text
}

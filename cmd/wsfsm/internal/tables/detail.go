package tables

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// classes writes which octets give which event. Of the tables that differ by
// who owns the reserved bits only the one in which nobody does is shown.
func (p *printer) classes(m machine) {
	for _, name := range slices.Sorted(maps.Keys(m.Classes)) {
		for _, c := range m.Classes[name] {
			if slices.ContainsFunc(c.RSV, func(mode string) bool { return mode != "unowned" }) {
				continue
			}
			head := "  class " + name
			if len(c.Roles) > 0 && len(c.Roles) < len(p.tables.Words.Roles) {
				head += " of the " + strings.Join(c.Roles, ", ")
			}
			p.linef("%s", head)
			p.columns("    ", octetRows(c))
		}
	}
	if len(m.Classes) > 0 {
		p.linef("")
	}
}

// octetRows lists events with their octets, in the order of the first one.
func octetRows(c class) [][]string {
	var rows [][]string
	for _, r := range c.Octets {
		event, ok := r[2].(string)
		if !ok {
			continue // cannot happen
		}
		octets := fmt.Sprintf("%02x", int(number(r[0])))
		if r[0] != r[1] {
			octets += fmt.Sprintf("-%02x", int(number(r[1])))
		}
		i := slices.IndexFunc(rows, func(row []string) bool { return row[0] == event })
		if i < 0 {
			rows = append(rows, []string{event, octets})
			continue
		}
		rows[i][1] += " " + octets
	}
	return rows
}

func number(v any) float64 {
	n, _ := v.(float64)
	return n
}

func (p *printer) heads(m machine) {
	for _, name := range slices.Sorted(maps.Keys(m.Heads)) {
		p.linef("  head %s", name)
		var rows [][]string
		for _, l := range m.Heads[name] {
			rows = append(rows, []string{l.Name, l.required(), l.sent(), l.Else})
		}
		p.columns("    ", append([][]string{{"LINE", "REQUIRED", "SENT", "OTHERWISE"}}, rows...))
		p.linef("")
	}
}

func (l line) required() string {
	var list []string
	if l.Count != nil {
		list = append(list, fmt.Sprintf("count %d", *l.Count))
	}
	if l.Optional {
		list = append(list, "optional")
	}
	is := "is %s"
	if l.Fold {
		is += " (any case)"
	}
	for _, rule := range []struct{ form, value string }{
		{is, l.Is}, {"one of %s", strings.Join(l.OneOf, ", ")}, {"has %s", l.Has}, {"at least %s", l.AtLeast}, {"equals the %s", l.Equals}, {"form %s", l.Form},
	} {
		if rule.value != "" {
			list = append(list, fmt.Sprintf(rule.form, rule.value))
		}
	}
	return strings.Join(list, ", ")
}

func (l line) sent() string {
	if l.From != "" {
		return "the " + l.From
	}
	return l.Send
}

// failures writes those that the machines, or all if none is named, can end in.
func (p *printer) failures(machines []string) {
	used := make(map[string]bool)
	for name, m := range p.tables.Machines {
		for _, r := range m.Rows {
			if machines == nil || slices.Contains(machines, name) {
				used[r.Fail] = true
			}
		}
	}
	var rows [][]string
	for _, f := range p.tables.Words.Failures {
		if used[f.Name] {
			rows = append(rows, []string{"fail-" + f.Name, code(f), f.Cite, f.Means})
		}
	}
	if len(rows) > 0 {
		p.linef("FAILURES")
		p.columns("    ", rows)
	}
}

// code is what tells the peer: a close code or an HTTP status.
func code(f failure) string {
	switch {
	case f.Code != 0:
		return fmt.Sprintf("close %d", f.Code)
	case f.Status != 0:
		return fmt.Sprintf("HTTP %d", f.Status)
	}
	return ""
}

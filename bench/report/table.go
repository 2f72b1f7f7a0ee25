package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/bench/measure"
)

// table has a row for each work of a group whose name holds want, and a column for
// each contestant.
func table(s measure.Store, group, want string) string {
	var rows []measure.Result
	var names []string
	for _, r := range s.Group(group) {
		if !strings.Contains(r.Name, want) {
			continue
		}
		rows = append(rows, r)
		for _, f := range r.Figures {
			if !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	if len(rows) == 0 {
		return "(not measured)\n"
	}
	if len(names) > 14 {
		return turned(rows, names)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s | best peer |\n|---|%s---|\n", rows[0].Unit, strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s |", r.Name)
		for _, name := range names {
			fmt.Fprintf(&b, " %s |", cell(r, name))
		}
		fmt.Fprintf(&b, " %s |\n", beside(r))
	}
	return b.String()
}

// turned has the contestants as rows, since there are many.
func turned(rows []measure.Result, names []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", rows[0].Unit)
	for _, r := range rows {
		fmt.Fprintf(&b, " %s |", r.Name)
	}
	fmt.Fprintf(&b, "\n|---|%s\n", strings.Repeat("---|", len(rows)))
	for _, name := range names {
		fmt.Fprintf(&b, "| %s |", name)
		for _, r := range rows {
			fmt.Fprintf(&b, " %s |", cell(r, name))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// cell is the median, for this library with the quartiles, and the allocations if
// there are any.
func cell(r measure.Result, name string) string {
	f, there := r.Figure(name)
	if !there {
		return ""
	}
	text := number(f.Median)
	if f.Own && f.High > f.Low {
		text = fmt.Sprintf("**%s** (%s … %s)", text, number(f.Low), number(f.High))
	} else if f.Own {
		text = "**" + text + "**"
	}
	if f.Allocs >= 0.1 {
		text += " " + allocs(f.Allocs)
	}
	if f.Note != "" {
		text += " " + f.Note
	}
	return text
}

// beside is the best of this library as a ratio to the best peer.
func beside(r measure.Result) string {
	best := r.Best()
	own, there := bestOwn(r)
	if best == nil || !there {
		return ""
	}
	return fmt.Sprintf("%s, %s %s", best.Name, own.Name, ratio(r.Ratio(own)))
}

// bestOwn is the best of this library that is no part of it.
func bestOwn(r measure.Result) (best measure.Figure, there bool) {
	best.Median = math.NaN()
	for _, f := range r.Figures {
		if f.Own && !f.Beside && (!there || r.More == (f.Median > best.Median)) {
			best, there = f, true
		}
	}
	return best, there
}

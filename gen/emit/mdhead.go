package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// heads writes the lines of the HTTP heads of a machine.
func (p *page) heads(d view) {
	for _, h := range d.machine.Heads {
		p.linef("### The head of the %s\n", h.Name)
		p.linef("In the order sent and checked; the first line that does not hold is the finding.\n")
		var rows [][]string
		for _, l := range h.Lines {
			rows = append(rows, []string{code(l.Name), d.required(l), d.sent(l), code(d.eventName(l.Else))})
		}
		p.table([]string{"Line", "Required", "Sent", "Otherwise"}, rows)
	}
}

// required says what must hold for a line.
func (d view) required(l lower.HeadLine) string {
	var list []string
	add := func(form, value string) {
		if value != "" {
			list = append(list, fmt.Sprintf(form, value))
		}
	}
	add("%s", countText(l))
	is := "is %s"
	if l.Fold {
		is += " in any case"
	}
	add(is, code(l.Is))
	add("is one of %s", codes(l.OneOf))
	add("has the token %s", code(l.Has))
	add("at least %s", code(l.AtLeast))
	add("%s", d.means(l.Form))
	add("equals %s", valueMeans(d, l.Equals))
	return strings.Join(list, "; ")
}

func countText(l lower.HeadLine) string {
	switch {
	case l.Count < 0 && l.Optional:
		return "optional"
	case l.Count < 0:
		return ""
	case l.Count == 0:
		return "absent"
	case l.Optional:
		return fmt.Sprintf("at most %s", times(l.Count))
	}
	return fmt.Sprintf("exactly %s", times(l.Count))
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func (d view) means(form uint8) string {
	if form == 0 {
		return ""
	}
	return at(d.Vocabulary.Forms, int(form)-1).Means
}

func valueMeans(d view, value uint8) string {
	if value == 0 {
		return ""
	}
	return at(d.Vocabulary.Values, int(value)-1).Means
}

// sent says what is sent.
func (d view) sent(l lower.HeadLine) string {
	if l.Send != "" {
		return code(l.Send)
	}
	return valueMeans(d, l.From)
}

// failed are the failures that the version can end in.
func (p *page) failed() []spec.Failure {
	used := make(map[uint8]bool)
	for _, m := range p.version.Lowered.Machines {
		for _, row := range m.Rows {
			for _, c := range row {
				used[c.Do] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(p.in.Vocabulary.Failures), func(f spec.Failure) bool {
		return !used[uint8(lower.FailBase+f.Number)]
	})
}

// failures lists them.
func (p *page) failures() {
	var rows [][]string
	for _, f := range p.failed() {
		rows = append(rows, []string{code(f.Name), f.Means, number(f.Code), number(f.Status), f.Fault, f.Cite})
	}
	if len(rows) == 0 {
		return
	}
	p.linef("## Failures\n")
	p.linef("The close code is sent where frames flow, the HTTP status where a server answers a request.\n")
	p.table([]string{"Failure", "Meaning", "Close code", "Status", "Fault", "Source"}, rows)
}

// number writes a number; nothing for zero.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

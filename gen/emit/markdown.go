package emit

import (
	"fmt"
	"strings"
)

// Paths says where a page's neighbours lie, seen from the page. Directories end
// with a slash; what is empty is not linked to.
type Paths struct {
	Specs    string               // directory of the spec files
	Tables   string               // the version's JSON tables
	Pictures func(Picture) string // where the files of a picture are, without their ending; nil if nowhere
}

// Markdown writes a version as a page: its constants, and for each machine its
// pictures, transitions, classes and heads.
func Markdown(in Input, v Version, paths Paths) []byte {
	p := page{in: in, version: v, paths: paths}
	p.linef("<!-- %s -->\n", in.mark(in.files(v)...))
	p.linef("# %s\n", v.Lowered.Title)
	p.introduction()
	p.constants()
	for i := range v.Lowered.Machines {
		p.machine(in.view(v, &v.Lowered.Machines[i]))
	}
	p.failures()
	return []byte(strings.TrimRight(p.String(), "\n") + "\n")
}

// page is a page in the making.
type page struct {
	strings.Builder
	in      Input
	version Version
	paths   Paths
}

// linef writes one line.
func (p *page) linef(form string, args ...any) {
	fmt.Fprintf(&p.Builder, form, args...)
	p.WriteByte('\n')
}

// table writes a table; no rows, no table.
func (p *page) table(columns []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	p.linef("| %s |", strings.Join(columns, " | "))
	p.linef("|%s", strings.Repeat(" --- |", len(columns)))
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = strings.ReplaceAll(c, "|", `\|`)
		}
		p.linef("| %s |", strings.Join(cells, " | "))
	}
	p.linef("")
}

// code writes a word as code; nothing for nothing.
func code(word string) string {
	if word == "" {
		return ""
	}
	return "`" + word + "`"
}

// codes writes several words as code.
func codes(words []string) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = code(w)
	}
	return strings.Join(list, ", ")
}

func (p *page) introduction() {
	p.linef("The version `%s` as its machines: what each reads, which events it meets, where they lead", p.version.Lowered.Name)
	p.linef("and what is done on the way.%s\n", p.marks())
	if c := p.version.Spec.Confidence; c != "" {
		p.linef("> **Uncertain:** %s\n", c)
	}
	p.linef("Specified in %s.", p.sources())
	if p.paths.Tables != "" {
		p.linef("The same as [JSON tables](%s).", p.paths.Tables)
	}
	p.linef("")
}

// marks explains the marks that occur.
func (p *page) marks() string {
	if len(p.failed()) == 0 {
		return ""
	}
	return " A failure is marked " + failMark + "; it ends the machine."
}

func (p *page) sources() string {
	var list []string
	for _, file := range p.in.files(p.version) {
		name := strings.TrimPrefix(file, p.in.Dir)
		list = append(list, fmt.Sprintf("[%s](%s%s)", name, p.paths.Specs, name))
	}
	return strings.Join(list, ", ")
}

func (p *page) constants() {
	l, s := p.version.Lowered, p.version.Spec
	var rows [][]string
	add := func(what, value string) {
		if value != "" {
			rows = append(rows, []string{what, value})
		}
	}
	add("Number on the wire", code(s.WireVersion))
	if s.Recognise != nil {
		add("Recognised by", recognised(l.RecogniseHeader, l.RecogniseValues))
	}
	add("Body of a close frame", code(wordOf(p.in.Vocabulary.Closes, yielderWord, l.CloseBody)))
	if own := s.Close; own != nil && own.Own != nil {
		for _, role := range p.in.Vocabulary.Roles {
			add("What the "+role.Name+" begins its close body with", code(own.Own[role.Name]))
		}
	}
	add("Close codes that may be received", codeRanges(l.CloseReceived))
	add("Close codes that may be sent", codeRanges(l.CloseSent))
	if l.TooBig != 0 {
		add("Close code of a message beyond the limit", fmt.Sprint(l.TooBig))
	}
	if len(rows) > 0 {
		p.linef("## Constants\n")
		p.table([]string{"Constant", "Value"}, rows)
	}
}

// recognised says by which header of a request a version is recognised.
func recognised(header string, values []string) string {
	if header == "" {
		return "what no other version claims"
	}
	if len(values) == 0 {
		return code(header) + ", whatever its value"
	}
	return code(header) + ": " + codes(values)
}

func codeRanges(ranges [][2]uint16) string {
	var list []string
	for _, r := range ranges {
		if r[0] == r[1] {
			list = append(list, fmt.Sprint(r[0]))
		} else {
			list = append(list, fmt.Sprintf("%d–%d", r[0], r[1]))
		}
	}
	return strings.Join(list, ", ")
}

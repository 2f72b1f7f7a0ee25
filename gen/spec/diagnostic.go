package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is a kind of mistake: a short word that stays the same when messages
// are reworded.
type Kind string

// Diagnostic is one mistake in a spec file.
type Diagnostic struct {
	Kind    Kind
	Pos     Pos
	Message string
	Help    string // what to do about it; "" if the message says it all
	Line    string // the line of the file; "" if there is none to show
	Width   int    // characters of Line, from Pos.Column on, that are wrong
}

// widestExcerpt bounds the excerpt of a line, in characters.
const widestExcerpt = 160

// String is the message behind its place, then the line and a row of carets.
func (d Diagnostic) String() string {
	b := new(strings.Builder)
	fmt.Fprintf(b, "%s: %s", d.Pos, d.Message)
	if d.Help != "" {
		fmt.Fprintf(b, " (%s)", d.Help)
	}
	if d.Line == "" {
		return b.String()
	}
	line, column := d.excerpt()
	width := max(1, min(d.Width, utf8.RuneCountInString(line)-column+1))
	fmt.Fprintf(b, "\n%5d | %s\n      | %s%s", d.Pos.Line, line, strings.Repeat(" ", column-1), strings.Repeat("^", width))
	return b.String()
}

// excerpt is the part of the line that is shown, and the column in it.
func (d Diagnostic) excerpt() (string, int) {
	line := []rune(printable(d.Line))
	column := min(max(d.Pos.Column, 1), len(line)+1)
	first := 0
	if len(line) > widestExcerpt && column > widestExcerpt/2 {
		first = min(column-widestExcerpt/2, len(line)-widestExcerpt)
	}
	return string(line[first:min(len(line), first+widestExcerpt)]), column - first
}

// printable replaces what would move the carets or the cursor.
func printable(line string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t':
			return ' '
		case !unicode.IsPrint(c):
			return unicode.ReplacementChar
		}
		return c
	}, line)
}

// Diagnostics is an error that lists mistakes in the order of their places.
type Diagnostics struct {
	List []Diagnostic
	More int // mistakes that were found but are not in List
}

// Error lists all diagnostics, each with its excerpt, separated by line feeds.
func (e *Diagnostics) Error() string {
	lines := make([]string, 0, len(e.List)+1)
	for _, d := range e.List {
		lines = append(lines, d.String())
	}
	if e.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", e.More))
	}
	return strings.Join(lines, "\n")
}

// mostDiagnostics bounds a list of diagnostics.
const mostDiagnostics = 100

// Report collects diagnostics about the files of one set.
type Report struct {
	loader  *Loader // nil if nothing is kept
	sources map[string][]string
	seen    map[Diagnostic]bool
	list    []Diagnostic
	more    int
	added   int
}

func newReport() *Report {
	return &Report{sources: make(map[string][]string), seen: make(map[Diagnostic]bool)}
}

// Add adds a mistake at a place. Saying the same again changes nothing: a base
// is looked at once for each version that extends it.
func (r *Report) Add(kind Kind, pos Pos, help, format string, args ...any) {
	r.added++
	d := Diagnostic{Kind: kind, Pos: pos, Message: fmt.Sprintf(format, args...), Help: help}
	if r.seen[d] {
		return
	}
	if len(r.list) == mostDiagnostics {
		r.more++
		return
	}
	r.seen[d] = true
	if lines := r.sources[pos.File]; pos.Line > 0 && pos.Line <= len(lines) {
		d.Line = lines[pos.Line-1]
		d.Width = tokenWidth(d.Line, pos.Column)
	}
	r.list = append(r.list, d)
}

// Added is how often Add was called, repetitions included.
func (r *Report) Added() int { return r.added }

// Err is nil if nothing was added, else a *Diagnostics.
func (r *Report) Err() error {
	if len(r.list) == 0 {
		return nil
	}
	list := slices.Clone(r.list)
	slices.SortStableFunc(list, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column), cmp.Compare(a.Message, b.Message))
	})
	return &Diagnostics{List: list, More: r.more}
}

// tokenWidth is the number of characters of the word or quoted text that
// stands at a column of a line.
func tokenWidth(line string, column int) int {
	rest := []rune(line)
	if column < 1 || column > len(rest) {
		return 1
	}
	rest = rest[column-1:]
	if quote := rest[0]; quote == '"' || quote == '\'' {
		return quotedWidth(rest)
	}
	for i, c := range rest {
		ends := strings.ContainsRune(" \t,{}[]\"'", c) || c == ':' && i > 0 && (i+1 == len(rest) || rest[i+1] == ' ')
		if ends {
			return max(1, i)
		}
	}
	return len(rest)
}

// quotedWidth is the number of characters of the quoted text that text begins
// with, both quotes counted; 1 if it does not end in this line.
func quotedWidth(text []rune) int {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case quote == '"' && text[i] == '\\':
			i++
		case text[i] != quote:
		case quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		default:
			return i + 1
		}
	}
	return 1
}

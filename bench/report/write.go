package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/wsfsm/wsfsm/bench/measure"
)

//go:embed performance.md.tmpl
var page string

// Write writes the page, and the plots into a folder beside it that is named like
// it.
func Write(s measure.Store, file string) error {
	plots := strings.TrimSuffix(file, filepath.Ext(file))
	if err := os.MkdirAll(plots, 0o755); err != nil {
		return err
	}
	if err := plotAll(s, plots); err != nil {
		return err
	}
	t, err := template.New("page").Funcs(template.FuncMap{
		"table":  func(group string, want string) string { return table(s, group, want) },
		"rounds": func() string { return rounds(s) },
		"goals":  func() string { return goals(s) },
		"oldest": func() string { return oldest(s) },
		"plot": func(name, text string) string {
			return fmt.Sprintf("![%s](%s/%s.svg)", text, filepath.Base(plots), name)
		},
	}).Parse(page)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, s.Machine); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// rounds says how often and how long was measured.
func rounds(s measure.Store) string {
	if len(s.Results) == 0 {
		return "no rounds"
	}
	least, most := s.Results[0], s.Results[0]
	for _, r := range s.Results {
		least.Rounds, most.Rounds = min(least.Rounds, r.Rounds), max(most.Rounds, r.Rounds)
		least.Time, most.Time = min(least.Time, r.Time), max(most.Time, r.Time)
	}
	return fmt.Sprintf("%s rounds, samples of %s (of 300 ms for echo)", fromTo(least.Rounds, most.Rounds), fromTo(least.Time, most.Time))
}

func fromTo[T comparable](least, most T) string {
	if least == most {
		return fmt.Sprint(least)
	}
	return fmt.Sprintf("%v to %v", least, most)
}

// The marks in a page between which Insert writes.
const (
	begin = "<!-- figures of bench: begin -->\n"
	end   = "<!-- figures of bench: end -->\n"
)

// Insert writes the figures of deflate into a page that somebody has written,
// between its marks.
func Insert(s measure.Store, file string) error {
	p, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(p), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%s has no marks %q and %q", file, begin, end)
	}
	figures := fmt.Sprintf("%s, %d cores, %s:\n\n%s\n%s", s.Machine.Date, s.Machine.Cores, s.Machine.Go,
		table(s, "deflate", ""), table(s, "memory", "deflate"))
	return os.WriteFile(file, []byte(before+begin+figures+end+after), 0o644)
}

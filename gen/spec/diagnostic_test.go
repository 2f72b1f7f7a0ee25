package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestDiagnosticsAreSortedAndBounded(t *testing.T) {
	r := newReport()
	if r.Err() != nil {
		t.Fatal("an empty report is an error")
	}
	r.sources["f"] = strings.Split(strings.Repeat("some words\n", 200), "\n")
	for i := 120; i > 0; i-- {
		for range 2 { // the second time is no news
			r.Add(BadValue, Pos{File: "f", Line: i, Column: 6}, "", "number %d", i)
		}
	}
	var found *Diagnostics
	if !errors.As(r.Err(), &found) || len(found.List) != mostDiagnostics {
		t.Fatalf("got %v", r.Err())
	}
	if found.More == 0 || r.Added() != 240 {
		t.Errorf("%d more, %d added", found.More, r.Added())
	}
	for i, d := range found.List[1:] {
		if d.Pos.Line <= found.List[i].Pos.Line {
			t.Fatalf("line %d follows line %d", d.Pos.Line, found.List[i].Pos.Line)
		}
	}
	first := "f:21:6: number 21\n   21 | some words\n      |      ^^^^^\n"
	if text := found.Error(); !strings.HasPrefix(text, first) || !strings.HasSuffix(text, fmt.Sprintf("and %d more", found.More)) {
		t.Errorf("got %q", text)
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("x", 300) + " here " + strings.Repeat("y", 300)
	for _, c := range []struct {
		line   string
		column int
		want   string
	}{
		{"a: b", 4, "    1 | a: b\n      |    ^"},
		{"a: {to: opne}", 9, "    1 | a: {to: opne}\n      |         ^^^^"},
		{`a: "b c", d`, 4, "    1 | a: \"b c\", d\n      |    ^^^^^"},
		{`a: 'b''c' d`, 4, "    1 | a: 'b''c' d\n      |    ^^^^^^"},
		{`a: "b\"c" d`, 4, "    1 | a: \"b\\\"c\" d\n      |    ^^^^^^"},
		{"end:", 1, "    1 | end:\n      | ^^^"},
		{"12:30", 1, "    1 | 12:30\n      | ^^^^^"},
		{"é: ü", 4, "    1 | é: ü\n      |    ^"},
		{"a:\tb", 4, "    1 | a: b\n      |    ^"},
		{"a: b", 5, "    1 | a: b\n      |     ^"},
		{long, 302, "    1 | " + long[301-79:301-79+160] + "\n      | " + strings.Repeat(" ", 79) + "^^^^"},
	} {
		r := newReport()
		r.sources["f"] = []string{c.line}
		r.Add(BadValue, Pos{File: "f", Line: 1, Column: c.column}, "", "m")
		_, got, _ := strings.Cut(r.Err().Error(), "\n")
		if got != c.want {
			t.Errorf("%q, %d:\n%s\nwant:\n%s", c.line, c.column, got, c.want)
		}
	}
}

func TestWithoutAFile(t *testing.T) {
	set := &Set{} // made by hand
	r := set.Report()
	r.Add(BadValue, Pos{File: "f", Line: 3, Column: 1}, "do not", "no line to show")
	if got := r.Err().Error(); got != "f:3:1: no line to show (do not)" {
		t.Errorf("got %q", got)
	}
}

func TestSuggest(t *testing.T) {
	words := []string{"open", "closing-sent", "closed", "a"}
	for name, want := range map[string]string{
		"opne": `did you mean "open"?`, "oepn": `did you mean "open"?`, "clsed": `did you mean "closed"?`, "closing-snet": `did you mean "closing-sent"?`,
		"open": "", "b": "", "shut": "", "": "", strings.Repeat("x", 1000): "",
	} {
		if got := Suggest(name, words); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := Suggest("x", nil); got != "" {
		t.Errorf("got %q of nothing", got)
	}
}

// brokenFS fails where it is asked for a file.
type brokenFS struct{ fstest.MapFS }

func (f brokenFS) Open(string) (fs.File, error) { return nil, errors.New("broken") }

func TestUnreadable(t *testing.T) {
	if _, err := Load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "there is no file vocabulary.yaml") {
		t.Errorf("empty: %v", err)
	}
	files := fstest.MapFS{"vocabulary.yaml": {Data: []byte("vocabulary: \"1\"\nmachines: {}\n")}}
	if _, err := Load(brokenFS{files}); err == nil || err.Error() != "vocabulary.yaml: the file cannot be read: broken" {
		t.Errorf("broken: %v", err)
	}
	for i := range mostFiles + 1 {
		files[fmt.Sprintf("v%d.yaml", i)] = &fstest.MapFile{Data: []byte("version: x\n")}
	}
	if _, err := Load(files); err == nil || !strings.Contains(err.Error(), "more than 64 files") {
		t.Errorf("many: %v", err)
	}
}

func TestTakenFor(t *testing.T) {
	for _, text := range []string{
		"", "~", "null", "NULL", "true", "False", "YES", "no", "on", "Off", "y", "N", "0", "-1", "+1", "13", "1_000", "017", "0o17", "0x1F", "0b101", "0B1", "0XaF", "0O7", "0_x1",
		"1.5", ".5", "1e3", "1.5e-3", "-.inf", ".NaN", "12:30", "190:20:30", "1:2.5", "2011-12-11", "2011-12-11T10:00:00Z", "=", "<<", "-", "?", "...a", "-a", "@a", "%a", "0.1111110", "1.000.1000",
	} {
		if takenFor(&node{text: text, plain: true}) == "" {
			t.Errorf("%q is a text", text)
		}
		if takenFor(&node{text: text}) != "" {
			t.Errorf("%q in quotes is no text", text)
		}
	}
	for _, text := range []string{"open", "rfc6455", "HTTP/1.1", "1000-1003", "x.mmm.0001", "0x23-0x27", "nothing", "yesterday", "a-", "a1", "e3", "0xG"} {
		if other := takenFor(&node{text: text, plain: true}); other != "" {
			t.Errorf("%q is taken for %s", text, other)
		}
	}
}

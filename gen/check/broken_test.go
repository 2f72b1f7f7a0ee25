package check_test

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wsfsm/wsfsm/gen/check"
	"github.com/wsfsm/wsfsm/gen/spec"
)

var update = flag.Bool("update", false, "rewrite what the cases in ../testdata/broken expect")

const brokenDir = "../testdata/broken"

// section is one part of a case: a line "-- title --" and what follows it.
type section struct{ title, body string }

func sections(text string) (comment string, list []section) {
	var current *section
	for line := range strings.Lines(text) {
		title, is := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
		title, ends := strings.CutSuffix(title, " --")
		switch {
		case is && ends:
			list = append(list, section{title: title})
			current = &list[len(list)-1]
		case current == nil:
			comment += line
		default:
			current.body += line
		}
	}
	return comment, list
}

// edit applies hunks to a file: lines with "- " that stand in it once, and
// lines with "+ " that take their place.
func edit(content, hunks string) (string, error) {
	var from, to string
	apply := func() error {
		if from == "" {
			return nil
		}
		if n := strings.Count("\n"+content, "\n"+from); n != 1 {
			return fmt.Errorf("these lines stand in the file %d times:\n%s", n, from)
		}
		content = strings.TrimPrefix(strings.Replace("\n"+content, "\n"+from, "\n"+to, 1), "\n")
		from, to = "", ""
		return nil
	}
	for line := range strings.Lines(hunks) {
		switch {
		case strings.HasPrefix(line, "- "):
			if to != "" {
				if err := apply(); err != nil {
					return "", err
				}
			}
			from += line[2:]
		case strings.HasPrefix(line, "+ "):
			to += line[2:]
		case strings.TrimSpace(line) == "":
			if err := apply(); err != nil {
				return "", err
			}
		default:
			return "", fmt.Errorf("neither - nor +: %s", line)
		}
	}
	return content, apply()
}

// caseFiles builds the spec files of a case and returns what it expects. The
// first section names the directory that it starts from.
func caseFiles(t *testing.T, list []section) (all fstest.MapFS, want string) {
	t.Helper()
	all = make(fstest.MapFS)
	for _, s := range list {
		verb, name, _ := strings.Cut(s.title, " ")
		switch verb {
		case "start":
			all = files(t, "../testdata/"+name)
		case "file":
			body, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(s.body, `"`, `\"`), "\n", `\n`) + `"`)
			if err != nil {
				t.Fatal(err)
			}
			all[name] = &fstest.MapFile{Data: []byte(body)}
		case "edit":
			changed, err := edit(string(all[name].Data), s.body)
			if err != nil {
				t.Fatal(err)
			}
			all[name] = &fstest.MapFile{Data: []byte(changed)}
		case "repeat": // the number of times, then the file that grows by it
			times, name, _ := strings.Cut(name, " ")
			n, err := strconv.Atoi(times)
			if err != nil {
				t.Fatal(err)
			}
			var before []byte
			if all[name] != nil {
				before = all[name].Data
			}
			all[name] = &fstest.MapFile{Data: append(slices.Clone(before), repeated(s.body, n)...)}
		case "remove":
			delete(all, name)
		case "want":
			want = s.body
		default:
			t.Fatalf("unknown section %q", s.title)
		}
	}
	return all, want
}

// repeated is a line n times, without line feeds but for \n, numbered where it
// says %d.
func repeated(line string, n int) []byte {
	line = strings.ReplaceAll(strings.TrimSuffix(line, "\n"), `\n`, "\n")
	var b []byte
	for i := range n {
		b = append(b, strings.ReplaceAll(line, "%d", strconv.Itoa(i))...)
	}
	return b
}

func loadAndCheck(fsys fs.FS) error {
	set, err := spec.Load(fsys)
	if err == nil {
		err = check.Check(set)
	}
	return err
}

// TestBroken runs the cases of mistakes: each file of the directory makes one,
// mostly by an edit of a set that is right, and shows the exact message.
func TestBroken(t *testing.T) {
	seen := make(map[spec.Kind]bool)
	for _, file := range brokenCases(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, list := sections(string(content))
			fsys, want := caseFiles(t, list)
			var found *spec.Diagnostics
			if err := loadAndCheck(fsys); !errors.As(err, &found) {
				t.Fatalf("accepted, or no diagnostics: %v", err)
			}
			kind, _, _ := strings.Cut(name, ".")
			if !slices.ContainsFunc(found.List, func(d spec.Diagnostic) bool { return string(d.Kind) == kind }) {
				t.Errorf("no diagnostic is of kind %s", kind)
			}
			for _, d := range found.List {
				seen[d.Kind] = true
			}
			got := found.Error() + "\n"
			if *update {
				rewrite(t, file, string(content), got)
			} else if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
	for _, kind := range kinds(t) {
		if !seen[kind] {
			t.Errorf("no case in %s shows a diagnostic of kind %s", brokenDir, kind)
		}
	}
}

func brokenCases(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob(brokenDir + "/*.txt")
	if err != nil || len(list) == 0 {
		t.Fatalf("no cases in %s: %v", brokenDir, err)
	}
	return list
}

// rewrite puts what a case expects in its place.
func rewrite(t *testing.T, file, content, want string) {
	t.Helper()
	before, _, _ := strings.Cut(content, "-- want --\n")
	if err := os.WriteFile(file, []byte(before+"-- want --\n"+want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// kinds are all constants of type spec.Kind that the packages declare.
func kinds(t *testing.T) []spec.Kind {
	t.Helper()
	var list []spec.Kind
	for _, file := range []string{"kinds.go", "../spec/kinds.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			value, is := n.(*ast.ValueSpec)
			if !is {
				return true
			}
			text, err := strconv.Unquote(value.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, spec.Kind(text))
			return false
		})
	}
	if len(list) < 40 {
		t.Fatalf("only %d kinds were found", len(list))
	}
	return list
}

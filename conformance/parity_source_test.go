package conformance_test

import (
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// declared is what the module's files declare. Directories are relative to its
// root, which is called wsfsm.
type declared struct {
	exported map[string]bool            // "dir.Name", "dir.Type.Member"
	tests    map[string]testFunc        // "dir.Name", of those that go test runs here
	mentions map[string]map[string]bool // by directory: names in its test files
}

// testFunc is a test, an example with output, or a fuzz test.
type testFunc struct {
	dir, file string // slashes, from the root
	skips     bool   // it calls Skip
}

// readDeclared parses the module.
func readDeclared(t testing.TB) *declared {
	t.Helper()
	s := &declared{map[string]bool{}, map[string]testFunc{}, map[string]map[string]bool{}}
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); path != ".." && (err == nil || e.Name() == "testdata" || strings.HasPrefix(e.Name(), ".")) {
				return fs.SkipDir
			}
			return nil
		}
		return s.add(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// add reads a file if it is Go and built here.
func (s *declared) add(path string) error {
	folder, name := filepath.Split(path)
	if filepath.Ext(name) != ".go" {
		return nil
	}
	if built, err := build.Default.MatchFile(folder, name); err != nil || !built {
		return err
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	file := strings.TrimPrefix(filepath.ToSlash(path), "../")
	dir := "wsfsm"
	if i := strings.LastIndexByte(file, '/'); i >= 0 {
		dir = file[:i]
	}
	if strings.HasSuffix(name, "_test.go") {
		s.addTests(dir, file, f)
		return nil
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			s.addFunc(dir, d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				s.addSpec(dir, spec)
			}
		}
	}
	return nil
}

// export notes a name if all its parts are public.
func (s *declared) export(dir string, parts ...string) {
	for _, part := range parts {
		if !ast.IsExported(part) {
			return
		}
	}
	s.exported[dir+"."+strings.Join(parts, ".")] = true
}

func (s *declared) addFunc(dir string, d *ast.FuncDecl) {
	if d.Recv == nil {
		s.export(dir, d.Name.Name)
		return
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if id, ok := receiver.(*ast.Ident); ok { // none of the generic types has methods to be named
		s.export(dir, id.Name, d.Name.Name)
	}
}

func (s *declared) addSpec(dir string, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for _, id := range spec.Names {
			s.export(dir, id.Name)
		}
	case *ast.TypeSpec:
		s.export(dir, spec.Name.Name)
		var members *ast.FieldList
		switch of := spec.Type.(type) {
		case *ast.StructType:
			members = of.Fields
		case *ast.InterfaceType:
			members = of.Methods
		default:
			return
		}
		for _, member := range members.List {
			for _, id := range member.Names {
				s.export(dir, spec.Name.Name, id.Name)
			}
		}
	}
}

// addTests notes the functions of a test file that go test runs, and all names
// in it.
func (s *declared) addTests(dir, file string, f *ast.File) {
	if s.mentions[dir] == nil {
		s.mentions[dir] = map[string]bool{}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			s.mentions[dir][id.Name] = true
		}
		return true
	})
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && (isTest(fn, "Test", "T") || isTest(fn, "Fuzz", "F")) {
			s.tests[dir+"."+fn.Name.Name] = testFunc{dir, file, callsSkip(fn)}
		}
	}
	for _, e := range doc.Examples(f) {
		if e.Output != "" || e.EmptyOutput { // others are only compiled
			s.tests[dir+".Example"+e.Name] = testFunc{dir, file, false}
		}
	}
}

// isTest reports whether a function has the name and parameter of a test.
func isTest(fn *ast.FuncDecl, prefix, parameter string) bool {
	rest, ok := strings.CutPrefix(fn.Name.Name, prefix)
	if first, _ := utf8.DecodeRuneInString(rest); !ok || unicode.IsLower(first) || fn.Type.Params.NumFields() != 1 {
		return false
	}
	star, ok := fn.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	selector, ok := star.X.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == parameter
}

func callsSkip(fn *ast.FuncDecl) (skips bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(selector.Sel.Name, "Skip") {
			skips = true
		}
		return true
	})
	return skips
}

// TestSourceIsRead plants functions that go test does not run.
func TestSourceIsRead(t *testing.T) {
	const text = `package p

func TestRuns(t *testing.T)        {}
func TestSkips(t *testing.T)       { t.Run("x", func(t *testing.T) { t.Skipf("no") }) }
func Testing(t *testing.T)         {}
func TestNothing()                 {}
func TestOther(t *testing.B)       {}
func FuzzRuns(f *testing.F)        {}
func (x X) TestMethod(t *testing.T) {}
func ExampleOnlyCompiled()         {}
func Example_runs() {
	// Output:
}
`
	f, err := parser.ParseFile(token.NewFileSet(), "p_test.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	s := &declared{map[string]bool{}, map[string]testFunc{}, map[string]map[string]bool{}}
	s.addTests("p", "p/p_test.go", f)
	want := map[string]bool{"p.TestRuns": false, "p.TestSkips": true, "p.FuzzRuns": false, "p.Example_runs": false}
	if len(s.tests) != len(want) {
		t.Errorf("got %v", s.tests)
	}
	for name, skips := range want {
		if got, ok := s.tests[name]; !ok || got.skips != skips {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
}

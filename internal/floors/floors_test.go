// Package floors holds the tests of the repository's structure: which package
// may import which, and what hand-written code may not do (docs/design.md).
package floors

import (
	"bufio"
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/wsfsm/wsfsm"

// floors gives the floor of each package; "/..." covers all below. An import
// goes to a lower floor only. Packages aside have their imports listed.
var floors = map[string]int{
	"fsm":                              1,
	"internal/mask":                    1,
	"internal/utf8":                    1,
	"states":                           2,
	"extension":                        3,
	"extension/deflate":                4,
	"extension/deflate/internal/flate": 1,
	".":                                5,
	"callback":                         6,
	"duplex":                           6,
	"wsnet":                            6,
	"trace":                            6,
	"websocket":                        7,
	"conformance":                      7,
	"conformance/interop":              7,
	"conformance/modelcheck":           7,
	"conformance/properties":           7,
	"fuzz":                             7,
	"cmd/wsfsm/...":                    8,
	"examples/...":                     8,
}

// aside lists, for packages beside the floors, what of the module they import.
var aside = map[string][]string{
	"fsm/looplab":           {"fsm"},
	"gen/spec":              {},
	"gen/lower":             {"gen/spec"},
	"gen/check":             {"gen/spec", "gen/lower", "fsm"},
	"gen/emit":              {"gen/spec", "gen/lower", "gen/check", "fsm"},
	"gen":                   {"gen/spec", "gen/lower", "gen/check", "gen/emit", "fsm"},
	"internal/protocolload": {".", "gen", "gen/spec", "gen/check", "gen/check", "gen/lower", "fsm", "states"},
	"internal/peer":         {},
	"internal/floors":       {},
	"conformance/model":     {},
}

// pure packages import this module and the standard library only, and of that
// none of these.
var (
	pure      = []string{"fsm", "states", "extension", "."}
	forbidden = []string{"net", "net/http", "os", "time"}
)

type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Module     *struct{ Path string }
	Standard   bool
}

func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Deps,Module,Standard"}, args...)...)
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs
}

func name(path string) (string, bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(path, module+"/")
}

func floorOf(name string) (int, bool) {
	if f, ok := floors[name]; ok {
		return f, true
	}
	for pattern, f := range floors {
		if prefix, ok := strings.CutSuffix(pattern, "..."); ok && strings.HasPrefix(name+"/", prefix) {
			return f, true
		}
	}
	return 0, false
}

// violations returns what is wrong with the imports of the packages.
func violations(pkgs []pkg) (wrong []string) {
	for _, p := range pkgs {
		self, ok := name(p.ImportPath)
		if !ok {
			continue
		}
		floor, onFloor := floorOf(self)
		may, isAside := aside[self]
		if !onFloor && !isAside {
			wrong = append(wrong, self+" stands on no floor")
			continue
		}
		for _, path := range p.Imports {
			imported, ok := name(path)
			if !ok {
				continue
			}
			below, known := floorOf(imported)
			switch {
			case isAside && !slices.Contains(may, imported),
				!isAside && known && below >= floor && !sameTree(self, imported),
				!isAside && !known && floor < 7:
				wrong = append(wrong, self+" imports "+imported)
			}
		}
	}
	return wrong
}

// sameTree allows a command its own parts.
func sameTree(a, b string) bool {
	root, _, _ := strings.Cut(a, "/internal/")
	return strings.HasPrefix(b, root+"/internal/")
}

func TestFloors(t *testing.T) {
	pkgs := list(t, "./...")
	for _, w := range violations(pkgs) {
		t.Error(w)
	}
	planted := append(pkgs, pkg{ImportPath: module + "/fsm", Imports: []string{module}}, pkg{ImportPath: module + "/nowhere"})
	if got := violations(planted); len(got) < 2 {
		t.Errorf("planted faults are not found: %q", got)
	}
}

func TestPureDependencies(t *testing.T) {
	for _, self := range pure {
		for _, p := range list(t, "./"+self) {
			for _, path := range p.Imports {
				if slices.Contains(forbidden, path) {
					t.Errorf("%s imports %s", self, path)
				}
			}
		}
		for _, p := range list(t, "-deps", "./"+self) {
			if _, own := name(p.ImportPath); !own && !p.Standard {
				t.Errorf("%s depends on %s", self, p.ImportPath)
			}
		}
	}
}

// sources calls visit for each hand-written Go file below root.
func sources(t *testing.T, root string, visit func(path string, src []byte)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "testdata" || e.Name() == "node_modules" || path != root && strings.HasPrefix(e.Name(), ".") && e.Name() != "..") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err == nil && !bytes.Contains(src, []byte("// Code generated ")) {
			visit(path, src)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreShort(t *testing.T) {
	sources(t, "../..", func(path string, src []byte) {
		lines := 0
		for s := bufio.NewScanner(bytes.NewReader(src)); s.Scan(); {
			lines++
		}
		if lines > 350 && !strings.HasSuffix(path, "_test.go") {
			t.Errorf("%s has %d lines", path, lines)
		}
	})
}

func TestNamesAndState(t *testing.T) {
	sources(t, "../..", func(path string, src []byte) {
		file, err := parser.ParseFile(token.NewFileSet(), path, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"util", "utils", "helper", "helpers", "common", "manager"} {
			if file.Name.Name == bad || strings.TrimSuffix(filepath.Base(path), ".go") == bad {
				t.Errorf("%s: the name says nothing", path)
			}
		}
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: has an init function", path)
			}
		}
	})
}

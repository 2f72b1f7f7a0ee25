package floors

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// boolFields are the only bool fields of root and extension, each with the
// reason why it is no hidden state of a protocol.
var boolFields = map[string]string{
	"Driver.borrowed":          "who owns the caller's buffer, not what happens",
	"Driver.ended":             "the caller's ReceiveEOF, until it is answered in its place behind the input",
	"Driver.started":           "First of the next piece: what is delivered, not what happens",
	"outcome.clean":            "content of EventClosed, set by the action report-clean",
	"wholeFrame.plain":         "derived from the tables",
	"wholeFrame.masked":        "derived from the tables",
	"FrameHeader.Final":        "a bit of the frame to be built",
	"FrameHeader.Masked":       "a bit of the frame to be built",
	"HeadLine.Optional":        "spec data",
	"HeadLine.Fold":            "spec data",
	"Options.AutoStart":        "the application's standing answer to requests",
	"Options.KeepReading":      "the application's choice of back-pressure",
	"Request.WebSocket":        "public fact of a request",
	"originRule.any":           "the rule *",
	"Options.Secure":           "the application's word on its transport",
	"usualOpening.secure":      "a fact of the URL or of Options.Secure, part of a URL to be sent",
	"target.secure":            "a fact of the URL",
	"layout.masks":             "derived from the tables",
	"layout.marked":            "derived from the tables",
	"dataFrame.ascii":          "found while unmasking",
	"secondOctet.padded":       "derived from the tables",
	"RefusedError.Unsupported": "public fact of a refusal",
	"secondOctet.masked":       "derived from the tables",
	"headRule.depends":         "spec data",
	"quickRules.complete":      "derived from the rules of a head",
	"program.acceptsAtOnce":    "derived from the tables",
	"Endpoint.opensAtOnce":     "derived from the options",
	"Driver.unmarked":          "found while the input was searched",
	"headFields.twice":         "found while a head is split",
	"Parameter.Bare":           "a parameter without a value",
}

// beginnings are the methods that put machines into their initial states.
var beginnings = map[string]string{
	"adopt":    "of the version that the request asks for, before any frame",
	"nextHead": "a head is read by an instance of its own",
}

// machineFields are the fields of Driver that hold a machine's state.
var machineFields = []string{"connection", "http", "handshake", "frame", "message", "sending"}

// decisive are the selectors that an action method may not branch on: machine
// states, the role, the version, the opcode.
var decisive = append(slices.Clone(machineFields), "side", "Name", "WireVersion", "Version", "Role", "head")

// handSources parses the hand-written files of the packages under test.
func handSources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	for _, dir := range []string{"../..", "../../extension"} {
		sources(t, dir, func(path string, src []byte) {
			if filepath.Dir(path) != filepath.Clean(dir) || strings.HasSuffix(path, "_test.go") {
				return
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, src, 0)
			if err != nil {
				t.Fatal(err)
			}
			files[path] = f
		})
	}
	return files
}

func TestBoolFieldsAreListed(t *testing.T) {
	seen := map[string]bool{}
	for path, file := range handSources(t) {
		for _, field := range boolsOf(file) {
			seen[field] = true
			if boolFields[field] == "" {
				t.Errorf("%s: bool field %s is not in the list", path, field)
			}
		}
	}
	for field := range boolFields {
		if !seen[field] {
			t.Errorf("%s is listed but does not exist", field)
		}
	}
}

func boolsOf(file *ast.File) (fields []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		structure, ok := spec.Type.(*ast.StructType)
		if !ok {
			return true
		}
		for _, f := range structure.Fields.List {
			if id, ok := f.Type.(*ast.Ident); ok && id.Name == "bool" {
				for _, name := range f.Names {
					fields = append(fields, spec.Name.Name+"."+name.Name)
				}
			}
		}
		return true
	})
	return fields
}

func TestHandsDoNotDecide(t *testing.T) {
	hands := 0
	for path, file := range handSources(t) {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			for _, field := range assigned(f) {
				if beginnings[f.Name.Name] != "" {
					continue
				}
				t.Errorf("%s: %s assigns the machine state %s", path, f.Name.Name, field)
			}
			if !isHand(f.Name.Name) {
				continue
			}
			hands++
			for _, name := range branches(f) {
				t.Errorf("%s: %s branches on %s", path, f.Name.Name, name)
			}
		}
	}
	if hands < 30 {
		t.Errorf("only %d action methods found", hands)
	}
}

// isHand reports whether a method is named after a machine and a word.
func isHand(name string) bool {
	for _, machine := range []string{"connection", "http", "handshake", "frame", "message"} {
		rest, ok := strings.CutPrefix(name, machine)
		if ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' && name != "frameClass" && name != "frameLength" && name != "messageEvent" {
			return true
		}
	}
	return false
}

// branches returns the decisive selectors in the conditions of a function.
func branches(f *ast.FuncDecl) (found []string) {
	look := func(condition ast.Node) {
		ast.Inspect(condition, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains(decisive, s.Sel.Name) {
				found = append(found, s.Sel.Name)
			}
			return true
		})
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			look(n.Cond)
		case *ast.SwitchStmt:
			if n.Tag != nil {
				look(n.Tag)
			}
			for _, c := range n.Body.List {
				for _, e := range c.(*ast.CaseClause).List {
					look(e)
				}
			}
		case *ast.ForStmt:
			if n.Cond != nil {
				look(n.Cond)
			}
		}
		return true
	})
	return found
}

// assigned returns the machine states that a function assigns.
func assigned(f *ast.FuncDecl) (found []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, left := range a.Lhs {
				if s, ok := left.(*ast.SelectorExpr); ok && slices.Contains(machineFields, s.Sel.Name) {
					if x, ok := s.X.(*ast.Ident); ok && x.Name == "d" {
						found = append(found, s.Sel.Name)
					}
				}
			}
		}
		return true
	})
	return found
}

func TestHandChecksFindPlantedFaults(t *testing.T) {
	const src = `package p
type T struct { flag bool }
func (d *Driver) framePass() { if d.message == 1 { d.frame = 2 }; switch { case d.prog.side == 0: } }`
	file, err := parser.ParseFile(token.NewFileSet(), "planted.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := file.Decls[1].(*ast.FuncDecl)
	if got := boolsOf(file); !slices.Equal(got, []string{"T.flag"}) {
		t.Errorf("bool fields: %q", got)
	}
	if got := branches(f); !slices.Equal(got, []string{"message", "side"}) || !isHand(f.Name.Name) {
		t.Errorf("branches: %q", got)
	}
	if got := assigned(f); !slices.Equal(got, []string{"frame"}) {
		t.Errorf("assigned: %q", got)
	}
}

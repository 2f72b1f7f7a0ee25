package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/graph"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/tree"
)

const module = "../.."

// TestCheckoutIsFresh compares everything that is generated, drawings included,
// with the tree, byte for byte.
func TestCheckoutIsFresh(t *testing.T) {
	args := []string{"gen", module}
	if *update {
		args = append(args, "--write")
	}
	if got := command(t, "", args...); got.status != exitOK || !*update && got.out != "" {
		t.Errorf("go run ./cmd/wsfsm gen --write makes it right:\n%s%s", got.out, got.err)
	}
}

// TestEveryPictureIsDrawn also shows that a drawing depends on its graph.
func TestEveryPictureIsDrawn(t *testing.T) {
	graphs, err := filepath.Glob(filepath.Join(module, "docs/versions/*/*.dot"))
	if err != nil || len(graphs) < 8 {
		t.Fatalf("%d graphs, %v", len(graphs), err)
	}
	for _, path := range graphs {
		dot, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := os.ReadFile(strings.TrimSuffix(path, ".dot") + ".svg")
		if err != nil {
			t.Fatal(err)
		}
		same, err := graph.SVG(t.Context(), dot)
		if err != nil {
			t.Fatal(err)
		}
		other, err := graph.SVG(t.Context(), bytes.Replace(dot, []byte("<b>"), []byte("<b>x"), 1))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(drawn, mark(same)) || bytes.Equal(drawn, mark(other)) {
			t.Errorf("%s is not what Graphviz draws", path)
		}
	}
}

// copyOf copies the parts of the checkout that gen looks at.
func copyOf(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"states", "docs"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(module, name))); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(module, "transitions.go"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "transitions.go"), string(text))
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestGenFindsAndMends plants each kind of fault in a copy.
func TestGenFindsAndMends(t *testing.T) {
	dir := copyOf(t)
	write(t, filepath.Join(dir, "transitions.go"), "// "+tree.Mark+"states/x.yaml; DO NOT EDIT.\n")
	write(t, filepath.Join(dir, "docs/versions/rfc6455/old.svg"), "<!-- "+tree.DrawnMark+" -->")
	if err := os.Remove(filepath.Join(dir, "docs/versions/rfc6455/message.svg")); err != nil {
		t.Fatal(err)
	}
	const want = "missing: docs/versions/rfc6455/message.svg\nstale: transitions.go\norphan: docs/versions/rfc6455/old.svg\n"
	got := command(t, "", "gen", dir)
	if got.status != exitFound || got.out != want || !strings.Contains(got.err, "wsfsm: 3 of ") {
		t.Errorf("%+v", got)
	}
	if got := command(t, "", "gen", dir, "--write"); got != (result{exitOK, want, ""}) {
		t.Errorf("--write: %+v", got)
	}
	if got := command(t, "", "gen", dir); got != (result{}) {
		t.Errorf("after --write: %+v", got)
	}
	write(t, filepath.Join(dir, "transitions.go"), "package wsfsm // by hand\n")
	if got := command(t, "", "gen", dir, "--write"); got.status != exitFound || !strings.Contains(got.err, "not overwritten") {
		t.Errorf("a file written by hand: %+v", got)
	}
}

// TestGenShowsWhereSpecsAreWrong holds the form of diagnostics, with a path that
// leads to the file.
func TestGenShowsWhereSpecsAreWrong(t *testing.T) {
	dir := copyOf(t)
	path := filepath.Join(dir, "states", "opening.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, strings.Replace(string(text), "{to: open, do: flush}", "{to: opne, do: flush}", 1))
	got := command(t, "", "gen", dir)
	for _, want := range []string{path + ":", `"opne"`, `did you mean "open"?`, "^^^^"} {
		if !strings.Contains(got.err, want) {
			t.Errorf("no %q in %s", want, got.err)
		}
	}
	if got.status != exitFound || got.out != "" {
		t.Errorf("status %d, out %q", got.status, got.out)
	}
	if got := command(t, "", "gen", t.TempDir()); got.status != exitFound || !strings.Contains(got.err, "no directory of spec files") {
		t.Errorf("nothing to generate from: %+v", got)
	}
}

// TestGenPackage generates from specs that have nothing to do with WebSocket.
func TestGenPackage(t *testing.T) {
	specs, out := t.TempDir(), filepath.Join(t.TempDir(), "turnstile")
	for _, name := range []string{"vocabulary.yaml", "turnstile.yaml"} {
		text, err := os.ReadFile(filepath.Join(module, "gen/testdata/turnstile", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(specs, name), string(text))
	}
	args := []string{"gen", specs, "--package", "turnstile", "--out", out}
	if got := command(t, "", args...); got.status != exitFound || strings.Count(got.out, "missing: ") != 6 {
		t.Errorf("without --write: %+v", got)
	}
	if got := command(t, "", append(args, "--write")...); got.status != exitOK {
		t.Errorf("--write: %+v", got)
	}
	if got := command(t, "", args...); got != (result{}) {
		t.Errorf("after --write: %+v", got)
	}
	for name, want := range map[string]string{
		"turnstile.go": "package turnstile", "turnstile.json": `"machines"`, "turnstile.md": "# ",
		"turnstile/turnstile.dot": "digraph", "turnstile/turnstile.mmd": "stateDiagram-v2", "turnstile/turnstile.svg": "<svg",
	} {
		text, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v, %.100s", name, err, text)
		}
	}
	write(t, filepath.Join(out, "mine.go"), "// "+tree.Mark+"elsewhere; DO NOT EDIT.\n")
	if got := command(t, "", args...); got != (result{}) {
		t.Errorf("what others have generated is looked at: %+v", got)
	}
}

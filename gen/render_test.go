package gen_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/internal/peer"
)

// pictures returns the committed diagrams with an ending.
func pictures(t *testing.T, ending string) []string {
	t.Helper()
	files, err := filepath.Glob("../docs/versions/*/*" + ending)
	if err != nil || len(files) == 0 {
		t.Fatalf("no diagrams with %s: %v", ending, err)
	}
	for _, file := range files { // so that a cached result does not outlive a change
		if _, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// broken writes a diagram that no renderer can accept.
func broken(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestGraphvizAcceptsDOT(t *testing.T) {
	peer.Require(t, "dot")
	for _, file := range pictures(t, ".dot") {
		out, err := exec.Command("dot", "-Tsvg", file).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "</svg>") || strings.Contains(string(out), "Warning") {
			t.Errorf("%s: %v\n%.500s", file, err, out)
		}
	}
	if err := exec.Command("dot", "-Tsvg", broken(t, "broken.dot", "digraph { a -> }")).Run(); err == nil {
		t.Error("a broken diagram is accepted")
	}
}

func TestMermaidAcceptsDiagrams(t *testing.T) {
	peer.Require(t, "chromium", "npm:playwright-core", "npm:mermaid")
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	planted := broken(t, "broken.mmd", "stateDiagram-v2\n  a --> --> b\n")
	args := append([]string{"testdata/render/mermaid.cjs", chromium}, append(pictures(t, ".mmd"), planted)...)
	out, err := peer.Command(t, "node", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		verdict, rest, _ := strings.Cut(line, " ")
		if (verdict == "ok") == strings.Contains(rest, "broken.mmd") {
			t.Error(line)
		}
	}
	if n := strings.Count(string(out), "ok "); n != len(args)-3 {
		t.Errorf("%d of %d diagrams are accepted", n, len(args)-3)
	}
}

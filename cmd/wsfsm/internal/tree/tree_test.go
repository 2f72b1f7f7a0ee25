package tree_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/tree"
)

const marked = "// " + tree.Mark + "x.yaml; DO NOT EDIT.\n"

// lay writes files below a new directory.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for path, text := range files {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func faults(t *testing.T, dir string, files tree.Files) []tree.Fault {
	t.Helper()
	list, err := tree.Compare(dir, files)
	if err != nil {
		t.Fatal(err)
	}
	orphans, err := tree.Orphans(dir, files)
	if err != nil {
		t.Fatal(err)
	}
	return append(list, orphans...)
}

func TestFaults(t *testing.T) {
	dir := lay(t, map[string]string{
		"fresh.go":            marked,
		"a/stale.go":          marked,
		"a/hand.go":           "package a",
		"a/old.svg":           "<!-- " + tree.DrawnMark + " -->",
		"a/other.go":          "package a",
		"a/late.go":           strings.Repeat("x", 300) + marked,
		"empty":               "",
		"testdata/old.go":     marked,
		".git/old.go":         marked,
		"node_modules/old.go": marked,
		// A spec of somebody else, whose files another run generates; and a directory with
		// a vocabulary to which this run generates.
		"call/vocabulary.yaml": "",
		"call/tables/other.go": marked,
		"a/vocabulary.yaml":    "",
	})
	got := faults(t, dir, tree.Files{
		"fresh.go":      []byte(marked),
		"a/stale.go":    []byte(marked + "new"),
		"a/hand.go":     []byte(marked),
		"b/c/absent.go": []byte(marked),
	})
	const want = "[foreign: a/hand.go stale: a/stale.go missing: b/c/absent.go orphan: a/old.svg]"
	if fmt.Sprint(got) != want {
		t.Errorf("faults %v, want %v", got, want)
	}
}

func TestMend(t *testing.T) {
	dir := lay(t, map[string]string{"stale.go": marked, "old.go": marked, "hand.go": "package a"})
	files := tree.Files{"stale.go": []byte(marked + "new"), "b/absent.go": []byte(marked)}
	if err := tree.Mend(dir, files, faults(t, dir, files)); err != nil {
		t.Fatal(err)
	}
	if left := faults(t, dir, files); len(left) != 0 {
		t.Errorf("mended, but %v", left)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "hand.go")); err != nil || string(text) != "package a" {
		t.Errorf("hand.go holds %q, %v", text, err)
	}
}

func TestHandWrittenFilesStay(t *testing.T) {
	dir := lay(t, map[string]string{"hand.go": "package a", "old.go": marked})
	files := tree.Files{"hand.go": []byte(marked), "absent.go": []byte(marked)}
	before := faults(t, dir, files)
	if err := tree.Mend(dir, files, before); err == nil || !strings.Contains(err.Error(), "hand.go") {
		t.Errorf("a hand-written file was overwritten: %v", err)
	}
	if after := faults(t, dir, files); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("a refusal changed %v to %v", before, after)
	}
}

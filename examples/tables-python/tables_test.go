package tables_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const tablesFile = "../../states/tables/rfc6455.json"

// python runs vectors.py on a file of tables.
func python(t *testing.T, file string) (output string, ok bool) {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Fatalf("python3 is needed: %v", err)
	}
	for _, read := range []string{"tables.py", "vectors.py", file} { // so that go test knows when its cached result is stale
		if _, err := os.Stat(read); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(path, "vectors.py", file)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func TestVectors(t *testing.T) {
	out, ok := python(t, tablesFile)
	if !ok || !strings.Contains(out, " 0 wrong") {
		t.Errorf("vectors.py: %s", out)
	}
}

// TestVectorsNoticeChangedTables shows that the decisions are those of the
// tables: with one of them changed, vectors go wrong.
func TestVectorsNoticeChangedTables(t *testing.T) {
	tables, err := os.ReadFile(tablesFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct{ name, from, to string }{
		{"a cell", `"event": "masked-16", "to": "masked-length-16"`, `"event": "masked-16", "to": "masked-length-64"`},
		{"an action", `"do": "deliver-end"`, `"do": "deliver"`},
		{"a close code", `"received": [[1000, 1003]`, `"received": [[1001, 1003]`},
	} {
		changed := bytes.Replace(tables, []byte(change.from), []byte(change.to), 1)
		if bytes.Equal(changed, tables) {
			t.Errorf("%s: the tables have no %q", change.name, change.from)
			continue
		}
		file := filepath.Join(t.TempDir(), "changed.json")
		if err := os.WriteFile(file, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, ok := python(t, file); ok || !strings.Contains(out, "instead of") {
			t.Errorf("%s changed and nobody noticed: %s", change.name, out)
		}
	}
}

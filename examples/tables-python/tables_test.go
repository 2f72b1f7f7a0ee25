package tables_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/conformance"
	"github.com/wsfsm/wsfsm/internal/peer"
)

const tablesFile = "../../states/tables/rfc6455.json"

// python runs vectors.py on a file of tables and, if there is one, a file of
// vectors.
func python(t *testing.T, files ...string) (output string, ok bool) {
	t.Helper()
	peer.Require(t, "python3")
	for _, read := range append([]string{"tables.py", "frames.py", "vectors.py"}, files...) { // so that go test knows when its cached result is stale
		if _, err := os.Stat(read); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("python3", append([]string{"vectors.py"}, files...)...)
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

// vector is one case as vectors.py reads it.
type vector [4]any

// frameCases are the conformance cases about frames and messages that a reader
// with the default limit can play: what comes in, and what it becomes.
func frameCases(t *testing.T) (vectors []vector) {
	t.Helper()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		topic := strings.Split(c.ID, "/")[1]
		if c.Version != "rfc6455" || len(c.Options) > 0 || c.HandshakeInCase || !slices.Contains([]string{"frame", "message", "text", "vector", "ping", "pong"}, topic) {
			continue
		}
		var octets []byte
		events := [][2]string{}
		for _, s := range c.Steps {
			switch kind := s.Verb; {
			case s.Kind == conformance.Input:
				octets = append(octets, s.Octets.Bytes(nil)...)
			case s.Kind != conformance.Event:
			case kind == "error":
				events = append(events, [2]string{kind, s.Args[0]})
			case kind == "text", kind == "binary", kind == "ping", kind == "pong":
				events = append(events, [2]string{kind, hex.EncodeToString(s.Octets.Bytes(nil))})
			}
		}
		if len(octets) < 4096 {
			vectors = append(vectors, vector{c.Role.String(), c.ID, hex.EncodeToString(octets), events})
		}
	}
	return vectors
}

func TestFrameCases(t *testing.T) {
	vectors := frameCases(t)
	if len(vectors) < 100 {
		t.Fatalf("only %d cases", len(vectors))
	}
	write := func(name string, vectors []vector) string {
		text, err := json.Marshal(vectors)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	if out, ok := python(t, tablesFile, write("cases.json", vectors)); !ok || !strings.Contains(out, " 0 wrong") {
		t.Errorf("vectors.py: %.2000s", out)
	}
	planted := vector{"server", "planted", "8180000000008900", [][2]string{{"text", ""}}}
	if out, ok := python(t, tablesFile, write("planted.json", []vector{planted})); ok {
		t.Errorf("a wrong expectation is not noticed: %s", out)
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

package gen_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// dependOn reads files that only a command of the test reads, so that go test
// knows when its cached result is stale.
func dependOn(t *testing.T, patterns ...string) {
	t.Helper()
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, path := range paths {
			if _, err := os.ReadFile(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestTransitionsAreStaticData looks into what the compiler makes of the root
// package: no instruction that runs at start-up comes from transitions.go.
func TestTransitionsAreStaticData(t *testing.T) {
	dependOn(t, filepath.Join(root, "*.go"))
	cmd := exec.Command("go", "build", "-gcflags=-S", ".")
	cmd.Dir = root
	var listing bytes.Buffer
	cmd.Stderr = &listing
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, listing.Bytes())
	}
	data, code := 0, ""
	lines := bufio.NewScanner(&listing)
	lines.Buffer(nil, 1<<20)
	inInit := false
	for lines.Scan() {
		line := lines.Text()
		if symbol, rest, found := strings.Cut(line, " "); found && !strings.HasPrefix(line, "\t") {
			inInit = strings.HasPrefix(rest, "STEXT") && strings.Contains(symbol, "wsfsm.init")
			if strings.Contains(symbol, "wsfsm.rfc6455") && strings.HasPrefix(rest, "SDATA") {
				data++
			}
		}
		if inInit && strings.Contains(line, "transitions.go") {
			code += line + "\n"
		}
	}
	if code != "" {
		t.Errorf("transitions.go has code that runs at start-up:\n%.2000s", code)
	}
	if data == 0 {
		t.Error("no data of rfc6455 in the listing: the test looks at the wrong thing")
	}
}

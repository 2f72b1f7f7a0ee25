package fsm_test

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// compile returns what the compiler says of a package under testdata.
func compile(t *testing.T, flags, dir string) string {
	t.Helper()
	out, err := exec.Command("go", "build", "-gcflags="+flags, "./testdata/"+dir).CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return string(out)
}

func TestFireIsInlinedWithoutBoundsChecks(t *testing.T) {
	out := compile(t, "-m -d=ssa/check_bce", "inlined")
	if strings.Contains(out, "Found Is") {
		t.Errorf("bounds checks remain:\n%s", grep(out, "Found Is"))
	}
	calls := regexp.MustCompile(`inlined\.go:(\d+):\d+: inlining call to fsm\.\(\*(Table|Machine)\[.*\]\)\.(Fire|At)\n`)
	got := map[string]int{}
	for _, call := range calls.FindAllStringSubmatch(out, -1) {
		got[call[2]+"."+call[3]]++
	}
	// Three shapes each; every Fire, and that of the machine, brings an At.
	want := map[string]int{"Table.Fire": 3, "Table.At": 7, "Machine.Fire": 1}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s inlined %d times, want %d", name, got[name], n)
		}
	}
}

func TestLiteralTablesAreStaticData(t *testing.T) {
	out := compile(t, "-S", "inlined")
	for _, symbol := range []string{"small SNOPTRDATA size=512", "medium SNOPTRDATA size=4096", "large SNOPTRDATA size=131072"} {
		if !strings.Contains(out, "/testdata/inlined."+symbol) {
			t.Errorf("no %s in the compiler's output", symbol)
		}
	}
}

// The signs looked for above must appear where the fault is there.
func TestCompilerReportsFaults(t *testing.T) {
	out := compile(t, "-m -d=ssa/check_bce", "checked")
	if !regexp.MustCompile(`checked\.go:\d+:\d+: Found IsInBounds`).MatchString(out) {
		t.Error("the bounds check of an unguarded look-up is not reported")
	}
	if strings.Contains(compile(t, "-S", "checked"), "/testdata/checked.built SNOPTRDATA") {
		t.Error("a table built at start-up is reported as data")
	}
}

// A machine in a table needs no operating system: of the standard library fsm
// takes only what computes.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}}", ".").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	deps := strings.Fields(string(out))
	if len(deps) < 5 {
		t.Fatalf("implausible list of imports: %q", deps)
	}
	for _, path := range deps {
		switch path {
		case "net", "net/http", "os", "time", "syscall", "fmt", "C":
			t.Errorf("fsm depends on %s", path)
		}
		if strings.Contains(path, ".") && path != "github.com/wsfsm/wsfsm/fsm" {
			t.Errorf("fsm depends on %s, outside the standard library", path)
		}
	}
}

func grep(text, part string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

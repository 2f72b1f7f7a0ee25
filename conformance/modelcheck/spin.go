package modelcheck

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Programs are what this package runs, by name.
var Programs = [...]string{"spin", "gcc"}

// Search is a question to a model.
type Search struct {
	liveness bool     // search for endless runs that break the claim, rather than for broken properties
	soon     bool     // the search is so short that compiling well does not pay
	defines  []string // of the model
}

// Safety looks at every state that can be reached, for a property that is broken.
func Safety() Search { return Search{} }

// Liveness looks for a run in which one end has begun to close and the two never
// reach the end. Properties do not count.
func Liveness() Search { return Search{liveness: true} }

// With is the search in a model with defines, such as "DATA=1" or "UNTIMED".
func (s Search) With(defines ...string) Search {
	s.defines = append(s.defines[:len(s.defines):len(s.defines)], defines...)
	return s
}

// Soon is the search where it comes to its end soon.
func (s Search) Soon() Search {
	s.soon = true
	return s
}

// Model is a model in a directory of its own.
type Model struct {
	dir  string
	text []byte
}

// modelFile is the name of the model in its directory.
const modelFile = "model.pml"

// New writes a model to a directory, which takes what comes of it too.
func New(dir string, text []byte) (*Model, error) {
	return &Model{dir, text}, os.WriteFile(filepath.Join(dir, modelFile), text, 0o644)
}

// Verdict is what a search has found.
type Verdict struct {
	States    int    // states stored
	Broken    bool   // there is a run that breaks a property, or the claim
	Unreached []Row  // rows of the connection machine that no run takes; only if nothing is broken
	Trail     []Step // a run that breaks something
	Cycle     int    // step of Trail from which on the run goes round for ever; -1 if it ends
}

// depth bounds a run, in statements.
const depth = "1000000"

// Check searches. The error says what went wrong with SPIN or the compiler, or
// that the search was not complete.
func (m *Model) Check(ctx context.Context, s Search) (Verdict, error) {
	v := Verdict{Cycle: -1}
	defines := options(s.defines)
	// Without -o3 statements are merged, and what is not reached cannot be told.
	if _, err := m.run(ctx, "spin", append(defines, "-o3", "-a", modelFile)...); err != nil {
		return v, err
	}
	compile := []string{"-w", "-DNOREDUCE", "-DMEMLIM=2000", "-o", "pan", "pan.c"}
	search := []string{"./pan", "-E", "-m" + depth}
	if s.liveness {
		search = append(search, "-a", "-A")
	} else {
		compile = append(compile, "-DSAFETY", "-DNOCLAIM")
	}
	if s.soon {
		search = append(search, "-w20") // a small hash table
	} else {
		compile = append(compile, "-O2")
	}
	if _, err := m.run(ctx, "gcc", compile...); err != nil {
		return v, err
	}
	said, err := m.run(ctx, search[0], search[1:]...)
	if err != nil {
		return v, err
	}
	if err := v.read(said, m.text); err != nil {
		return v, err
	}
	if v.Broken {
		var trail []byte
		if trail, err = m.run(ctx, "spin", append(defines, "-t", "-T", modelFile)...); err == nil {
			v.Trail, v.Cycle, err = steps(trail)
		}
	}
	return v, err
}

// Run returns one run of the model at random, with defines as those of a search.
func (m *Model) Run(ctx context.Context, seed int, defines ...string) ([]Step, error) {
	said, err := m.run(ctx, "spin", append(options(defines), "-n"+strconv.Itoa(seed), "-T", modelFile)...)
	if err != nil {
		return nil, err
	}
	run, _, err := steps(said)
	return run, err
}

// options are defines as SPIN takes them.
func options(defines []string) (list []string) {
	for _, d := range defines {
		list = append(list, "-D"+d)
	}
	return list
}

// run runs a program in the directory of the model.
func (m *Model) run(ctx context.Context, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = m.dir
	said, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, said)
	}
	return said, nil
}

var (
	storedLine    = regexp.MustCompile(`(?m)^\s*(\d+) states, stored`)
	errorsLine    = regexp.MustCompile(`(?m), errors: (\d+)$`)
	unreachedLine = regexp.MustCompile(`(?m)^\t` + regexp.QuoteMeta(modelFile) + `:(\d+), state`)
)

// read reads what a search has printed.
func (v *Verdict) read(said, model []byte) error {
	stored, errors := storedLine.FindSubmatch(said), errorsLine.FindSubmatch(said)
	switch {
	case stored == nil || errors == nil:
		return fmt.Errorf("no verdict:\n%s", said)
	case bytes.Contains(said, []byte("depth too small")), bytes.Contains(said, []byte("reached -DMEMLIM bound")):
		return fmt.Errorf("the search is not complete:\n%s", said)
	}
	v.States, _ = strconv.Atoi(string(stored[1]))
	if v.Broken = string(errors[1]) != "0"; v.Broken {
		return nil
	}
	rows := rowsByLine(model)
	seen := make(map[int]bool)
	for _, found := range unreachedLine.FindAllSubmatch(said, -1) {
		line, _ := strconv.Atoi(string(found[1]))
		if row, ok := rows[line]; ok && !seen[line] {
			seen[line] = true
			v.Unreached = append(v.Unreached, row)
		}
	}
	return nil
}

var rowLine = regexp.MustCompile(`printf\("%d row (\S+) (\S+) (\S+) (\S+)\\n", me\)`)

// rowsByLine are the rows of a model by their lines.
func rowsByLine(model []byte) map[int]Row {
	rows := make(map[int]Row)
	for i, line := range bytes.Split(model, []byte("\n")) {
		if found := rowLine.FindSubmatch(line); found != nil {
			rows[i+1] = Row{string(found[1]), string(found[2]), string(found[3]), string(found[4])}
		}
	}
	return rows
}

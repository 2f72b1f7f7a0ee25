package properties

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/trace"
)

// input is what a property is tried on: a version and a role, operations on the
// driver of that role with their options, how its input is cut, and a seed.
type input struct {
	version string
	role    states.Role
	chunks  []int
	program fuzz.Program
	seed    int64
}

// property says what is wrong with a run; nil if nothing is.
type property func(*stage, *input) error

// sides is the number of versions in both roles.
func sides() int { return 2 * len(wsfsm.Protocols()) }

func newInput(side int, chunks []int, program fuzz.Program, seed int64) *input {
	return &input{wsfsm.Protocols()[side/2].Name, states.Role(side%2 + 1), chunks, program, seed}
}

// anySide generates versions and roles; RFC 6455 is the simplest.
func anySide(p *gopter.GenParameters) *gopter.GenResult {
	return gopter.NewGenResult(p.Rng.Intn(sides()), func(v any) gopter.Shrink {
		simplest := sides() - 2 + v.(int)%2
		done := v.(int) == simplest
		return func() (any, bool) {
			defer func() { done = true }()
			return simplest, !done
		}
	})
}

func anySeed(p *gopter.GenParameters) *gopter.GenResult {
	return gopter.NewGenResult(p.NextInt64(), gopter.NoShrinker)
}

// parameters are those of a property that is tried runs times. The seed is fixed,
// so that a failure stays.
func parameters(runs int) *gopter.TestParameters {
	p := gopter.DefaultTestParametersWithSeed(20111205)
	p.MinSuccessfulTests, p.MaxSize = runs, 30
	return p
}

// tried tries a property on runs inputs, on drivers with something around them.
// It returns the traces of what it failed on, shrunk, one of each driver.
func tried(p property, wrap func(*end, calls) calls, runs int) (result *gopter.TestResult, failed *input, traces [][]byte) {
	check := func(s *stage, in *input) (problem string) {
		defer func() {
			if r := recover(); r != nil {
				problem = fmt.Sprint("panic: ", r)
			}
		}()
		if err := p(s, in); err != nil {
			return err.Error()
		}
		return ""
	}
	result = prop.ForAll(func(side int, chunks []int, program fuzz.Program, seed int64) string {
		return check(&stage{wrap: wrap}, newInput(side, chunks, program, seed))
	}, anySide, fuzz.Chunks(), fuzz.Programs(), anySeed).Check(parameters(runs))
	if result.Passed() || len(result.Args) == 0 {
		return result, nil, nil
	}
	a := result.Args
	failed = newInput(a[0].Arg.(int), a[1].Arg.([]int), a[2].Arg.(fuzz.Program), a[3].Arg.(int64))
	again := &stage{wrap: wrap, recorded: true}
	check(again, failed)
	for _, e := range again.ends {
		traces = append(traces, e.trace.Bytes())
	}
	return result, failed, traces
}

// holds fails the test unless the property holds. What it fails on is printed, and
// the traces are, for wsfsm replay.
func holds(t *testing.T, p property, runs int) {
	t.Helper()
	if testing.Short() {
		runs /= 10
	}
	r, failed, traces := tried(p, nil, runs)
	if r.Passed() {
		return
	}
	t.Errorf("%v after %d: %v %v\n%+v\n%s", r.Status, r.Succeeded, r.Labels, r.Error, failed, r.ErrorStack)
	for i, log := range traces {
		t.Errorf("trace %d:\n%s", i+1, log)
		if dir := os.Getenv("WSFSM_TRACES"); dir != "" {
			path := filepath.Join(dir, fmt.Sprintf("%s-%d.trace", strings.ReplaceAll(t.Name(), "/", "-"), i+1))
			if err := os.WriteFile(path, log, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
}

// finds fails the test unless the property fails on drivers with a fault, for the
// reason given, and is shrunk to no more than some operations; each trace that is
// printed then must be one that can be replayed.
func finds(t *testing.T, p property, wrap func(*end, calls) calls, reason string, most int) {
	t.Helper()
	r, failed, traces := tried(p, wrap, 2000)
	if r.Status != gopter.TestFailed || len(r.Labels) == 0 || !strings.Contains(r.Labels[0], reason) {
		t.Fatalf("%v after %d: the fault is not found: %v", r.Status, r.Succeeded, r.Labels)
	}
	if len(failed.program.Ops) > most || len(traces) == 0 {
		t.Errorf("shrunk to %+v; %d traces", failed, len(traces))
	}
	for _, log := range traces {
		replay(t, log)
	}
}

// replay plays a trace, which must have no differences.
func replay(t *testing.T, log []byte) {
	t.Helper()
	player, err := trace.Open(bytes.NewReader(log), trace.PlayerOptions{})
	for err == nil {
		_, err = player.Step()
	}
	if !errors.Is(err, io.EOF) || player.Line() < 3 {
		t.Errorf("%v\n%s", err, log)
	}
}

// bits are random decisions of a run, the same for the same seed.
func (in *input) bits() *rand.Rand { return rand.New(rand.NewSource(in.seed)) }

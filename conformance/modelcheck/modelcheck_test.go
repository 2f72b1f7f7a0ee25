package modelcheck

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/gen/emit"
	"github.com/wsfsm/wsfsm/internal/peer"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"github.com/wsfsm/wsfsm/states"
)

// compiled returns all versions, fresh numbers that a test may change.
func compiled(t testing.TB) emit.Input {
	t.Helper()
	set, err := gen.Load(states.Files())
	if err != nil {
		t.Fatal(err)
	}
	in, err := gen.Compile(set, "states/")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// modelOf writes the model of a generation to a directory of the test.
func modelOf(t testing.TB, in emit.Input, generation []emit.Version) *Model {
	t.Helper()
	peer.Require(t, Programs[:]...)
	m, err := New(t.TempDir(), emit.Promela(in, generation))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// mostStates bounds a search.
const mostStates = 2_000_000

// small is what searches for endless runs and for planted faults are held to: one
// message for each end in place of two.
const small = "DATA=1"

// checked are the generations whose models a test checks: with -short hixie-76
// alone, the smallest with close frames.
func checked(generations [][]emit.Version) [][]emit.Version {
	if !testing.Short() {
		return generations
	}
	return slices.DeleteFunc(generations, func(g []emit.Version) bool { return g[0].Lowered.Name != "hixie-76" })
}

// check searches and reports what is not as it must be: broken, or whole.
func check(t *testing.T, m *Model, s Search, broken bool) Verdict {
	t.Helper()
	v, err := m.Check(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if v.Broken != broken {
		t.Fatalf("broken is %t, by the run %v", v.Broken, v.Trail)
	}
	if v.States > mostStates {
		t.Errorf("%d states", v.States)
	}
	return v
}

// TestProofs has SPIN look for broken properties and for ends that never come to
// the end, in the models of all generations, and compares docs/proofs.md with
// what it says.
func TestProofs(t *testing.T) {
	in := compiled(t)
	for _, generation := range checked(in.Generations()) {
		t.Run(generation[0].Lowered.Name, func(t *testing.T) {
			t.Parallel()
			m := modelOf(t, in, generation)
			safety, liveness := Safety(), Liveness().With(small)
			if strings.HasPrefix(generation[0].Lowered.Name, "hixie") { // small models
				safety, liveness = safety.Soon(), liveness.Soon()
			}
			safe := check(t, m, safety, false)
			if len(safe.Unreached) > 0 {
				t.Errorf("no run takes %v", safe.Unreached)
			}
			live := check(t, m, liveness, false)
			t.Logf("%s: safety holds in %d states, liveness in %d; every row is taken", named(generation), safe.States, live.States)
			proven(t, generation, safe.States, live.States)
		})
	}
}

// proven looks for the line of a generation in docs/proofs.md.
func proven(t *testing.T, generation []emit.Version, safe, live int) {
	t.Helper()
	page, err := os.ReadFile("../../docs/proofs.md")
	if err != nil {
		t.Fatal(err)
	}
	newest := generation[0].Lowered.Name
	line := fmt.Sprintf("| [%s](../states/promela/%s.pml) | %s | %s | %s |", newest, newest, named(generation), grouped(safe), grouped(live))
	if !strings.Contains(string(page), line+"\n") {
		t.Errorf("docs/proofs.md lacks this line:\n%s", line)
	}
}

// named are the versions of a generation, oldest first.
func named(generation []emit.Version) string {
	var names []string
	for _, v := range slices.Backward(generation) {
		names = append(names, v.Lowered.Name)
	}
	if len(names) > 2 {
		return names[0] + " … " + names[len(names)-1]
	}
	return strings.Join(names, ", ")
}

// grouped writes a number with commas.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// TestWithoutTimers: where no timer ever runs out there are runs in which an end
// waits for ever. Two drivers, played such a run, wait alike.
func TestWithoutTimers(t *testing.T) {
	in := compiled(t)
	for _, generation := range checked(in.Generations()) {
		t.Run(generation[0].Lowered.Name, func(t *testing.T) {
			t.Parallel()
			v := check(t, modelOf(t, in, generation), Liveness().With(small, "UNTIMED").Soon(), true)
			t.Logf("%s: an end waits for ever by %v", named(generation), v.Trail)
			for _, version := range generation {
				p, err := protocolload.FromLowered(version.Lowered)
				if err != nil {
					t.Fatal(err)
				}
				e, err := Replay(p, v.Trail, true)
				if err != nil {
					t.Fatal(err)
				}
				if !e.Waits() {
					t.Errorf("%s: after %v the drivers are %v and %v", p.Name, v.Trail, e.drivers[server].State(), e.drivers[client].State())
				}
			}
		})
	}
}

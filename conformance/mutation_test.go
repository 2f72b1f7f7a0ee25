package conformance

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/states"
)

// score counts mutants by what became of them.
type score struct {
	mutants, killed, refused, equivalent int
	survived                             []string
	torn                                 []string // where the fused steps and the single ones differ
}

func (s *score) String() string {
	return fmt.Sprintf("mutants killed %d/%d (refused %d, proven equivalent %d)", s.killed, s.mutants, s.refused, s.equivalent)
}

// few is how many cases a mutant is run against before it is asked whether it
// can be noticed at all.
const few = 6

// TestMutation puts something else into each cell of each distinct table, in
// each role, and wants a case that goes through the cell to fail. What none
// notices must be refused by gen or proven equivalent. Each run is made step by
// step and once more with the fused steps, which are composed from the same
// tables: they must fail alike. With -short a tenth, always the same.
func TestMutation(t *testing.T) {
	t.Parallel()
	s := specifiedOf(t)
	var all []mutant
	for _, table := range s.tables() {
		for _, at := range table.cells() {
			for _, to := range table.mutants(at) {
				all = append(all, mutant{table, at, to})
			}
		}
	}
	if testing.Short() {
		rand.New(rand.NewPCG(0, 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:len(all)/10]
	}
	total := s.judge(t, all)
	t.Log(total)
	for _, m := range total.survived {
		t.Errorf("neither noticed nor refused nor proven equivalent: %s", m)
	}
	for _, m := range total.torn {
		t.Errorf("the fused steps differ from the single ones: %s", m)
	}
}

// TestMutationCanFail: a mutant that the cases notice survives in a suite that
// asserts nothing, and in one without the cases that notice it.
func TestMutationCanFail(t *testing.T) {
	t.Parallel()
	s := specifiedOf(t)
	at := Cell{states.Server, states.MachineConnection, uint8(states.ConnectionClosingSent), uint8(states.ConnectionOnPingReceived)}
	to := lower.Cell{To: uint8(states.ConnectionOpen), Do: uint8(states.ConnectionDoReportPing)}
	for _, one := range s.tables() {
		v := one.versions[0]
		m := mutant{&table{one.words, one.machine, []*suite{v}}, at, to}
		if len(v.covered[at]) == 0 || v.spec.Name != at.Machine.String() {
			continue
		}
		if got, _ := s.fate(t, m); got != killed {
			t.Errorf("%v: fate %d, want it killed", m, got)
		}
		all := v.covered[at]
		v.covered[at] = slices.DeleteFunc(slices.Clone(all), func(c *Case) bool { return notices(c, mutated(v.protocol, at, to)) })
		if got, _ := s.fate(t, m); got != survived || len(v.covered[at]) == len(all) {
			t.Errorf("%v: fate %d without the cases that notice it, want it to survive", m, got)
		}
		idle, _ := Cover(v.protocol, withoutAssertions(all))
		v.covered[at] = idle[at]
		if got, _ := s.fate(t, m); got != survived {
			t.Errorf("%v: fate %d without assertions, want it to survive", m, got)
		}
		return
	}
	t.Error("no table has the cell")
}

// judge finds out what becomes of mutants.
func (s *specified) judge(t testing.TB, all []mutant) *score {
	total := &score{mutants: len(all)}
	work := make(chan mutant)
	var mu sync.Mutex
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for m := range work {
				what, torn := s.fate(t, m)
				mu.Lock()
				total.add(m, what, torn)
				mu.Unlock()
			}
		})
	}
	for _, m := range all {
		work <- m
	}
	close(work)
	group.Wait()
	return total
}

// fate is what becomes of a mutant.
type fate uint8

const (
	survived fate = iota
	killed
	refused
	equivalent
)

// fate finds out what becomes of a mutant, and where the fused steps of a run
// differed from the single ones; "" if nowhere. What gen refuses is not loaded, so
// that nothing is asked of its steps.
func (s *specified) fate(t testing.TB, m mutant) (what fate, torn string) {
	what, torn = m.judge(0, few)
	if torn != "" && s.refused(m.table.versions[0], m.at, m.to) {
		torn = ""
	}
	switch {
	case what == killed:
	case m.table.all(func(v *suite) bool { return v.equivalent(t, m.at, m.to) }):
		what = equivalent
	case s.refused(m.table.versions[0], m.at, m.to):
		what = refused
	default:
		var later string
		what, later = m.judge(few, math.MaxInt)
		torn = cmp.Or(torn, later)
	}
	return what, torn
}

func (s *score) add(m mutant, what fate, torn string) {
	switch what {
	case killed:
		s.killed++
	case refused:
		s.refused++
	case equivalent:
		s.equivalent++
	default:
		s.survived = append(s.survived, m.String())
	}
	if torn != "" {
		s.torn = append(s.torn, m.String()+": "+torn)
	}
}

// mutant is a table with another content of one cell.
type mutant struct {
	table *table
	at    Cell
	to    lower.Cell
}

func (m mutant) String() string {
	return fmt.Sprintf("%s: %v: to %s, do %s", m.table.versions[0].protocol.Name, m.at,
		stateName(m.at.Machine, m.to.To), actionName(m.at.Machine, m.to.Do))
}

// all reports whether something holds for all versions of the table.
func (t *table) all(holds func(*suite) bool) bool {
	return !slices.ContainsFunc(t.versions, func(v *suite) bool { return !holds(v) })
}

// judge runs the cases that go through the cell, of each version those from first
// on, up to last, until one fails. It also returns where the fused steps fail in
// another way than the single ones.
func (m mutant) judge(first, last int) (what fate, torn string) {
	for _, v := range m.table.versions {
		p := mutated(v.protocol, m.at, m.to)
		through := v.covered[m.at]
		for _, c := range through[min(first, len(through)):min(last, len(through))] {
			stepped, fused := c.bothWays(p, p)
			if torn == "" && stepped != fused {
				torn = fmt.Sprintf("%s: %q, %q step by step", c.ID, fused, stepped)
			}
			if stepped != "" {
				return killed, torn
			}
		}
	}
	return survived, torn
}

func machineIndex(l *lower.Protocol, m states.Machine) int {
	return slices.IndexFunc(l.Machines, func(x lower.Machine) bool { return x.Name == m.String() })
}

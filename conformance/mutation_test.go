package conformance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"github.com/wsfsm/wsfsm/states"
)

// lowered returns RFC 6455 in numbers, from the spec files.
func lowered(t testing.TB) *lower.Protocol {
	t.Helper()
	for _, l := range loweredAll(t) {
		if l.Name == "rfc6455" {
			return l
		}
	}
	t.Fatal("no rfc6455")
	return nil
}

// loaded turns numbers into a protocol that runs.
func loaded(t testing.TB, l *lower.Protocol) *wsfsm.Protocol {
	t.Helper()
	p, err := protocolload.FromLowered(l)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// budget bounds the transitions of a run on a changed protocol, which may go
// round in a circle.
const budget = 200_000

// notices reports whether a case fails on a changed protocol. A driver that
// panics or goes round in a circle is noticed too.
func notices(c *Case, p *wsfsm.Protocol) (failed bool) {
	defer func() {
		if recover() != nil {
			failed = true
		}
	}()
	left := budget
	return Run(c, Config{Protocol: p, Observer: func(wsfsm.Transition) {
		if left--; left < 0 {
			panic("the driver goes round in a circle")
		}
	}}) != nil
}

// noticed reports whether one of the cases fails on a changed protocol. That
// one is moved to the front, as it is likely to notice the next change too.
func noticed(all []*Case, p *wsfsm.Protocol) bool {
	for i, c := range all {
		if notices(c, p) {
			copy(all[1:i+1], all[:i])
			all[0] = c
			return true
		}
	}
	return false
}

// score counts mutants by what became of them.
type score struct {
	mutants, killed, refused, equivalent int
	survived                             []string
}

func (s *score) String() string {
	return fmt.Sprintf("mutants killed %d/%d (refused %d, proven equivalent %d)", s.killed, s.mutants, s.refused, s.equivalent)
}

// undecided is the number of mutants that no case can notice, as the driver's
// methods for two words come to the same at that cell, though the checks of gen
// do not know that the word is out of place there: a ping reported where none
// came, the parts of a header field ended once more, the end of the transport
// reported in either way at a timeout, a check made twice.
const undecided = 43

// few is how many cases a mutant is run against before it is asked whether it
// can be noticed at all.
const few = 6

// TestMutation puts something else into each cell of each distinct table, in
// each role, and wants a case that goes through the cell to fail. What none
// notices must be refused by gen or proven equivalent. With -short a tenth.
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
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:len(all)/10]
	}
	total := s.judge(t, all)
	t.Log(total)
	for _, m := range total.survived {
		t.Logf("neither noticed nor refused nor proven equivalent: %s", m)
	}
	if len(total.survived) > undecided {
		t.Errorf("%d mutants survive, want at most %d", len(total.survived), undecided)
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
		m := mutant{&table{one.machine, []*suite{v}}, at, to}
		if len(v.covered[at]) == 0 || v.spec.Name != at.Machine.String() {
			continue
		}
		if got := s.fate(t, m); got != killed {
			t.Errorf("%v: fate %d, want it killed", m, got)
		}
		all := v.covered[at]
		v.covered[at] = slices.DeleteFunc(slices.Clone(all), func(c *Case) bool { return notices(c, mutated(v.protocol, at, to)) })
		if got := s.fate(t, m); got != survived || len(v.covered[at]) == len(all) {
			t.Errorf("%v: fate %d without the cases that notice it, want it to survive", m, got)
		}
		idle, _ := Cover(v.protocol, withoutAssertions(all))
		v.covered[at] = idle[at]
		if got := s.fate(t, m); got != survived {
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
				what := s.fate(t, m)
				mu.Lock()
				total.add(m, what)
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

func (s *specified) fate(t testing.TB, m mutant) fate {
	switch {
	case m.killed(0, few):
		return killed
	case m.table.all(func(v *suite) bool { return v.equivalent(t, m.at, m.to) }):
		return equivalent
	case s.refused(m.table.versions[0], m.at, m.to):
		return refused
	case m.killed(few, math.MaxInt):
		return killed
	}
	return survived
}

func (s *score) add(m mutant, what fate) {
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

// all reports whether something holds for all versions in which the cell is met.
func (t *table) all(holds func(*suite) bool) bool {
	return !slices.ContainsFunc(t.versions, func(v *suite) bool { return !holds(v) })
}

// killed reports whether a case that goes through the cell notices the mutant:
// of the cases of each version those from first on, up to last.
func (m mutant) killed(first, last int) bool {
	for _, v := range m.table.versions {
		p := mutated(v.protocol, m.at, m.to)
		through := v.covered[m.at]
		for _, c := range through[min(first, len(through)):min(last, len(through))] {
			if notices(c, p) {
				return true
			}
		}
	}
	return false
}

func machineIndex(l *lower.Protocol, m states.Machine) int {
	return slices.IndexFunc(l.Machines, func(x lower.Machine) bool { return x.Name == m.String() })
}

package conformance

import (
	"slices"
	"testing"
)

// TestCoverage wants each cell that can be met to be gone through by a case of
// its version, in each role, and no other cell to be.
func TestCoverage(t *testing.T) {
	t.Parallel()
	s := specifiedOf(t)
	for _, v := range s.versions {
		var all []Cell
		for _, m := range v.Spec.Machines {
			cells := s.cells(v, m)
			missing := v.covered.missing(cells)
			t.Logf("%s %s: cells %d/%d", v.protocol.Name, m.Name, len(cells)-len(missing), len(cells))
			for _, at := range missing {
				t.Errorf("%s: no case goes through %v", v.protocol.Name, at)
			}
			all = append(all, cells...)
		}
		for at, through := range v.covered {
			if !slices.Contains(all, at) {
				t.Errorf("%s: %s goes through %v, which the spec does not know to be met", v.protocol.Name, through[0].ID, at)
			}
		}
	}
}

// missing returns the cells that no case goes through.
func (c Coverage) missing(cells []Cell) (list []Cell) {
	for _, at := range cells {
		if len(c[at]) == 0 {
			list = append(list, at)
		}
	}
	return list
}

// TestCoverageCanFail: a suite that asserts nothing covers nothing, and without
// the only case that goes through a cell that cell is named.
func TestCoverageCanFail(t *testing.T) {
	t.Parallel()
	v := specifiedOf(t).versions[0]
	idle, err := Cover(v.protocol, withoutAssertions(v.cases))
	if err == nil || len(idle) > len(v.covered)/2 {
		t.Errorf("without assertions %d of %d cells are covered: %v", len(idle), len(v.covered), err)
	}
	for at, through := range v.covered {
		if len(through) != 1 {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(v.cases), func(c *Case) bool { return c == through[0] })
		covered, err := Cover(v.protocol, rest)
		if missing := covered.missing([]Cell{at}); err != nil || len(missing) != 1 || missing[0] != at {
			t.Errorf("without %s: %v is missing, %v", through[0].ID, missing, err)
		}
		return
	}
	t.Error("no cell has only one case")
}

// withoutAssertions returns the cases without the steps that expect something.
func withoutAssertions(all []*Case) (idle []*Case) {
	for _, c := range all {
		other := *c
		other.Steps = slices.DeleteFunc(slices.Clone(c.Steps), func(s Step) bool { return s.expects() })
		idle = append(idle, &other)
	}
	return idle
}

package modelcheck

import (
	"fmt"
	"testing"

	"github.com/wsfsm/wsfsm/internal/protocolload"
)

// TestRandomRuns plays 1,000 random runs of the models on drivers of all
// versions. Together they must take every row of each machine.
func TestRandomRuns(t *testing.T) {
	in := compiled(t)
	for _, generation := range in.Generations() {
		t.Run(generation[0].Lowered.Name, func(t *testing.T) {
			t.Parallel()
			m := modelOf(t, in, generation)
			runs := 250
			if testing.Short() {
				runs = 15
			}
			left := make(map[Row]bool)
			for _, r := range rowsByLine(m.text) {
				left[r] = true
			}
			for seed := range runs {
				run, err := m.Run(t.Context(), seed+1, fmt.Sprintf("SMOOTH=%d", min(1, seed*2/runs)))
				if err != nil {
					t.Fatal(err)
				}
				p, err := protocolload.FromLowered(generation[seed%len(generation)].Lowered)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := Replay(p, run, seed%5 < 3); err != nil {
					t.Fatalf("seed %d, %s: %v", seed+1, p.Name, err)
				}
				for _, s := range run {
					for _, r := range s.Rows {
						delete(left, r)
					}
				}
			}
			if len(left) > 0 && !testing.Short() {
				t.Errorf("no run takes %v", left)
			}
		})
	}
}

package conformance

import (
	"fmt"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/states"
)

// loweredAll returns all versions in numbers, oldest first.
func loweredAll(t testing.TB) (all []*lower.Protocol) {
	t.Helper()
	set, err := gen.Load(states.Files())
	if err != nil {
		t.Fatal(err)
	}
	in, err := gen.Compile(set, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range in.Versions {
		all = append(all, v.Lowered)
	}
	return all
}

// handshakeKinds returns one version for each kind of handshake: of those whose
// tables and heads are equal the one with the most cases.
func handshakeKinds(t testing.TB) (kinds []*lower.Protocol) {
	best := map[string]int{}
	for _, l := range loweredAll(t) {
		m := &l.Machines[machineIndex(l, states.MachineHandshake)]
		key, n := fmt.Sprint(m.Rows, m.Heads), len(casesOf(t, l.Name))
		at, known := best[key]
		switch {
		case !known:
			best[key] = len(kinds)
			kinds = append(kinds, l)
		case n > len(casesOf(t, kinds[at].Name)):
			kinds[at] = l
		}
	}
	return kinds
}

// TestHandshakeHeads changes each line of the heads of each kind of handshake,
// and wants a case of that version to fail. With -short every fifth.
func TestHandshakeHeads(t *testing.T) {
	t.Parallel()
	for _, l := range handshakeKinds(t) {
		all := slices.DeleteFunc(casesOf(t, l.Name), func(c *Case) bool { return !c.HandshakeInCase })
		for i, c := range machineConstants(&l.Machines[machineIndex(l, states.MachineHandshake)]) {
			if testing.Short() && i%5 != 0 {
				continue
			}
			c.change()
			if !noticed(all, loaded(t, l)) {
				t.Errorf("%s: %s: not noticed", l.Name, c.what)
			}
			c.undo()
		}
	}
}

package conformance

import (
	"slices"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm"
)

func ignore(wsfsm.Transition) {}

// TestCases runs every case in every way. With -short each is run as written,
// with and without the fused path, and octet by octet.
func TestCases(t *testing.T) {
	t.Parallel()
	for _, c := range cases(t) {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			if err := runAll(c); err != nil {
				t.Error(err)
			}
		})
	}
}

// runAll plays a case in all ways, if it is the first of its file; for further
// versions, with -short for all, whole and octet by octet.
func runAll(c *Case) error {
	if !testing.Short() && c.ID+".case" == c.File {
		return RunCuts(c, Config{})
	}
	for _, cut := range []Cut{nil, CutOctets{}} {
		if c.AsWritten && cut != nil {
			continue
		}
		for _, cfg := range []Config{{Cut: cut}, {Cut: cut, Observer: ignore, Trickle: true}, {Cut: cut, Pieces: true}, {Cut: cut, Room: true}} {
			if err := Run(c, cfg); err != nil {
				return err
			}
		}
	}
	return nil
}

var parseCases = sync.OnceValues(Cases)

// cases returns all cases, in a list of the caller's own.
func cases(t testing.TB) []*Case {
	t.Helper()
	all, err := parseCases()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(all)
}

// casesOf returns the cases of one version.
func casesOf(t testing.TB, version string) []*Case {
	t.Helper()
	return slices.DeleteFunc(cases(t), func(c *Case) bool { return c.Version != version })
}

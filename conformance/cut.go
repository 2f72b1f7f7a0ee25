package conformance

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/wsfsm/wsfsm"
)

// Cut cuts the input of a case into what the driver receives at once.
type Cut interface {
	// Apply cuts one contiguous run of input: the octets of consecutive input
	// steps. Runs count from 0, without those of the standard handshake. The
	// pieces may be parts of p.
	Apply(run int, p []byte) [][]byte
	// String describes the cut for messages.
	String() string
}

// CutAt cuts one run of the input in two and joins the steps of each other.
type CutAt struct {
	Run   int // number of the run
	Octet int // octets before the cut
}

// Apply implements Cut.
func (c CutAt) Apply(run int, p []byte) [][]byte {
	if run != c.Run || c.Octet <= 0 || c.Octet >= len(p) {
		return [][]byte{p}
	}
	return [][]byte{p[:c.Octet], p[c.Octet:]}
}

// String implements Cut.
func (c CutAt) String() string {
	return fmt.Sprintf("input %d cut after octet %d", c.Run+1, c.Octet)
}

// CutOctets hands over the input octet by octet.
type CutOctets struct{}

// Apply implements Cut.
func (CutOctets) Apply(_ int, p []byte) [][]byte {
	parts := make([][]byte, len(p))
	for i := range p {
		parts[i] = p[i : i+1]
	}
	return parts
}

// String implements Cut.
func (CutOctets) String() string { return "input octet by octet" }

// CutRandom cuts the input into pieces of random lengths, small ones more
// often. Equal seeds cut alike.
type CutRandom struct{ Seed uint64 }

// Apply implements Cut.
func (c CutRandom) Apply(run int, p []byte) (parts [][]byte) {
	random := rand.New(rand.NewPCG(c.Seed, uint64(run)))
	for len(p) > 0 {
		n := min(1+random.IntN(1<<random.IntN(16)), len(p))
		parts, p = append(parts, p[:n]), p[n:]
	}
	return parts
}

// String implements Cut.
func (c CutRandom) String() string { return fmt.Sprintf("input cut at random, seed %d", c.Seed) }

// cutWhole joins the input of consecutive steps and does not cut it.
type cutWhole struct{}

func (cutWhole) Apply(_ int, p []byte) [][]byte { return [][]byte{p} }

func (cutWhole) String() string { return "input of consecutive steps joined" }

// Limits of RunCuts.
const (
	everyCut   = 4 << 10 // octets of a run up to which it is cut at each place
	edge       = 64      // octets at both ends of a longer run where it is cut at each place
	randomCuts = 8       // random cuts of a case with a longer run
)

// Cuts returns the cuts that RunCuts tries: each in two of each run of input up
// to 4 KiB, octet by octet, and, for cases with longer runs, random ones.
func Cuts(c *Case) []Cut {
	cuts := []Cut{cutWhole{}, CutOctets{}}
	long := false
	for run, n := range inputRuns(c) {
		for at := 1; at < n; at++ {
			if n <= everyCut || at <= edge || at >= n-edge {
				cuts = append(cuts, CutAt{Run: run, Octet: at})
			}
		}
		long = long || n > everyCut
	}
	if long {
		for seed := range randomCuts {
			cuts = append(cuts, CutRandom{Seed: uint64(seed)})
		}
	}
	return cuts
}

// inputRuns returns the length of each contiguous run of input.
func inputRuns(c *Case) (lengths []int) {
	inside := false
	for i := range c.Steps {
		if c.Steps[i].Kind != Input {
			inside = false
			continue
		}
		if !inside {
			lengths = append(lengths, 0)
		}
		inside = true
		lengths[len(lengths)-1] += len(c.Bytes(&c.Steps[i]))
	}
	return lengths
}

// opens reports whether the connection of the case opens, so that there can be
// messages.
func (c *Case) opens() bool {
	return c.Opening != nil || slices.ContainsFunc(c.Steps, func(s Step) bool { return s.Kind == Event && s.Verb == "open" })
}

// RunCuts plays a case in all ways: as written and cut by each of Cuts, with
// the fused path and without and, if the connection opens, with messages in
// pieces; input is read into room that the driver lends every other time. It returns
// the first mismatch. The observer of cfg sees the runs without the fused path.
func RunCuts(c *Case, cfg Config) error {
	observer := cfg.Observer
	if observer == nil {
		observer = func(wsfsm.Transition) {}
	}
	cuts := []Cut{nil}
	if !c.AsWritten {
		cuts = append(cuts, Cuts(c)...)
	}
	ways := []Config{{}, {Observer: observer}, {Pieces: true}}
	if !c.opens() {
		ways = ways[:2]
	}
	for w, way := range ways {
		cfg.Observer, cfg.Pieces = way.Observer, way.Pieces
		s, err := newStage(c, cfg)
		if err != nil {
			return err
		}
		for i, cut := range cuts {
			// What one way reads into room of the driver, the next does not.
			cfg.Cut, cfg.Room = cut, (i+w)%2 == 1
			_, cfg.Trickle = cut.(CutOctets)
			if err := s.run(cfg); err != nil {
				return err
			}
		}
	}
	return nil
}

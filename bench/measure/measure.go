// Package measure takes interleaved samples of contestants and sums them up.
package measure

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
)

// Work is one thing that several contestants do.
type Work struct {
	Group string // the kind of work
	Name  string
	Unit  string // of the values, such as "ns"
	// More: a greater value is the better one.
	More bool
	// Octets of payload in one unit of work, for the time per octet; 0 if there is
	// no such thing.
	Octets int
	// X is where a value stands in a plot of its group.
	X float64
	// Rounds, if not 0, bounds the rounds of a work that takes long or does not vary.
	Rounds int
	// Contestants prepares them; what they hold is let go after the work.
	Contestants func() ([]Contestant, error)
}

// Contestant does the work.
type Contestant struct {
	Name string
	Own  bool // it is this library
	// Beside: it is no peer, such as a library that peers use, or raw TCP.
	Beside bool
	// Note is shown behind the value.
	Note string
	// Check compares octets; it runs before the first sample.
	Check func() error
	// Sample takes about that long and returns a value.
	Sample func(time.Duration) (Sample, error)
	// Close, if not nil, ends what the contestant holds.
	Close func()
}

// Sample is one value.
type Sample struct {
	Value  float64
	Allocs float64 // for each unit of work; negative: not counted
}

// Result is what came of a work.
type Result struct {
	Group, Name, Unit string
	More              bool
	Octets            int
	X                 float64
	Rounds            int
	Time              time.Duration // that was asked for in each sample
	Figures           []Figure
}

// Figure is what came of a contestant: the median and the quartiles.
type Figure struct {
	Name              string
	Own, Beside       bool
	Note              string `json:",omitempty"`
	Median, Low, High float64
	Allocs            float64
}

// Run checks all contestants, then samples each in each round, beginning with
// another one each time.
func (w Work) Run(rounds int, d time.Duration) (Result, error) {
	r := Result{Group: w.Group, Name: w.Name, Unit: w.Unit, More: w.More, Octets: w.Octets, X: w.X}
	list, err := w.Contestants()
	if err != nil {
		return r, fmt.Errorf("%s %s: %w", w.Group, w.Name, err)
	}
	defer func() {
		for _, c := range list {
			if c.Close != nil {
				c.Close()
			}
		}
	}()
	for _, c := range list {
		if err := c.Check(); err != nil {
			return r, fmt.Errorf("%s %s: %s: %w", w.Group, w.Name, c.Name, err)
		}
	}
	if w.Rounds > 0 {
		rounds = min(rounds, w.Rounds)
	}
	r.Rounds, r.Time = rounds, d
	samples := make([][]Sample, len(list))
	for round := range rounds {
		for i := range list {
			k := (i + round) % len(list)
			runtime.GC()
			s, err := list[k].Sample(d)
			if err != nil {
				return r, fmt.Errorf("%s %s: %s: %w", w.Group, w.Name, list[k].Name, err)
			}
			samples[k] = append(samples[k], s)
		}
	}
	for k, c := range list {
		r.Figures = append(r.Figures, sum(c, samples[k]))
	}
	return r, nil
}

func sum(c Contestant, samples []Sample) Figure {
	values, allocs := make([]float64, 0, len(samples)), make([]float64, 0, len(samples))
	for _, s := range samples {
		values, allocs = append(values, s.Value), append(allocs, s.Allocs)
	}
	return Figure{Name: c.Name, Own: c.Own, Beside: c.Beside, Note: c.Note, Median: Quantile(values, 0.5), Low: Quantile(values, 0.25),
		High: Quantile(values, 0.75), Allocs: Quantile(allocs, 0.5)}
}

// Quantile of values, between the two nearest if it falls there.
func Quantile(values []float64, q float64) float64 {
	v := slices.Sorted(slices.Values(values))
	if len(v) == 0 {
		return math.NaN()
	}
	at := q * float64(len(v)-1)
	low := int(at)
	if low == len(v)-1 {
		return v[low]
	}
	return v[low] + (at-float64(low))*(v[low+1]-v[low])
}

// Best is the best figure of a peer; nil if there is none.
func (r Result) Best() (best *Figure) {
	for i, f := range r.Figures {
		if f.Own || f.Beside {
			continue
		}
		if best == nil || r.More == (f.Median > best.Median) {
			best = &r.Figures[i]
		}
	}
	return best
}

// Ratio is the value of a figure beside the best peer's; NaN if there is none.
func (r Result) Ratio(f Figure) float64 {
	best := r.Best()
	if best == nil {
		return math.NaN()
	}
	return f.Median / best.Median
}

// Figure returns the figure of a contestant.
func (r Result) Figure(name string) (Figure, bool) {
	for _, f := range r.Figures {
		if f.Name == name {
			return f, true
		}
	}
	return Figure{}, false
}

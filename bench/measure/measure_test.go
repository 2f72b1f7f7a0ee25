package measure

import (
	"errors"
	"math"
	"path/filepath"
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	v := []float64{4, 1, 3, 2}
	for q, want := range map[float64]float64{0: 1, 0.25: 1.75, 0.5: 2.5, 0.75: 3.25, 1: 4} {
		if got := Quantile(v, q); got != want {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
	if !math.IsNaN(Quantile(nil, 0.5)) {
		t.Error("a quantile of nothing")
	}
}

// fixed is a contestant that gives its values in turn.
func fixed(name string, own, beside bool, values ...float64) Contestant {
	i := 0
	return Contestant{Name: name, Own: own, Beside: beside, Check: func() error { return nil }, Sample: func(time.Duration) (Sample, error) {
		i++
		return Sample{Value: values[(i-1)%len(values)]}, nil
	}}
}

func work(more bool, list ...Contestant) Work {
	return Work{Group: "g", Name: "n", Unit: "ns", More: more, Contestants: func() ([]Contestant, error) { return list, nil }}
}

func TestRatiosAreToTheBestPeer(t *testing.T) {
	list := func() []Contestant {
		return []Contestant{fixed("own", true, false, 1, 3, 2), fixed("slow", false, false, 8), fixed("fast", false, false, 4), fixed("beside", false, true, 1)}
	}
	r, err := work(false, list()...).Run(3, 0)
	if err != nil {
		t.Fatal(err)
	}
	own, _ := r.Figure("own")
	if r.Best().Name != "fast" || own.Median != 2 || r.Ratio(own) != 0.5 {
		t.Errorf("best %v, median %v, ratio %v", r.Best(), own.Median, r.Ratio(own))
	}
	if r, err = work(true, list()...).Run(3, 0); err != nil || r.Best().Name != "slow" {
		t.Errorf("where more is better the best is %v, %v", r.Best(), err)
	}
}

func TestACheckThatFailsIsNotTimed(t *testing.T) {
	sampled, closed := false, false
	bad := Contestant{Name: "bad", Check: func() error { return errors.New("other octets") },
		Sample: func(time.Duration) (Sample, error) { sampled = true; return Sample{}, nil }, Close: func() { closed = true }}
	if _, err := work(false, bad).Run(1, 0); err == nil || sampled || !closed {
		t.Errorf("%v, sampled %v, closed %v", err, sampled, closed)
	}
}

func TestTimedCountsUnitsAndAllocations(t *testing.T) {
	var kept []*[64]byte
	sample := Timed(func(n int) (int, time.Duration, error) {
		kept = kept[:0]
		for range n {
			kept = append(kept, new([64]byte))
		}
		return n, time.Duration(n) * 1000, nil
	})
	if _, err := sample(time.Millisecond); err != nil {
		t.Fatal(err)
	}
	s, err := sample(time.Millisecond)
	if err != nil || s.Value != 1000 || s.Allocs < 1 || s.Allocs > 1.5 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestStore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results.json")
	var s Store
	s.Add(Result{Group: "g", Name: "a", X: 1})
	s.Add(Result{Group: "g", Name: "b"})
	s.Add(Result{Group: "g", Name: "a", X: 2})
	if err := s.Save(file); err != nil {
		t.Fatal(err)
	}
	got, err := Load(file)
	if a, _ := got.Find("g", "a"); err != nil || len(got.Group("g")) != 2 || a.X != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none")); err != nil {
		t.Error(err)
	}
}

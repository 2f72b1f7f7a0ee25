package measure

import (
	"runtime"
	"time"
)

// Timed makes samples of nanoseconds for a unit of work. run does n units, or some
// more, and returns how many and how long they took.
func Timed(run func(n int) (units int, took time.Duration, err error)) func(time.Duration) (Sample, error) {
	n := 0
	return func(d time.Duration) (Sample, error) {
		if n == 0 {
			if err := calibrate(run, d, &n); err != nil {
				return Sample{}, err
			}
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		units, took, err := run(n)
		runtime.ReadMemStats(&after)
		return Sample{
			Value:  float64(took) / float64(units),
			Allocs: float64(after.Mallocs-before.Mallocs) / float64(units),
		}, err
	}
}

// calibrate finds how many units take about that long. A first run may be slow for
// other reasons than the work.
func calibrate(run func(int) (int, time.Duration, error), d time.Duration, n *int) error {
	for tried := 1; ; {
		units, took, err := run(tried)
		if err != nil {
			return err
		}
		if took >= d/2 {
			if units, took, err = run(tried); err != nil {
				return err
			}
		}
		if took >= d/2 || units >= 1<<28 {
			*n = max(1, int(float64(units)*float64(d)/float64(max(took, 1))))
			return nil
		}
		tried = min(64*tried, 1+int(1.2*float64(units)*float64(d)/float64(max(took, 1))))
	}
}

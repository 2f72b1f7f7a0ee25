// Package report shows results: on a terminal, and as a page with tables and
// plots.
package report

import (
	"fmt"
	"io"
	"math"

	"github.com/wsfsm/wsfsm/bench/measure"
)

// Print writes the figures of one work: median, quartiles, the ratio to the best
// peer, allocations for each unit.
func Print(w io.Writer, r measure.Result) {
	fmt.Fprintf(w, "\n%s %s, %s\n", r.Group, r.Name, r.Unit)
	for _, f := range r.Figures {
		fmt.Fprintf(w, "  %-22s %12s  %12s … %-12s %8s %9s %s\n", f.Name, number(f.Median), number(f.Low), number(f.High), ratio(r.Ratio(f)), allocs(f.Allocs), f.Note)
	}
}

// number with three digits that count, at least.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 1000:
		return grouped(int64(math.Round(v)))
	case a >= 100:
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func grouped(n int64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

func ratio(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	if v < 0.1 {
		return fmt.Sprintf("× %.3f", v)
	}
	return fmt.Sprintf("× %.2f", v)
}

func allocs(v float64) string {
	switch {
	case v < 0:
		return ""
	case v < 0.1:
		return "0a"
	case v < 10:
		return fmt.Sprintf("%.2ga", v)
	}
	return fmt.Sprintf("%.0fa", v)
}

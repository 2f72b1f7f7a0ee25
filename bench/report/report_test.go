package report

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot"

	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/work"
)

func store() (s measure.Store) {
	s.Machine = measure.ThisMachine()
	for _, size := range []float64{16, 125} {
		name := map[float64]string{16: "server 16 B binary", 125: "server 125 B binary"}[size]
		s.Add(measure.Result{Group: "receive", Name: name, Unit: "ns", Octets: int(size), X: size, Rounds: 7, Time: 12 * time.Millisecond, Figures: []measure.Figure{
			{Name: "wsfsm", Own: true, Median: size, Low: size - 1, High: size + 1, Allocs: 1.9},
			{Name: "gws", Median: 10 * size, Allocs: 1},
			{Name: "gobwas-low", Median: map[float64]float64{16: 32, 125: 500}[size]},
		}})
	}
	s.Add(measure.Result{Group: "memory", Name: "1000000 drivers", Unit: "octets", Rounds: 7, Time: 12 * time.Millisecond,
		Figures: []measure.Figure{{Name: "wsfsm", Own: true, Median: 256.03}}})
	return s
}

func TestPage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "performance.md")
	if err := Write(store(), file); err != nil {
		t.Fatal(err)
	}
	p, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| 1 | receive 16 B binary, masked |  | ≤ 9.00 | ≤ 8.23 (gobwas-low 35.0 → 32.0) | 16.0 | misses it by 78 %, as carried over by 94 % |",
		"| 2 | receive 125 B | binary | ≤ 18.0 | ≤ 180 (gobwas-low 50.0 → 500) | 125 | met as carried over |",
		"|  |  | server 16 B binary, against gws | ≤ × 0.12 |  | × 0.10 | met |",
		"|  |  | server 16 B binary, allocations | ≤ 0 |  | 2 | misses it |",
		"| server 16 B binary | **16.0** (15.0 … 17.0) 1.9a | 160 1a | 32.0 | gobwas-low, wsfsm × 0.50 |",
		"| driver, octets | ≤ 256 |  | 256 | met |",
		"(performance/receive-binary.svg)",
		"7 rounds, samples of 12ms (of",
	} {
		if !strings.Contains(string(p), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	svg, err := os.ReadFile(filepath.Join(filepath.Dir(file), "performance", "receive-binary.svg"))
	if err != nil || !strings.Contains(string(svg), "gobwas-low") {
		t.Error("the plot lacks a line", err)
	}
}

// The slowest of the oldest versions stands beside gws, and for text beside its check.
func TestOldest(t *testing.T) {
	var s measure.Store
	for _, content := range []string{"binary", "mixed"} {
		s.Add(measure.Result{Group: "versions", Name: "16 B " + content, Figures: []measure.Figure{
			{Name: "gws", Median: 100}, {Name: "gws+utf8", Median: 200}, {Name: "hybi-01", Median: 20}, {Name: "hybi-04", Median: 150}, {Name: "hybi-07", Median: 400},
		}})
	}
	got := oldest(s)
	for _, want := range []string{"| 16 B binary | hybi-04 | 150 | × 1.50 |  |\n", "| 16 B mixed | hybi-04 | 150 | × 1.50 | × 0.75 |\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
}

func TestInsert(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	for _, content := range []string{"no marks", begin + "no end"} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if Insert(store(), file) == nil {
			t.Errorf("%q takes figures", content)
		}
	}
	if err := os.WriteFile(file, []byte("before\n"+begin+"old\n"+end+"after\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Insert(store(), file); err != nil {
		t.Fatal(err)
	}
	p, _ := os.ReadFile(file)
	if s := string(p); !strings.HasPrefix(s, "before\n"+begin) || !strings.HasSuffix(s, end+"after\n") || strings.Contains(s, "old") {
		t.Errorf("%s", p)
	}
}

// Goals and plots name works and contestants that there are.
func TestNamesExist(t *testing.T) {
	names := map[string]bool{}
	for _, w := range work.All("") {
		if names[w.Group+" "+w.Name] {
			t.Errorf("%s %s is there twice", w.Group, w.Name)
		}
		names[w.Group+" "+w.Name] = true
	}
	for _, g := range theGoals() {
		for _, w := range g.wants {
			if !names[w.group+" "+w.name] {
				t.Errorf("no work %s %s", w.group, w.name)
			}
		}
	}
	for _, f := range figures() {
		found := 0
		for name := range names {
			if strings.HasPrefix(name, f.group+" "+f.prefix) && strings.HasSuffix(name, f.suffix) {
				found++
			}
		}
		if found < 5 {
			t.Errorf("%d works for %s", found, f.file)
		}
	}
}

// Marks of axes are where people expect them, the ends among them.
func TestMarks(t *testing.T) {
	text := func(ticks []plot.Tick) (s string) {
		for _, k := range ticks {
			s += k.Label + " "
		}
		return s
	}
	for want, got := range map[string][]plot.Tick{
		"0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 ": evenMarks(0, 0.89),
		"0 100 200 300 400 500 ":             evenMarks(0, 500),
		"0 0.5 1 1.5 2 2.5 ":                 evenMarks(0, 2.9),
		"0.01 0.1 1 10 ":                     marksOf(10, func(v float64) string { return fmt.Sprintf("%g", v) })(0.01, 10),
		"1 4 16 64 256 1 Ki 4 Ki ":           marksOf(4, sizeMark)(1, 4096),
		"256 Ki 1 Mi 4 Mi ":                  marksOf(4, sizeMark)(100_000, 4<<20),
		"1 10 100 1,000 10,000 ":             marksOf(10, func(v float64) string { return grouped(int64(v)) })(1, 18_000),
	} {
		if text(got) != want {
			t.Errorf("marks %q, want %q", text(got), want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{0.5: "0.50", 15.44: "15.4", 154.4: "154", 1544.4: "1,544", 1234567: "1,234,567"} {
		if got := number(v); got != want {
			t.Errorf("%v is %s, want %s", v, got, want)
		}
	}
}

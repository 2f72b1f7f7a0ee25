package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/wsfsm/wsfsm/bench/measure"
)

// want is one bound of a goal: a figure of this library and how great it may be,
// by itself or as a ratio to that of a contestant of the same work.
type want struct {
	what        string
	group, name string
	own         string
	beside      string // contestant that it is compared with; "" for the value itself
	bound       float64
	least       bool // at least the bound, not at most
	allocs      bool // allocations for each unit of work
}

func allocations(group, name string, bound float64) want {
	return want{what: name + ", allocations", group: group, name: name, own: "wsfsm", bound: bound, allocs: true}
}

// goal is what is wanted of a kind of work.
type goal struct {
	work  string
	wants []want
}

func ns(what, group, name string, bound float64) want {
	return want{what: what, group: group, name: name, own: "wsfsm", bound: bound}
}

func beat(group, name, own, peer string, bound float64) want {
	return want{what: name + ", against " + peer, group: group, name: name, own: own, beside: peer, bound: bound}
}

// theGoals are those that the library was built towards.
func theGoals() []goal {
	return []goal{
		{"receive 16 B binary, masked", []want{
			ns("", "receive", "server 16 B binary", 9),
			allocations("receive", "server 16 B binary", 0),
			beat("receive", "server 16 B binary", "wsfsm", "gws", 0.12),
			beat("receive", "server 16 B binary", "wsfsm", "gobwas-low", 0.35),
		}},
		{"receive 125 B", []want{
			ns("binary", "receive", "server 125 B binary", 18),
			ns("mixed", "receive", "server 125 B mixed", 60),
			ns("ASCII", "receive", "server 125 B ASCII", 25),
			beat("receive", "server 125 B binary", "wsfsm", "gobwas-low", 0.36),
			beat("receive", "server 125 B mixed", "wsfsm", "gws+utf8", 0.33),
		}},
		{"receive 1 KiB of mixed text", []want{
			ns("", "receive", "server 1 KiB mixed", 130),
			beat("receive", "server 1 KiB mixed", "wsfsm", "gws+utf8", 0.23),
		}},
		{"receive binary", []want{
			ns("64 KiB", "receive", "server 64 KiB binary", 1600),
			ns("1 MiB", "receive", "server 1 MiB binary", 28_000),
			beat("receive", "server 64 KiB binary", "wsfsm", "gobwas-low", 1.12),
			beat("receive", "server 1 MiB binary", "wsfsm pieces", "gobwas-low", 0.8),
		}},
		{"receive 1 MiB of mixed text", []want{
			ns("whole", "receive", "server 1 MiB mixed", 150_000),
			{what: "in pieces", group: "receive", name: "server 1 MiB mixed", own: "wsfsm pieces", bound: 150_000},
			beat("receive", "server 1 MiB mixed", "wsfsm pieces", "gws+utf8", 0.074),
		}},
		{"16 fragments of 1 KiB", []want{
			ns("binary", "fragments", "16 × 1 KiB binary", 1500),
			ns("mixed", "fragments", "16 × 1 KiB mixed", 3000),
			allocations("fragments", "16 × 1 KiB mixed", 0),
			beat("fragments", "16 × 1 KiB binary", "wsfsm", "nbio", 0.1),
			beat("fragments", "16 × 1 KiB mixed", "wsfsm", "nbio", 0.21),
		}},
		{"send", []want{
			ns("server 16 B", "send", "server 16 B binary", 8),
			ns("client 125 B", "send", "client 125 B binary", 20),
			ns("client 64 KiB", "send", "client 64 KiB binary", 1400),
			allocations("send", "server 16 B binary", 0),
			allocations("send", "client 125 B binary", 0),
			beat("send", "server 16 B binary", "wsfsm", "gobwas-util", 0.19),
			beat("send", "client 125 B binary", "wsfsm", "gobwas-util", 0.21),
			beat("send", "client 64 KiB binary", "wsfsm", "gobwas-low", 1.04),
		}},
		{"handshake from octets", []want{
			ns("", "handshake", "from octets", 450),
			allocations("handshake", "from octets", 1),
			beat("handshake", "from octets", "wsfsm", "gobwas-low", 0.98),
		}},
		{"idle", []want{
			{what: "driver, octets", group: "memory", name: "1000000 drivers", own: "wsfsm", bound: 256},
			{what: "wsnet, octets", group: "memory", name: "10000 connections", own: "wsnet", bound: 3300},
		}},
		{"echo, 16 in flight", []want{
			{what: "against raw TCP", group: "echo", name: "100 connections, 16 in flight", own: "wsnet", beside: "raw TCP", bound: 0.85, least: true},
		}},
		{"deflate", []want{
			{what: "driver and its coder alone, receive 64 KiB", group: "deflate", name: "receive 64 KiB JSON", own: "wsfsm", beside: "wsfsm, coder alone", bound: 1.05},
			{what: "send 64 KiB", group: "deflate", name: "send 64 KiB JSON", own: "wsfsm", beside: "wsfsm, coder alone", bound: 1.05},
			{what: "receive 1 KiB", group: "deflate", name: "receive 1 KiB JSON", own: "wsfsm", beside: "wsfsm, coder alone", bound: 1.05},
			{what: "send 1 KiB", group: "deflate", name: "send 1 KiB JSON", own: "wsfsm", beside: "wsfsm, coder alone", bound: 1.05},
			{what: "send 1 KiB, takeover, against coder", group: "deflate", name: "send 1 KiB JSON, takeover", own: "wsfsm", beside: "coder", bound: 1},
			{what: "send 64 KiB, takeover, against coder", group: "deflate", name: "send 64 KiB JSON, takeover", own: "wsfsm", beside: "coder", bound: 1},
			{what: "receive 1 KiB, against gws", group: "deflate", name: "receive 1 KiB JSON, takeover", own: "wsfsm", beside: "gws", bound: 1},
			{what: "receive 64 KiB, against gws", group: "deflate", name: "receive 64 KiB JSON, takeover", own: "wsfsm", beside: "gws", bound: 1},
		}},
	}
}

// goals is the table of all goals with the figures of this run.
func goals(s measure.Store) string {
	var b strings.Builder
	b.WriteString("| # | work | | goal | measured | |\n|---|---|---|---|---|---|\n")
	for i, g := range theGoals() {
		for k, w := range g.wants {
			number, work := "", ""
			if k == 0 {
				number, work = fmt.Sprint(i+1), g.work
			}
			goal, measured, met := w.row(s)
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", number, work, w.what, goal, measured, met)
		}
	}
	return b.String()
}

func (w want) row(s measure.Store) (goal, measured, met string) {
	sign := "≤"
	if w.least {
		sign = "≥"
	}
	show := number
	if w.beside != "" {
		show = ratio
	} else if w.allocs {
		show = func(v float64) string { return fmt.Sprintf("%.0f", v) }
	}
	value := w.value(s)
	if math.IsNaN(value) {
		return sign + " " + show(w.bound), "not measured", ""
	}
	switch {
	case value <= w.bound != w.least || value == w.bound:
		met = "met"
	case w.bound == 0:
		met = "misses it"
	default:
		met = fmt.Sprintf("misses it by %.0f %%", 100*math.Abs(value/w.bound-1))
	}
	return sign + " " + show(w.bound), show(value), met
}

// value is the figure, or its ratio; NaN if it was not measured.
func (w want) value(s measure.Store) float64 {
	r, there := s.Find(w.group, w.name)
	f, own := r.Figure(w.own)
	if !there || !own {
		return math.NaN()
	}
	switch {
	case w.allocs:
		return math.Round(f.Allocs)
	case w.beside == "" && r.Unit == "octets":
		return math.Round(f.Median) // what else the process holds comes to a fraction of one
	case w.beside == "":
		return f.Median
	}
	other, there := r.Figure(w.beside)
	if !there {
		return math.NaN()
	}
	return f.Median / other.Median
}

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
	peer        string
	then        float64 // what the peer took where the goal was set; 0: not known
}

// where sets what a peer took where the goal was set.
func (w want) where(peer string, took float64) want {
	w.peer, w.then = peer, took
	return w
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

func pieces(what, group, name string, bound float64) want {
	return want{what: what, group: group, name: name, own: "wsfsm pieces", bound: bound}
}

func beat(group, name, own, peer string, bound float64) want {
	return want{what: name + ", against " + peer, group: group, name: name, own: own, beside: peer, bound: bound}
}

func piecesBeat(group, name, peer string, bound float64) want {
	w := beat(group, name, "wsfsm pieces", peer, bound)
	w.what = name + " in pieces, against " + peer
	return w
}

// theGoals are those that the library was built towards.
func theGoals() []goal {
	return []goal{
		{"receive 16 B binary, masked", []want{
			ns("", "receive", "server 16 B binary", 9).where("gobwas-low", 35),
			allocations("receive", "server 16 B binary", 0),
			beat("receive", "server 16 B binary", "wsfsm", "gws", 0.12),
			beat("receive", "server 16 B binary", "wsfsm", "gobwas-low", 0.35),
		}},
		{"receive 125 B", []want{
			ns("binary", "receive", "server 125 B binary", 18).where("gobwas-low", 50),
			ns("mixed", "receive", "server 125 B mixed", 60).where("gobwas-low", 48),
			ns("ASCII", "receive", "server 125 B ASCII", 25),
			beat("receive", "server 125 B binary", "wsfsm", "gobwas-low", 0.36),
			beat("receive", "server 125 B mixed", "wsfsm", "gws+utf8", 0.33),
		}},
		{"receive 1 KiB of mixed text", []want{
			ns("", "receive", "server 1 KiB mixed", 130).where("gobwas-low", 62),
			beat("receive", "server 1 KiB mixed", "wsfsm", "gws+utf8", 0.23),
		}},
		{"receive binary", []want{
			ns("64 KiB, whole", "receive", "server 64 KiB binary", 1600).where("gobwas-low", 1424),
			pieces("64 KiB, in pieces", "receive", "server 64 KiB binary", 1600).where("gobwas-low", 1424),
			ns("1 MiB, whole", "receive", "server 1 MiB binary", 28_000).where("gobwas-low", 35_000),
			pieces("1 MiB, in pieces", "receive", "server 1 MiB binary", 28_000).where("gobwas-low", 35_000),
			beat("receive", "server 64 KiB binary", "wsfsm", "gobwas-low", 1.12),
			piecesBeat("receive", "server 64 KiB binary", "gobwas-low", 1.12),
			beat("receive", "server 1 MiB binary", "wsfsm", "gobwas-low", 0.8),
			piecesBeat("receive", "server 1 MiB binary", "gobwas-low", 0.8),
		}},
		{"receive 1 MiB of mixed text", []want{
			ns("whole", "receive", "server 1 MiB mixed", 150_000).where("gobwas-low", 33_000),
			pieces("in pieces", "receive", "server 1 MiB mixed", 150_000).where("gobwas-low", 33_000),
			piecesBeat("receive", "server 1 MiB mixed", "gws+utf8", 0.074),
		}},
		{"16 fragments of 1 KiB", []want{
			ns("binary", "fragments", "16 × 1 KiB binary", 1500).where("gobwas-low", 1100),
			ns("mixed", "fragments", "16 × 1 KiB mixed", 3000),
			allocations("fragments", "16 × 1 KiB mixed", 0),
			beat("fragments", "16 × 1 KiB binary", "wsfsm", "nbio", 0.1),
			beat("fragments", "16 × 1 KiB mixed", "wsfsm", "nbio", 0.21),
		}},
		{"send", []want{
			ns("server 16 B", "send", "server 16 B binary", 8).where("gobwas-util", 42),
			ns("client 125 B", "send", "client 125 B binary", 20).where("gobwas-util", 95),
			ns("client 64 KiB", "send", "client 64 KiB binary", 1400).where("gobwas-low", 1400),
			allocations("send", "server 16 B binary", 0),
			allocations("send", "client 125 B binary", 0),
			beat("send", "server 16 B binary", "wsfsm", "gobwas-util", 0.19),
			beat("send", "client 125 B binary", "wsfsm", "gobwas-util", 0.21),
			beat("send", "client 64 KiB binary", "wsfsm", "gobwas-low", 1.04),
		}},
		{"handshake from octets", []want{
			ns("", "handshake", "from octets", 450).where("gobwas-low", 460),
			allocations("handshake", "from octets", 1),
			beat("handshake", "from octets", "wsfsm", "gobwas-low", 0.98),
		}},
		{"idle", []want{
			{what: "driver, octets", group: "memory", name: "1000000 drivers", own: "wsfsm", bound: 256},
			{what: "wsnet, octets", group: "memory", name: "10000 connections", own: "wsnet", bound: 3300, peer: "a goroutine in Read", then: 2800},
		}},
		{"echo, 16 in flight", []want{
			{what: "driver, against raw TCP", group: "echo", name: "100 connections, 16 in flight", own: "wsfsm", beside: "raw TCP", bound: 0.85, least: true},
			{what: "wsnet, against raw TCP", group: "echo", name: "100 connections, 16 in flight", own: "wsnet", beside: "raw TCP", bound: 0.85, least: true},
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
	b.WriteString("| # | work | | goal | carried over | measured | |\n|---|---|---|---|---|---|---|\n")
	for i, g := range theGoals() {
		for k, w := range g.wants {
			number, work := "", ""
			if k == 0 {
				number, work = fmt.Sprint(i+1), g.work
			}
			goal, carried, measured, met := w.row(s)
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", number, work, w.what, goal, carried, measured, met)
		}
	}
	return b.String()
}

func (w want) row(s measure.Store) (goal, carried, measured, met string) {
	sign := "≤ "
	if w.least {
		sign = "≥ "
	}
	show := number
	if w.beside != "" {
		show = ratio
	} else if w.allocs {
		show = func(v float64) string { return fmt.Sprintf("%.0f", v) }
	}
	goal = sign + show(w.bound)
	value, now := w.value(s), w.now(s)
	if math.IsNaN(value) {
		return goal, "", "not measured", ""
	}
	met = w.misses(value, w.bound)
	if !math.IsNaN(now) {
		here := w.bound * now / w.then
		carried = fmt.Sprintf("%s%s (%s %s → %s)", sign, show(here), w.peer, show(w.then), show(now))
		if met != "" {
			as := w.misses(value, here)
			if as == "" {
				return goal, carried, show(value), "met as carried over"
			}
			met += ", as carried over by " + as
		}
	}
	switch {
	case met == "":
		return goal, carried, show(value), "met"
	case w.bound == 0:
		return goal, carried, show(value), "misses it"
	}
	return goal, carried, show(value), "misses it by " + met
}

// misses says by how much a figure misses a bound; "" if it does not.
func (w want) misses(value, bound float64) string {
	if value <= bound != w.least || value == bound {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*math.Abs(value/bound-1))
}

// now is what the peer took in this run; NaN if that is not known.
func (w want) now(s measure.Store) float64 {
	if w.then == 0 {
		return math.NaN()
	}
	r, _ := s.Find(w.group, w.name)
	f, there := r.Figure(w.peer)
	if !there {
		return math.NaN()
	}
	return f.Median
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

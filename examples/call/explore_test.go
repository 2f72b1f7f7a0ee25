package call

import (
	"fmt"
	"slices"
	"testing"
)

// world is two phones and the line between them. It is comparable, so that a map
// knows which worlds were visited.
type world struct {
	phones [2]State
	lines  [2]string // signals on their way to each phone, an octet each
	lost   bool
}

// capacity is how many signals the line holds in each direction. A user waits while
// the own direction is full.
const capacity = 2

// explore visits every world that two phones can come to, whatever their users do,
// in whatever order signals arrive and whenever the line is lost. It returns how
// many there are and the first in which something is wrong, with the way there.
func explore(table *Table, wrong func(world, bool) string) (int, string) {
	start := world{phones: [2]State{Idle, Idle}}
	from := map[world]step{start: {}}
	queue := []world{start}
	for len(queue) > 0 {
		w := queue[0]
		queue = queue[1:]
		stuck := true
		for _, s := range w.steps(table) {
			stuck = false
			if _, ok := from[s.to]; !ok {
				from[s.to] = step{to: w, what: s.what}
				queue = append(queue, s.to)
			}
		}
		if what := wrong(w, stuck); what != "" {
			return len(from), fmt.Sprintf("%s: %+v\nafter %q", what, w, trail(from, w))
		}
	}
	return len(from), ""
}

// step is something that happens, and the world that it leads to.
type step struct {
	to   world
	what string
}

// steps lists all that can happen in a world.
func (w world) steps(table *Table) (all []step) {
	add := func(i int, e Event, w world) {
		p := NewPhone(table)
		p.machine.State = w.phones[i]
		if p.Fire(e) != nil {
			return // the user cannot; a signal that is refused is a world of its own
		}
		w.phones[i] = p.machine.State
		for _, signal := range p.out {
			if w.lines[1-i] += string(rune(signal)); len(w.lines[1-i]) > capacity {
				return // the user waits
			}
		}
		all = append(all, step{w, fmt.Sprintf("%d %v", i, e)})
	}
	for i := range w.phones {
		for _, e := range []Event{OnDial, OnAnswer, OnHangUp} {
			if !w.lost {
				add(i, e, w)
			}
		}
		if len(w.lines[i]) > 0 {
			next := w
			next.lines[i] = w.lines[i][1:]
			add(i, Event(w.lines[i][0]), next)
		}
		if w.lost && w.lines[i] == "" {
			add(i, OnLost, w)
		}
	}
	if !w.lost {
		w.lost = true
		all = append(all, step{w, "the line is lost"})
	}
	return all
}

func trail(from map[world]step, w world) (all []string) {
	for s := from[w]; s.what != ""; s = from[s.to] {
		all = append(all, s.what)
	}
	slices.Reverse(all)
	return all
}

// neverStuck: where nothing can happen any more, the call is over for both; and as
// long as the line holds, nobody is left alone.
func neverStuck(w world, stuck bool) string {
	over := func(i int) bool { return w.phones[i] == Ended }
	quiet := w.lines == [2]string{} && !w.lost
	switch {
	case stuck && !(over(0) && over(1)):
		return "deadlock"
	case quiet && over(0) != over(1):
		return "one has ended, and the other does not know"
	}
	return ""
}

func TestExplore(t *testing.T) {
	n, wrong := explore(&Transitions, neverStuck)
	if wrong != "" {
		t.Error(wrong)
	}
	t.Logf("%d worlds", n)
	for name, plant := range map[string]func(*Table){
		"bye is not answered":            func(f *Table) { f.Rows[Talking][OnBye].Do = DoReportEnd },
		"calls that cross are forgotten": func(f *Table) { f.Rows[Calling][OnRing].To = 0 },
	} {
		fault := Transitions
		plant(&fault)
		if _, wrong := explore(&fault, neverStuck); wrong == "" {
			t.Errorf("%s, and nothing is found", name)
		} else {
			t.Logf("%s: %s", name, wrong)
		}
	}
}

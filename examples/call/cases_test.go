package call

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/gen"
)

// TestGenerated wants the generated files to be those of the spec.
func TestGenerated(t *testing.T) {
	files, err := gen.GeneratePackage(os.DirFS("."), gen.Package{Name: "call"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if got, err := os.ReadFile(name); err != nil || string(got) != string(want) {
			t.Errorf("%s is stale (%v): wsfsm gen . --package call --out . --write", name, err)
		}
	}
}

// cases say what must come of events: "event: signals; what the user is told", or
// "event: refused". They are the only judge of the machine here: coverage counts
// what they assert, and a mutant is killed by them alone.
var cases = []string{
	"dial: ring; | accept: ; the line stands | answer: refused | ring: ; | answer: refused | accept: ; | answer: refused | ring: ; | hang-up: bye; | ring: ; | dial: refused | accept: ; | dial: refused | bye: ; the call is over | dial: refused | answer: refused | hang-up: refused | ring: refused | accept: refused | bye: refused | lost: refused",
	"accept: ; | ring: ; it rings | accept: ; | ring: ; | dial: refused | answer: accept; | dial: refused | answer: refused | accept: ; | bye: bye; the call is over | bye: refused",
	"dial: ring; | ring: ; the line stands | answer: refused | accept: ; | hang-up: bye; | hang-up: refused | bye: ; the call is over | bye: refused",
	"dial: ring; | accept: ; the line stands | lost: ; the call is over | bye: refused",
	"dial: ring; | dial: refused | answer: refused | hang-up: bye; | dial: refused | answer: refused | hang-up: refused | lost: ; the call is over | bye: refused",
	"dial: ring; | bye: bye; the call is over | bye: refused",
	"dial: ring; | lost: ; the call is over | bye: refused",
	"ring: ; it rings | hang-up: bye; | hang-up: refused | dial: refused | bye: ; the call is over | bye: refused",
	"ring: ; it rings | bye: bye; the call is over | bye: refused",
	"ring: ; it rings | lost: ; the call is over | bye: refused",
	"answer: refused | hang-up: refused | bye: ; the call is over | bye: refused",
	"lost: ; the call is over | bye: refused",
}

// run plays a case on a table and says what is wrong. It notes the cells of the
// steps that it has asserted.
func run(table *Table, text string, seen map[cell]bool) error {
	p := NewPhone(table)
	for i, step := range strings.Split(text, " | ") {
		name, want, _ := strings.Cut(step, ": ")
		e := eventNamed(name)
		at := cell{p.machine.State, e}
		p.out, p.told = nil, nil
		got := "refused"
		if err := p.Fire(e); err == nil {
			got = fmt.Sprintf("%s; %s", joined(p.out), strings.Join(p.told, ", "))
		} else if !errors.Is(err, fsm.ErrRefused) {
			return err
		}
		if strings.TrimSpace(got) != strings.TrimSpace(want) {
			return fmt.Errorf("step %d of %q: %q, not %q", i, text, got, want)
		}
		seen[at] = true
	}
	return nil
}

type cell struct {
	state State
	event Event
}

func eventNamed(name string) Event {
	return Event(slices.IndexFunc(eventNames[:], func(s string) bool { return s == name }))
}

func joined(events []Event) string {
	var names []string
	for _, e := range events {
		names = append(names, e.String())
	}
	return strings.Join(names, ", ")
}

func TestCases(t *testing.T) {
	for _, c := range cases {
		if err := run(&Transitions, c, map[cell]bool{}); err != nil {
			t.Error(err)
		}
	}
}

// uncovered lists the transitions that no case takes, or that no run can take.
func uncovered(table *Table, cases []string) (left []string) {
	seen := map[cell]bool{}
	for _, c := range cases {
		_ = run(table, c, seen) // TestCases says what is wrong
	}
	for _, tr := range fsm.GraphOf(table).Transitions() {
		if !seen[cell{State(tr.From), Event(tr.Event)}] {
			left = append(left, State(tr.From).String()+" "+Event(tr.Event).String())
		}
	}
	return left
}

func TestCoverage(t *testing.T) {
	if left := uncovered(&Transitions, cases); len(left) > 0 {
		t.Errorf("no case asserts %q", left)
	}
	t.Logf("cells %d/%[1]d", len(fsm.GraphOf(&Transitions).Transitions()))
	if left := uncovered(&Transitions, cases[1:]); len(left) == 0 {
		t.Error("a case can go and nothing is said")
	}
}

// survivors lists the mutants that all cases let pass: each cell with every other
// target and every other action, in place of a refusal, too. Mutants that no
// events can tell from the original do not count.
func survivors(cases []string) (left []string, killed, equivalent int) {
	graph := fsm.GraphOf(&Transitions)
	for s := Idle; s <= StateCount; s++ {
		for e := Event(1); e <= EventCount; e++ {
			for to := State(0); to <= StateCount; to++ {
				for do := Action(0); do <= ActionCount; do++ {
					was := Transitions.At(s, e)
					if to == was.To && do == was.Do || to == 0 && do != 0 {
						continue
					}
					mutant := Transitions
					mutant.Rows[s][e] = fsm.Cell[State, Action]{To: to, Do: do}
					if slices.ContainsFunc(cases, func(c string) bool { return run(&mutant, c, map[cell]bool{}) != nil }) {
						killed++
					} else if _, same := fsm.Equivalent(graph, uint8(Idle), fsm.GraphOf(&mutant), uint8(Idle)); same {
						equivalent++
					} else {
						left = append(left, fmt.Sprintf("%v %v: %v, %v", s, e, to, do))
					}
				}
			}
		}
	}
	return left, killed, equivalent
}

func TestMutation(t *testing.T) {
	left, killed, equivalent := survivors(cases)
	if len(left) > 0 {
		t.Errorf("%d survivors, such as %q", len(left), left[:min(len(left), 8)])
	}
	t.Logf("mutants killed %d/%d (equivalent %d)", killed, killed+len(left)+equivalent, equivalent)
	if left, _, _ := survivors(cases[:len(cases)-1]); len(left) == 0 {
		t.Error("a case can go and no mutant survives")
	}
}

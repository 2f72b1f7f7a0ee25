package conformance

import (
	"fmt"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// cell is a place in the table of a machine, seen from one role.
type cell struct {
	role        states.Role
	machine     states.Machine
	from, event uint8
}

// String names the cell, as in "server frame length masked-7".
func (c cell) String() string { return c.role.String() + " " + c.place() }

// place names the cell without the role.
func (c cell) place() string {
	return fmt.Sprintf("%v %s %s", c.machine, stateName(c.machine, c.from), eventName(c.machine, c.event))
}

// visited returns, for each cell, the cases that go through it when they are
// run as written.
func visited(t testing.TB, p *wsfsm.Protocol, all []*Case) map[cell][]*Case {
	t.Helper()
	through := map[cell][]*Case{}
	for _, c := range all {
		seen := map[cell]bool{}
		err := Run(c, Config{Protocol: p, Observer: func(tr wsfsm.Transition) {
			seen[cell{c.Role, tr.Machine, tr.From, tr.Event}] = true
		}})
		if err != nil {
			t.Error(err)
		}
		for at := range seen {
			through[at] = append(through[at], c)
		}
	}
	return through
}

// otherRole are the states and events that only the other role meets.
var otherRole = map[states.Role][]string{
	states.Server: {
		"http status-version", "http status-code", "http reason", "http status-newline",
		"handshake await-start", "handshake await-tunnel", "handshake await-response", "handshake await-digest",
		"frame length-16", "frame length-64", "frame size", "frame payload", "frame control-body",
		"frame length plain-7", "frame length plain-16", "frame length plain-64", "frame length mask-unexpected",
		"frame control-length plain-7", "frame control-length mask-unexpected",
	},
	states.Client: {
		"connection connecting rejected", "connection connecting detached",
		"http method-start", "http method", "http target", "http request-version", "http start-newline",
		"handshake await-request", "handshake await-decision", "handshake await-handler", "handshake await-challenge",
		"frame masked-length-16", "frame masked-length-64", "frame masked-size", "frame key", "frame masked-payload",
		"frame control-key", "frame masked-control-body",
		"frame length masked-7", "frame length masked-16", "frame length masked-64", "frame length mask-missing",
		"frame control-length masked-7", "frame control-length mask-missing",
	},
}

// never are the cells that no input reaches in either role.
var never = []string{
	// A first line has at least three octets, and the limit it kept is that of each line.
	"http field-start line-too-long", "http last-newline line-too-long",
	// A limit is at least one octet.
	"http method-start line-too-long", "http method-start head-too-long",
}

// reachable reports whether input can reach the cell.
func (c cell) reachable() bool {
	state := fmt.Sprintf("%v %s", c.machine, stateName(c.machine, c.from))
	return !slices.Contains(never, c.place()) && !slices.Contains(otherRole[c.role], state) && !slices.Contains(otherRole[c.role], c.place())
}

// TestCells checks that each transition is taken by some case, in each role
// that can meet it, and that what is excluded is.
func TestCells(t *testing.T) {
	t.Parallel()
	l := lowered(t)
	through := visited(t, loaded(t, l), casesOf(t, l.Name))
	n := 0
	for _, role := range []states.Role{states.Server, states.Client} {
		for _, m := range l.Machines {
			for s, row := range m.Rows {
				for e, entry := range row {
					if entry.To == 0 {
						continue
					}
					n++
					at := cell{role, machineNamed(m.Name), uint8(s), uint8(e)}
					if got := len(through[at]) > 0; got != at.reachable() {
						t.Errorf("%v: visited is %v, want %v", at, got, at.reachable())
					}
				}
			}
		}
	}
	if n < 400 {
		t.Errorf("only %d cells", n)
	}
}

func machineNamed(name string) states.Machine {
	for m := states.Machine(1); m <= states.MachineCount; m++ {
		if m.String() == name {
			return m
		}
	}
	return 0
}

package conformance

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/states"
)

// table is a table that one or several versions have for a machine.
type table struct {
	words    *spec.MachineWords
	machine  *lower.Machine
	versions []*suite
}

// suite is a version and what its cases go through.
type suite struct {
	version
	spec    *spec.Machine // the machine of the table
	cells   []Cell        // those that can be met
	met     []Cell        // those that could be, were their states come to
	told    told
	covered Coverage
}

// tables returns each distinct table of all versions once. suites are the
// cases and their coverage; their getters are left out.
func (s *specified) tables() (all []*table) {
	known := map[string]*table{}
	bare := map[*Case]*Case{}
	for _, v := range s.versions {
		covered := Coverage{}
		for at, list := range v.covered {
			for _, c := range list {
				covered[at] = append(covered[at], c.withoutGetters(bare))
			}
			slices.SortStableFunc(covered[at], func(a, b *Case) int { return cmp.Compare(a.weight(), b.weight()) })
		}
		for _, m := range v.Spec.Machines {
			l := v.lowered(m)
			key := fmt.Sprint(m.Name, l.Rows)
			if known[key] == nil {
				known[key] = &table{words: s.set.Vocabulary.Machine(m.Name), machine: l}
				all = append(all, known[key])
			}
			known[key].versions = append(known[key].versions, &suite{v, m, s.cells(v, m), s.metAnywhere(v, m), s.told, covered})
		}
	}
	return all
}

// withoutGetters returns the case without what it asks getters, so that it fails
// by events, octets and errors only. It still asks how much is unsent, and for
// what the events of the opening handshake bring with them: the request, the
// response, what was agreed on. known are those that were made.
func (c *Case) withoutGetters(known map[*Case]*Case) *Case {
	if c == nil {
		return nil
	}
	if known[c] == nil {
		bare := *c
		bare.Steps = slices.DeleteFunc(slices.Clone(c.Steps), func(s Step) bool { return s.Kind == Getter && looksInside(s.Verb) })
		bare.Opening = c.Opening.withoutGetters(known)
		known[c] = &bare
	}
	return known[c]
}

// looksInside reports whether a getter tells how the driver stands.
func looksInside(verb string) bool {
	return slices.Contains([]string{"machine", "state", "waits", "pending", "offset", "blocked"}, verb)
}

// weight says how long a run of the case takes.
func (c *Case) weight() (n int) {
	if c.Opening != nil {
		n = c.Opening.weight()
	}
	for _, s := range c.Steps {
		n += 10
		for _, item := range s.Octets {
			n += len(item.Data) * item.Repeat
		}
	}
	return n
}

// cells returns the cells that can be met in any version of the table.
func (t *table) cells() (all []Cell) {
	for _, v := range t.versions {
		for _, at := range v.cells {
			if !slices.Contains(all, at) {
				all = append(all, at)
			}
		}
	}
	return all
}

// mutants returns what else a cell could hold: each other state, each other
// action, none, a refusal. A cell that refuses could lead to each state, or do
// each action where it is.
func (t *table) mutants(at Cell) (all []lower.Cell) {
	was := t.machine.Rows[at.State][at.Event]
	stay := was
	if was.To == 0 {
		stay.To = at.State
	}
	for _, s := range t.versions[0].spec.States {
		all = append(all, lower.Cell{To: stateNumber(at.Machine, s.Name), Do: was.Do})
	}
	for _, do := range t.actions() {
		all = append(all, lower.Cell{To: stay.To, Do: do})
	}
	all = append(all, lower.Cell{To: stay.To}, lower.Cell{})
	slices.SortFunc(all, func(a, b lower.Cell) int { return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.Do, b.Do)) })
	return slices.DeleteFunc(slices.Compact(all), func(c lower.Cell) bool { return c == was })
}

// actions are all words of the machine, and the failures of the table's rows.
func (t *table) actions() (all []uint8) {
	for i := range t.words.Actions {
		all = append(all, uint8(i+1))
	}
	for _, row := range t.machine.Rows {
		for _, c := range row {
			if c.Do >= lower.FailBase && !slices.Contains(all, c.Do) {
				all = append(all, c.Do)
			}
		}
	}
	return all
}

// mutated returns the protocol with another content of a cell.
func mutated(p *wsfsm.Protocol, at Cell, to lower.Cell) *wsfsm.Protocol {
	other := *p
	switch at.Machine {
	case states.MachineConnection:
		other.Connection.Table = with(p.Connection.Table, at, to)
	case states.MachineHTTP:
		other.HTTP.Table = with(p.HTTP.Table, at, to)
	case states.MachineHandshake:
		other.Handshake.Table = with(p.Handshake.Table, at, to)
	case states.MachineFrame:
		other.Frame.Table = with(p.Frame.Table, at, to)
	case states.MachineMessage:
		other.Message.Table = with(p.Message.Table, at, to)
	}
	return &other
}

// with returns a copy of a table with another content of a cell.
func with[S, E, A ~uint8, R fsm.Row[S, A], T fsm.Rows[S, A, R]](t *fsm.Table[S, E, A, R, T], at Cell, to lower.Cell) *fsm.Table[S, E, A, R, T] {
	other := *t
	row := &other.Rows[at.State]
	(*row)[at.Event] = fsm.Cell[S, A]{To: S(to.To), Do: A(to.Do)}
	return &other
}

// TestMutated: a mutated protocol differs in one cell, and leaves the other one
// as it was.
func TestMutated(t *testing.T) {
	p := specifiedOf(t).versions[0].protocol
	was := *p.Connection.Table
	at := Cell{Machine: states.MachineConnection, State: uint8(states.ConnectionOpen), Event: uint8(states.ConnectionOnClose)}
	other := mutated(p, at, lower.Cell{To: uint8(states.ConnectionClosed)})
	differ := fsm.Differences(fsm.GraphOf(other.Connection.Table), fsm.GraphOf(p.Connection.Table))
	if len(differ) != 1 || differ[0].State != at.State || differ[0].Event != at.Event || differ[0].A.To != uint8(states.ConnectionClosed) {
		t.Errorf("differences: %v", differ)
	}
	if was != *p.Connection.Table {
		t.Error("the protocol itself was changed")
	}
}

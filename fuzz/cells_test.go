package fuzz_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

// changed returns RFC 6455 with one cell changed, for each row of the machines
// that the model of a stream covers: once without the row's action, once
// without the row. By a description of the change.
func changed() map[string]*wsfsm.Protocol {
	all := map[string]*wsfsm.Protocol{}
	p := wsfsm.ProtocolNamed("rfc6455")
	for s := range p.Connection.Table.Rows {
		for e, c := range p.Connection.Table.Rows[s] {
			for what := range changes(uint8(c.To), uint8(c.Do)) {
				q, t := *p, *p.Connection.Table
				change(&t.Rows[s][e].To, &t.Rows[s][e].Do, what)
				q.Connection.Table = &t
				all["connection "+states.ConnectionState(s).String()+" "+states.ConnectionEvent(e).String()+" "+what] = &q
			}
		}
	}
	for s := range p.Frame.Table.Rows {
		for e, c := range p.Frame.Table.Rows[s] {
			for what := range changes(uint8(c.To), uint8(c.Do)) {
				q, t := *p, *p.Frame.Table
				change(&t.Rows[s][e].To, &t.Rows[s][e].Do, what)
				q.Frame.Table = &t
				all["frame "+states.FrameState(s).String()+" "+states.FrameEvent(e).String()+" "+what] = &q
			}
		}
	}
	for s := range p.Message.Table.Rows {
		for e, c := range p.Message.Table.Rows[s] {
			if ev := states.MessageEvent(e); ev == states.MessageOnTooLong || ev == states.MessageOnBadCoding {
				continue // verdicts of extensions, of which there are none
			}
			for what := range changes(uint8(c.To), uint8(c.Do)) {
				q, t := *p, *p.Message.Table
				change(&t.Rows[s][e].To, &t.Rows[s][e].Do, what)
				q.Message.Table = &t
				all["message "+states.MessageState(s).String()+" "+states.MessageEvent(e).String()+" "+what] = &q
			}
		}
	}
	return all
}

// changes yields the changes that differ from the row.
func changes(to, do uint8) func(func(string) bool) {
	return func(yield func(string) bool) {
		if do != 0 && !yield("idle") || to == 0 {
			return
		}
		yield("deleted")
	}
}

func change[S, A ~uint8](to *S, do *A, what string) {
	if *do = 0; what == "deleted" {
		*to = 0
	}
}

// TestCheckFindsChangedCells wants each change of a row to be found by some
// program.
func TestCheckFindsChangedCells(t *testing.T) {
	t.Parallel()
	every := 1
	if testing.Short() {
		every = 10
	}
	trials, all := trials(t), changed()
	for i, name := range slices.Sorted(maps.Keys(all)) {
		if i%every == 0 && !isFound(trials, all[name]) {
			t.Errorf("%s is not found", name)
		}
	}
}

// trial is the programs of a role.
type trial struct {
	cfg      fuzz.Config
	programs []fuzz.Program
}

// trials returns the programs of both roles, small ones first.
func trials(t *testing.T) (all []trial) {
	t.Helper()
	for _, role := range []states.Role{states.Server, states.Client} {
		programs := slices.SortedFunc(maps.Values(programs(t, role)), func(p, q fuzz.Program) int { return size(p) - size(q) })
		programs = slices.DeleteFunc(programs, func(p fuzz.Program) bool { return p.Options.Version != "" })
		all = append(all, trial{fuzz.Config{Role: role}, programs})
	}
	return all
}

// size returns the octets of a program's operations: how long it takes.
func size(p fuzz.Program) (n int) {
	for _, op := range p.Ops {
		n += 1 + op.Octet.Size
	}
	return n
}

func isFound(trials []trial, p *wsfsm.Protocol) bool {
	for _, trial := range trials {
		trial.cfg.Protocol = p
		for i, program := range trial.programs {
			if failsOn(trial.cfg, program) {
				copy(trial.programs[1:i+1], trial.programs[:i]) // it may find the next, too
				trial.programs[0] = program
				return true
			}
		}
	}
	return false
}

// failsOn reports whether Check finds something or the driver panics.
func failsOn(cfg fuzz.Config, p fuzz.Program) (failed bool) {
	defer func() { failed = failed || recover() != nil }()
	return fuzz.Check(cfg, p) != nil
}

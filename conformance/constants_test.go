package conformance

import (
	"fmt"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/states"
)

// constant is a change of something beside the tables.
type constant struct {
	what         string
	change, undo func()
}

// set makes a constant from a place and what else it could hold.
func set[T comparable](all *[]constant, what string, at *T, values ...T) {
	was := *at
	for _, v := range values {
		if v != was {
			*all = append(*all, constant{fmt.Sprintf("%s: %v for %v", what, v, was), func() { *at = v }, func() { *at = was }})
		}
	}
}

// TestConstants changes each constant of the protocol, and wants a case to
// fail: which stage is fed, what is waited for, the ends of close code ranges,
// the lines of heads, the limits, the number on the wire. With -short every
// fifth.
func TestConstants(t *testing.T) {
	t.Parallel()
	l := lowered(t)
	all := casesOf(t, l.Name)
	changes := constants(l)
	if len(changes) < 100 {
		t.Errorf("only %d constants", len(changes))
	}
	for i, c := range changes {
		if testing.Short() && i%5 != 0 {
			continue
		}
		c.change()
		if !noticed(all, loaded(t, l)) {
			t.Errorf("%s: not noticed", c.what)
		}
		c.undo()
	}
}

func constants(l *lower.Protocol) (all []constant) {
	m := &l.Machines[machineIndex(l, states.MachineConnection)]
	for s := states.ConnectionConnecting; s <= states.ConnectionClosed; s++ {
		for side := range m.Waits[s] {
			set(&all, fmt.Sprintf("waits of %v", s), &m.Waits[s][side], 0, 1, 2, 3)
		}
		if s < states.ConnectionClosingBoth { // all stages are at their ends behind it
			set(&all, fmt.Sprintf("input of %v", s), &m.Inputs[s], 1, 2, 3)
		}
	}
	for i := range l.CloseReceived {
		for end := range 2 {
			at := &l.CloseReceived[i][end]
			set(&all, "close codes received", at, *at-1, *at+1)
			at = &l.CloseSent[i][end]
			set(&all, "close codes sent", at, *at-1, *at+1)
		}
	}
	set(&all, "too-big", &l.TooBig, 1002, 1007, 1008, 1010)
	set(&all, "wire-version", &l.WireVersion, 8, 12, 14)
	for i := range l.Machines {
		all = append(all, machineConstants(&l.Machines[i])...)
	}
	return all
}

func machineConstants(m *lower.Machine) (all []constant) {
	take(&all, m.Name+" limits", &m.Limits)
	for i := range m.Heads {
		h := &m.Heads[i]
		take(&all, h.Name+" lines", &h.Lines)
		for j := range h.Lines {
			line := &h.Lines[j]
			if line.Send != "" && line.From == 0 {
				set(&all, line.Name+" sent", &line.Send, line.Send+"x")
			}
			if line.Is != "" {
				set(&all, line.Name+" is", &line.Is, line.Is+"x")
			}
			if line.Has != "" {
				set(&all, line.Name+" has", &line.Has, line.Has+"x")
			}
		}
		for j := range len(h.Lines) - 1 {
			if a, b := &h.Lines[j], &h.Lines[j+1]; a.Else != b.Else {
				swap := func() { *a, *b = *b, *a }
				all = append(all, constant{h.Name + " lines swapped: " + a.Name + ", " + b.Name, swap, swap})
			}
		}
	}
	return all
}

// take makes a constant for each element that could be missing.
func take[T any](all *[]constant, what string, at *[]T) {
	was := *at
	for i := range was {
		*all = append(*all, constant{fmt.Sprintf("%s without %v", what, was[i]),
			func() { *at = slices.Delete(slices.Clone(was), i, i+1) }, func() { *at = was }})
	}
}

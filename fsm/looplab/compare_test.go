package looplab_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	lfsm "github.com/looplab/fsm"

	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/fsm/looplab"
)

// twin is a looplab machine made from a graph. Its actions write down what they
// were called for.
type twin struct {
	*lfsm.FSM
	did []string
}

func newTwin(t testing.TB, g *fsm.Graph, initial uint8) *twin {
	t.Helper()
	d, err := looplab.Define(g, initial)
	if err != nil {
		t.Fatal(err)
	}
	m := &twin{}
	d.Actions = lfsm.Callbacks{}
	for _, tr := range d.Transitions {
		if action := tr.Action; action != "" {
			d.Actions[action] = func(context.Context, *lfsm.Event) { m.did = append(m.did, action) }
		}
	}
	m.FSM, err = looplab.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// compare gives both the same event and says how they differ.
func (m *twin) compare(g *fsm.Graph, s, e uint8) string {
	want := g.At(s, e)
	wantState, wantDid := g.StateName(s), ""
	if want.To != 0 {
		wantState = g.StateName(want.To)
	}
	if want.Do != 0 {
		wantDid = "[" + g.ActionName(want.Do) + "]"
	} else {
		wantDid = "[]"
	}
	m.did = nil
	err := looplab.Fire(context.Background(), m.FSM, g.EventName(e))
	if refused := errors.Is(err, fsm.ErrRefused); refused != (want.To == 0) || err != nil && !refused {
		return fmt.Sprintf("state %s, event %s: error %v, cell %v", g.StateName(s), g.EventName(e), err, want)
	}
	if did := fmt.Sprint(m.did); m.Current() != wantState || did != wantDid {
		return fmt.Sprintf("state %s, event %s: in %s, did %s; want %s, %s", g.StateName(s), g.EventName(e), m.Current(), did, wantState, wantDid)
	}
	return ""
}

// random is a machine of a full shape, with names from numbers.
func random() *fsm.Graph {
	r := rand.New(rand.NewPCG(11, 12))
	var table fsm.Medium[uint8, uint8, uint8]
	for s := range table.Rows {
		for e := range table.Rows[s] {
			if r.IntN(2) == 0 {
				table.Rows[s][e] = fsm.Cell[uint8, uint8]{To: uint8(r.IntN(32)), Do: uint8(r.IntN(9))}
			}
		}
	}
	return fsm.GraphOf(&table)
}

func TestEveryCellAnswersAlike(t *testing.T) {
	for name, g := range map[string]*fsm.Graph{"phone": fsm.GraphOf(&phone), "random": random()} {
		t.Run(name, func(t *testing.T) {
			m := newTwin(t, g, 1)
			answered := 0
			for s := range uint8(g.States()) {
				for e := range uint8(g.Events()) {
					m.SetState(g.StateName(s))
					if wrong := m.compare(g, s, e); wrong != "" {
						t.Error(wrong)
					}
					if g.At(s, e).To != 0 {
						answered++
					}
				}
			}
			if n := len(g.Transitions()); answered != n || n == 0 {
				t.Errorf("%d transitions compared of %d", answered, n)
			}
		})
	}
}

// Any sequence of events, refused ones among them, keeps both in step.
func TestAnySequenceKeepsInStep(t *testing.T) {
	for name, g := range map[string]*fsm.Graph{"phone": fsm.GraphOf(&phone), "random": random()} {
		t.Run(name, func(t *testing.T) {
			parameters := gopter.DefaultTestParametersWithSeed(20260102)
			parameters.MaxSize = 200
			properties := gopter.NewProperties(parameters)
			properties.Property("in step", prop.ForAll(func(events []uint8) string {
				m := newTwin(t, g, 1)
				s := uint8(1)
				for i, e := range events {
					if wrong := m.compare(g, s, e); wrong != "" {
						return fmt.Sprintf("event %d: %s", i, wrong)
					}
					if to := g.At(s, e).To; to != 0 {
						s = to
					}
				}
				return ""
			}, gen.SliceOf(gen.UInt8Range(0, uint8(g.Events()-1)))))
			properties.TestingRun(t)
		})
	}
}

func TestRandomWalksKeepInStep(t *testing.T) {
	g := fsm.GraphOf(&phone)
	r := rand.New(rand.NewPCG(13, 14))
	walks := append(g.Cover(uint8(onHook)), g.Walk(r, uint8(onHook), 5000))
	for _, walk := range walks {
		table := phone.Start(onHook)
		m := newTwin(t, g, uint8(onHook))
		for i, e := range walk {
			if wrong := m.compare(g, uint8(table.State), e); wrong != "" {
				t.Fatalf("event %d: %s", i, wrong)
			}
			if _, err := table.Try(phoneEvent(e)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// What the benchmark compares must do the same.
func TestSwitchAndMapAnswerAlike(t *testing.T) {
	byMap := mapPhone()
	for s := range 256 {
		for e := range 256 {
			states := [3]phoneState{phoneState(s), phoneState(s), phoneState(s)}
			do, ok := phone.Fire(&states[0], phoneEvent(e))
			doSwitch, okSwitch := switchPhone(&states[1], phoneEvent(e))
			doMap, okMap := byMap.fire(&states[2], phoneEvent(e))
			if do != doSwitch || do != doMap || ok != okSwitch || ok != okMap || states[0] != states[1] || states[0] != states[2] {
				t.Fatalf("state %d, event %d: table %d %v, switch %d %v, map %d %v, states %d", s, e, do, ok, doSwitch, okSwitch, doMap, okMap, states)
			}
		}
	}
}

package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	lfsm "github.com/looplab/fsm"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/fsm/looplab"
	"github.com/wsfsm/wsfsm/states"
)

// tablesFile is what a generated JSON file says of the machines.
type tablesFile struct {
	Machines map[string]struct {
		Initial map[string]string
		States  []struct{ Name string }
		Events  []struct{ Name string }
		Rows    []struct{ From, Event, To, Do, Fail string }
	}
}

func readTables(t testing.TB, version string) (f tablesFile) {
	t.Helper()
	text, err := os.ReadFile("../states/tables/" + version + ".json")
	if err == nil {
		err = json.Unmarshal(text, &f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// definition makes the looplab definition of a machine from its JSON table.
func (f tablesFile) definition(machine, role string) looplab.Definition {
	m := f.Machines[machine]
	d := looplab.Definition{Initial: m.Initial[role]}
	for _, r := range m.Rows {
		if r.Fail != "" {
			r.Do = "fail-" + r.Fail
		}
		d.Transitions = append(d.Transitions, looplab.Transition{From: r.From, Event: r.Event, To: r.To, Action: r.Do})
	}
	for _, s := range m.States {
		d.States = append(d.States, s.Name)
	}
	for _, e := range m.Events {
		d.Events = append(d.Events, e.Name)
	}
	return d
}

// reference is a looplab machine whose actions write down what was done.
type reference struct {
	*lfsm.FSM
	did string
}

func newReference(t testing.TB, d looplab.Definition) *reference {
	t.Helper()
	r := &reference{}
	d.Actions = lfsm.Callbacks{}
	for _, tr := range d.Transitions {
		if action := tr.Action; action != "" {
			d.Actions[action] = func(context.Context, *lfsm.Event) { r.did += action }
		}
	}
	var err error
	if r.FSM, err = looplab.New(d); err != nil {
		t.Fatal(err)
	}
	return r
}

// step gives an event to the reference, which stands in a state of the graph,
// and says how its answer differs from the graph's; "" if it does not.
func (r *reference) step(g *fsm.Graph, state, event uint8) string {
	want := g.At(state, event)
	to, do := g.StateName(state), ""
	if want.To != 0 {
		to = g.StateName(want.To)
	}
	if want.Do != 0 {
		do = g.ActionName(want.Do)
	}
	r.did = ""
	err := looplab.Fire(context.Background(), r.FSM, g.EventName(event))
	refused := errors.Is(err, fsm.ErrRefused)
	if err != nil && !refused || refused != (want.To == 0) || r.Current() != to || r.did != do {
		return fmt.Sprintf("%s, %s: looplab comes to %s and does %q (%v), the table to %s and does %q",
			g.StateName(state), g.EventName(event), r.Current(), r.did, err, to, do)
	}
	return ""
}

// graphs are the compiled tables of a version, by machine.
func graphs(p *wsfsm.Protocol) map[states.Machine]*fsm.Graph {
	return map[states.Machine]*fsm.Graph{
		states.MachineConnection: fsm.GraphOf(p.Connection.Table),
		states.MachineHTTP:       fsm.GraphOf(p.HTTP.Table),
		states.MachineHandshake:  fsm.GraphOf(p.Handshake.Table),
		states.MachineFrame:      fsm.GraphOf(p.Frame.Table),
		states.MachineMessage:    fsm.GraphOf(p.Message.Table),
	}
}

// TestLooplab compares, for each machine of each version, the compiled table with
// a looplab machine made from the generated JSON: each event in each state, and
// long random walks.
func TestLooplab(t *testing.T) {
	t.Parallel()
	cells := 0
	for _, p := range wsfsm.Protocols() {
		file := readTables(t, p.Name)
		for m, g := range graphs(p) {
			for _, role := range []states.Role{states.Server, states.Client} {
				d := file.definition(m.String(), role.String())
				cells += compareCells(t, p.Name, newReference(t, d), g, d)
				compareWalks(t, p.Name, newReference(t, d), g, d, m)
			}
		}
	}
	if cells < 20*5*2*50 {
		t.Errorf("only %d cells", cells)
	}
	t.Logf("looplab: %d cells agree", cells)
}

// compareCells compares each event in each state, and returns how many there
// are.
func compareCells(t *testing.T, version string, r *reference, g *fsm.Graph, d looplab.Definition) (n int) {
	for s := range uint8(g.States()) {
		for e := range uint8(g.Events()) {
			if r.SetState(g.StateName(s)); !slices.Contains(d.States, g.StateName(s)) || !slices.Contains(d.Events, g.EventName(e)) {
				if g.At(s, e).To != 0 {
					t.Errorf("%s: %s, %s: the JSON table has no such cell", version, g.StateName(s), g.EventName(e))
				}
				continue
			}
			n++
			if differ := r.step(g, s, e); differ != "" {
				t.Errorf("%s: %s", version, differ)
			}
		}
	}
	return n
}

// compareWalks compares random walks: each number is the event, counted among
// those that the state answers, with a refused one now and then.
func compareWalks(t *testing.T, version string, r *reference, g *fsm.Graph, d looplab.Definition, m states.Machine) {
	parameters := gopter.DefaultTestParameters()
	parameters.MinSuccessfulTests, parameters.MinSize, parameters.MaxSize = 5, 200, 400
	if testing.Short() {
		parameters.MinSuccessfulTests = 1
	}
	properties := gopter.NewProperties(parameters)
	properties.Property("the tables agree", prop.ForAll(func(walk []uint8) string {
		s := stateNumber(m, d.Initial)
		r.SetState(d.Initial)
		for _, draw := range walk {
			e := drawnEvent(g, s, draw)
			if !slices.Contains(d.Events, g.EventName(e)) {
				continue
			}
			if differ := r.step(g, s, e); differ != "" {
				return differ
			}
			if c := g.At(s, e); c.To != 0 {
				s = c.To
			}
		}
		return ""
	}, gen.SliceOf(gen.UInt8())))
	var report strings.Builder
	if !properties.Run(gopter.NewFormatedReporter(false, 100, &report)) {
		t.Errorf("%s %v: %s", version, m, &report)
	}
}

// drawnEvent is an event that the state answers, or one of all in one of eight
// draws and where it answers none.
func drawnEvent(g *fsm.Graph, state, draw uint8) uint8 {
	var answered []uint8
	for e := range uint8(g.Events()) {
		if g.At(state, e).To != 0 {
			answered = append(answered, e)
		}
	}
	if len(answered) == 0 || draw%8 == 0 {
		return draw % uint8(g.Events())
	}
	return answered[int(draw)%len(answered)]
}

// TestLooplabCanFail plants a fault in each: another target, another action, a
// missing row. A comparison must find it.
func TestLooplabCanFail(t *testing.T) {
	t.Parallel()
	p := wsfsm.Protocols()[0]
	g := graphs(p)[states.MachineFrame]
	for what, plant := range map[string]func(*looplab.Transition){
		"target": func(tr *looplab.Transition) { tr.To = tr.From },
		"action": func(tr *looplab.Transition) { tr.Action = "other" },
		"event":  func(tr *looplab.Transition) { tr.Event = "fits" },
	} {
		d := readTables(t, p.Name).definition("frame", "server")
		plant(&d.Transitions[0])
		r := newReference(t, d)
		found := false
		for s := range uint8(g.States()) {
			for e := range uint8(g.Events()) {
				if slices.Contains(d.States, g.StateName(s)) && slices.Contains(d.Events, g.EventName(e)) {
					r.SetState(g.StateName(s))
					found = found || r.step(g, s, e) != ""
				}
			}
		}
		if !found {
			t.Errorf("another %s is not found", what)
		}
	}
}

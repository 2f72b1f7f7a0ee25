package modelcheck

import (
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/gen/emit"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"github.com/wsfsm/wsfsm/states"
)

// fault is a change of a connection machine that breaks a property.
type fault struct {
	breaks string
	in     func(version string) bool // may be nil: in all
	plant  func(m *lower.Machine)
}

func closing(version string) bool    { return version != "hixie-75" }
func sentinel75(version string) bool { return version == "hixie-75" }

// row plants a row.
func row(from states.ConnectionState, on states.ConnectionEvent, to states.ConnectionState, do states.ConnectionAction) func(*lower.Machine) {
	return func(m *lower.Machine) { m.Rows[from][on] = lower.Cell{To: uint8(to), Do: uint8(do)} }
}

// waits plants what the two roles wait for in a state.
func waits(in states.ConnectionState, s, c states.Wait) func(*lower.Machine) {
	return func(m *lower.Machine) { m.Waits[in] = []uint8{uint8(s), uint8(c)} }
}

// faults are one or more for each property.
var faults = [...]fault{
	{"deadlock", closing, waits(states.ConnectionClosingBoth, states.WaitEndOfStream, states.WaitEndOfStream)},
	{"deadlock", sentinel75, waits(states.ConnectionEnding, states.WaitEndOfStream, states.WaitEndOfStream)},
	{"two_close_frames", closing, row(states.ConnectionClosingSent, states.ConnectionOnCloseReceived, states.ConnectionClosingBoth, states.ConnectionDoAnswerClose)},
	{"frame_after_close", closing, row(states.ConnectionClosingSent, states.ConnectionOnSendData, states.ConnectionClosingSent, states.ConnectionDoSend)},
	{"client_ends_first", closing, waits(states.ConnectionClosingBoth, states.WaitEndOfStream, states.WaitHangUp)},
	{"lost_but_clean", nil, row(states.ConnectionOpen, states.ConnectionOnEndOfStream, states.ConnectionClosed, states.ConnectionDoReportClean)},
	{"unanswered", nil, row(states.ConnectionOpen, states.ConnectionOnViolation, 0, 0)},
}

// planted returns the generations with a fault in each version.
func planted(t *testing.T, plant func(*lower.Machine)) (in emit.Input, generations [][]emit.Version) {
	t.Helper()
	in = compiled(t)
	generations = in.Generations()
	for _, v := range in.Versions {
		plant(connection(v))
	}
	return in, generations
}

func connection(v emit.Version) *lower.Machine {
	i := slices.IndexFunc(v.Lowered.Machines, func(m lower.Machine) bool { return m.Name == states.MachineConnection.String() })
	return &v.Lowered.Machines[i]
}

func load(t *testing.T, v emit.Version) *wsfsm.Protocol {
	t.Helper()
	p, err := protocolload.FromLowered(v.Lowered)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPlantedFaults plants a fault for each property in each generation. SPIN
// finds it, and two drivers of the changed tables that are played its trail break
// the same property, step by step like the model. Drivers of the honest tables
// do not.
func TestPlantedFaults(t *testing.T) {
	honest := checked(compiled(t).Generations())
	for _, f := range faults {
		in, generations := planted(t, f.plant)
		for i, generation := range checked(generations) {
			version := generation[0].Lowered.Name
			if f.in != nil && !f.in(version) {
				continue
			}
			t.Run(f.breaks+"/"+version, func(t *testing.T) {
				t.Parallel()
				v := check(t, modelOf(t, in, generation), Safety().With(small, "PINGS=0").Soon(), true)
				if last := v.Trail[len(v.Trail)-1]; last.Broken != f.breaks {
					t.Fatalf("SPIN finds %q: %v", last.Broken, v.Trail)
				}
				e, err := Replay(load(t, generation[0]), v.Trail, true)
				if err != nil {
					t.Fatalf("%v: %v", v.Trail, err)
				}
				if !e.Breaks(f.breaks) {
					t.Errorf("the drivers do not break it by %v: %v %v", v.Trail, e.frames(server), e.frames(client))
				}
				if e, err = Replay(load(t, honest[i][0]), v.Trail, true); e.Breaks(f.breaks) {
					t.Errorf("honest drivers break it by %v (%v)", v.Trail, err)
				}
				t.Logf("%s: found after %d states, and the drivers break it too, by %v", version, v.States, v.Trail)
			})
		}
	}
}

// TestPlantedEndlessness plants a timer that does not close the connection. SPIN
// finds a run that goes round for ever; so do two drivers.
func TestPlantedEndlessness(t *testing.T) {
	for _, state := range []states.ConnectionState{states.ConnectionClosingSent, states.ConnectionEnding} {
		in, generations := planted(t, row(state, states.ConnectionOnTimeout, state, 0))
		for _, generation := range checked(generations) {
			version := generation[0].Lowered.Name
			if closing(version) != (state == states.ConnectionClosingSent) {
				continue
			}
			t.Run(version, func(t *testing.T) {
				t.Parallel()
				v := check(t, modelOf(t, in, generation), Liveness().With(small).Soon(), true)
				if v.Cycle < 0 || v.Cycle >= len(v.Trail) {
					t.Fatalf("no run that goes round: %v", v.Trail)
				}
				run := v.Trail
				for range 3 {
					run = append(run, v.Trail[v.Cycle:]...)
				}
				e, err := Replay(load(t, generation[0]), run, true)
				if err != nil {
					t.Fatal(err)
				}
				if e.Closed() || !e.Waits() {
					t.Errorf("the drivers end by %v", run)
				}
			})
		}
	}
}

// TestPlantedUnreached plants a row that no run can take.
func TestPlantedUnreached(t *testing.T) {
	in, generations := planted(t, row(states.ConnectionHangingUp, states.ConnectionOnViolation, states.ConnectionHangingUp, states.ConnectionDoReportFailure))
	v := check(t, modelOf(t, in, generations[len(generations)-1]), Safety().With(small).Soon(), false)
	want := []Row{{"hanging-up", "violation", "hanging-up", "report-failure"}}
	if !slices.Equal(v.Unreached, want) {
		t.Errorf("not reached: %v, want %v", v.Unreached, want)
	}
}

// TestReplayNotices plays honest runs on drivers with another table.
func TestReplayNotices(t *testing.T) {
	in := compiled(t)
	generation := in.Generations()[0]
	m := modelOf(t, in, generation)
	changed, _ := planted(t, row(states.ConnectionOpen, states.ConnectionOnCloseReceived, states.ConnectionClosingBoth, states.ConnectionDoNoteClose))
	p := load(t, changed.Versions[len(changed.Versions)-1])
	for _, observe := range []bool{true, false} {
		noticed := 0
		for seed := range 40 {
			run, err := m.Run(t.Context(), seed+1, "SMOOTH=1")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Replay(p, run, observe); err != nil {
				noticed++
			}
		}
		if noticed == 0 {
			t.Errorf("observe %t: a close frame that is not answered goes unnoticed", observe)
		}
	}
}

package properties

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"
	"github.com/leanovate/gopter/gen"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

// session is what has happened to an open connection, for the model to play.
type session struct {
	in     *input
	model  model.Params // of the driver
	acts   []symbol
	failed func(*end) // is told of a driver that has failed
}

// String names the version and the role.
func (s session) String() string { return s.in.version + " " + s.in.role.String() }

// last is what the model says of the last act.
func (s session) last() (want reaction) {
	var script []model.Step
	for i := range s.acts {
		script = append(script, s.acts[i].played())
	}
	reactions := s.model.Run(script)
	var sends sender
	for i := range s.acts {
		want = expect(s.model, s.acts[i], &sends, slices.Clone(reactions[:i+1]))
	}
	return want
}

// act is a command of gopter: an operation on the driver of a session.
type act struct {
	session
	op fuzz.Op
}

// symbol says what the operation is to a driver and to the model.
func (a act) symbol() symbol {
	peer := a.model
	peer.Role = modelRole(states.Server + states.Client - a.in.role)
	if octets, ok := octetsOf(a.op, a.in, peer); ok {
		return receive(string(octets))
	}
	data := string(a.op.Octet.Bytes())
	switch a.op.Kind {
	case fuzz.OpText:
		return command(model.StepText, 0, data)
	case fuzz.OpBinary:
		return command(model.StepBinary, 0, data)
	case fuzz.OpPing:
		return command(model.StepPing, 0, data)
	case fuzz.OpPong:
		return command(model.StepPong, 0, data)
	case fuzz.OpClose:
		return command(model.StepClose, uint16(a.op.N), data)
	case fuzz.OpBegin:
		if a.op.IsBinary {
			return fragment(opBeginBinary, data)
		}
		return fragment(opBeginText, data)
	case fuzz.OpAppend:
		return fragment(opAppend, data)
	case fuzz.OpEnd:
		return fragment(opEnd, data)
	}
	return ends()[1+a.op.N%3]
}

// outcome is what came of an act.
type outcome struct {
	reaction
	err error
	end *end
}

// Run implements commands.Command.
func (a act) Run(sut commands.SystemUnderTest) commands.Result {
	e := sut.(*end)
	refused := a.symbol().do(e)
	r, err := reactionOf(e, e.driver, e.model, refused)
	return outcome{r, err, e}
}

// NextState implements commands.Command.
func (a act) NextState(state commands.State) commands.State {
	s := state.(session)
	s.acts = append(slices.Clone(s.acts), a.symbol())
	return s
}

// PreCondition implements commands.Command: the pings are fewer than may wait, which
// the model does not count.
func (a act) PreCondition(state commands.State) bool {
	pings := 0
	for _, s := range state.(session).acts {
		if s.step.Kind == model.StepPing {
			pings++
		}
	}
	return a.op.Kind != fuzz.OpPing || pings < wsfsm.MaxPings
}

// PostCondition implements commands.Command.
func (a act) PostCondition(state commands.State, result commands.Result) *gopter.PropResult {
	got, want := result.(outcome), state.(session).last()
	if got.err == nil && got.equals(want) {
		return &gopter.PropResult{Status: gopter.PropTrue}
	}
	a.failed(got.end)
	return gopter.NewPropResult(false, fmt.Sprintf("driver %v %v; model %v", got.reaction, got.err, want))
}

// String implements commands.Command.
func (a act) String() string { return a.op.String() }

// anyAct makes an operation that the model knows.
func anyAct(r *rand.Rand) (op fuzz.Op) {
	payloads := []string{"", "a", "é", "\xC3", "\xA9", "\xFF", "\x03\xE8", "C"}
	op.Octet = fuzz.Plain(payloads[r.Intn(len(payloads))])
	if r.Intn(8) == 0 {
		op.Octet = fuzz.Octets{Size: 124 + r.Intn(4)}
	}
	switch n := r.Intn(40); {
	case n == 0:
		op.N = r.Intn(3)
		op.Kind = fuzz.OpEOF
	case n < 20:
		op.Kind, op.Type, op.More, op.Key = fuzz.OpFrame, fuzz.FrameType(r.Intn(6)), r.Intn(4) == 0, byte(r.Intn(256))
		if n == 1 {
			op.Kind, op.Defect = fuzz.OpBroken, fuzz.Defect(r.Intn(int(fuzz.DefectCloseCode)+1))
		}
	case n == 20:
		op.Kind, op.N = fuzz.OpClose, []int{0, 1000, 1001, 1004, 1005, 3000, 5000}[r.Intn(7)]
	default:
		kinds := []fuzz.OpKind{fuzz.OpText, fuzz.OpBinary, fuzz.OpBegin, fuzz.OpAppend, fuzz.OpEnd, fuzz.OpPing, fuzz.OpPong}
		op.Kind = kinds[r.Intn(len(kinds))]
		op.IsBinary = op.Kind == fuzz.OpBegin && r.Intn(2) == 0
	}
	return op
}

// sessions are all sequences of operations on an open connection of any version, in
// either role, with something around the driver. failed is told of each driver that
// fails, the one of the shortest sequence last.
func sessions(wrap func(*end, calls) calls, recorded bool, failed func(*end)) (*commands.ProtoCommands, error) {
	var all []any
	for side := range sides() {
		in := newInput(side, nil, fuzz.Program{}, 0)
		own, _, err := new(stage).opened(in, in.options())
		if err != nil {
			return nil, err
		}
		all = append(all, session{in: in, model: own.model, failed: failed})
	}
	return &commands.ProtoCommands{
		InitialStateGen: gen.OneConstOf(all...),
		NewSystemUnderTestFunc: func(initial commands.State) commands.SystemUnderTest {
			in := initial.(session).in
			s := &stage{wrap: wrap, recorded: recorded}
			own, _, err := s.opened(in, in.options())
			if err != nil {
				panic(err)
			}
			return own
		},
		GenCommandFunc: func(state commands.State) gopter.Gen {
			return func(p *gopter.GenParameters) *gopter.GenResult {
				return gopter.NewGenResult(act{session: state.(session), op: anyAct(p.Rng)}, shrinkAct)
			}
		},
	}, nil
}

// triedSessions tries them; of those that fail, the trace of the shortest is returned.
func triedSessions(t *testing.T, wrap func(*end, calls) calls, runs int) (r *gopter.TestResult, log []byte) {
	t.Helper()
	for _, recorded := range []bool{false, true} {
		var last *end
		p, err := sessions(wrap, recorded, func(e *end) { last = e })
		if err != nil {
			t.Fatal(err)
		}
		if r = commands.Prop(p).Check(parameters(runs)); r.Passed() {
			break
		}
		if recorded && last != nil {
			log = last.trace.Bytes()
		}
	}
	return r, log
}

// TestSessions compares driver and model in each step of random sessions.
func TestSessions(t *testing.T) {
	t.Parallel()
	runs := 1500
	if testing.Short() {
		runs = 150
	}
	if r, log := triedSessions(t, nil, runs); !r.Passed() {
		t.Errorf("%v after %d: %v %v\n%v\n%s", r.Status, r.Succeeded, r.Labels, r.Error, r.Args, log)
	}
}

// TestSessionsFindTheirFault plants a fault that takes three steps. The sequence must
// shrink to them, and the trace must be one that can be replayed.
func TestSessionsFindTheirFault(t *testing.T) {
	t.Parallel()
	r, log := triedSessions(t, func(e *end, inner calls) calls {
		f := &faulty{calls: inner}
		getsTired(e, f)
		return f
	}, 2000)
	if got := fmt.Sprint(r.Args); r.Passed() || strings.Count(got, "ping ") != 3 || !strings.Contains(got, `sequential=[ping "" ping "" ping ""]`) {
		t.Errorf("%v after %d: %v", r.Status, r.Succeeded, got)
	}
	replay(t, log)
	if n := strings.Count(string(log), `"call":"Ping"`); n != 2 { // the fault refuses the third
		t.Errorf("%d pings in\n%s", n, log)
	}
}

// shrinkAct returns the act with less in it.
func shrinkAct(v any) gopter.Shrink {
	a := v.(act)
	sizes := []int{0, 1, a.op.Octet.Size / 2, a.op.Octet.Size - 1}
	return func() (any, bool) {
		for len(sizes) > 0 {
			n := sizes[0]
			if sizes = sizes[1:]; n >= 0 && n < a.op.Octet.Size {
				shorter := a
				shorter.op.Octet = fuzz.Plain(a.op.Octet.Bytes()[:n])
				return shorter, true
			}
		}
		return nil, false
	}
}

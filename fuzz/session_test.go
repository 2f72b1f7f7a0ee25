package fuzz

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"
	"github.com/leanovate/gopter/gen"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// session is what is known of an open connection: all that has happened to it,
// for the model to play.
type session struct {
	role   states.Role
	script []model.Step
}

func (s session) String() string { return s.role.String() }

func (s session) reactions() []model.Reaction {
	own, _ := roles(s.role)
	return model.Run(model.Params{Role: own, Limit: wsfsm.DefaultMaxMessage}, s.script)
}

// last returns the model's reaction to the last step.
func (s session) last() model.Reaction {
	all := s.reactions()
	if len(all) == 0 {
		return model.Reaction{State: model.StateOpen}
	}
	return all[len(all)-1]
}

// operation is a command of gopter: one operation on a driver.
type operation struct {
	role states.Role
	op   Op
}

// outcome is what a driver did in an operation.
type outcome struct {
	step
	problem error
}

// Run implements commands.Command.
func (o operation) Run(sut commands.SystemUnderTest) commands.Result {
	pl := sut.(*player)
	var err error
	if o.op.isInput() {
		pl.gathered = append(pl.gathered, o.op.Input(o.role, "")...)
		if len(pl.gathered) == 0 || pl.over {
			return outcome{step: step{stands: pl.d.State()}}
		}
		err = pl.handOver(len(pl.gathered))
	} else {
		err = pl.step(step{op: o.op}, pl.do)
	}
	if err != nil {
		return outcome{problem: err}
	}
	return outcome{step: pl.rec.steps[len(pl.rec.steps)-1]}
}

// NextState implements commands.Command.
func (o operation) NextState(state commands.State) commands.State {
	s := state.(session)
	next := model.Step{Data: string(o.op.Octet.Bytes())}
	switch o.op.Kind {
	case OpText:
		next.Kind = model.StepText
	case OpBinary:
		next.Kind = model.StepBinary
	case OpPing:
		next.Kind = model.StepPing
	case OpPong:
		next.Kind = model.StepPong
	case OpClose:
		next.Kind, next.Code = model.StepClose, uint16(o.op.N)
	case OpEOF:
		next.Kind = model.StepEndOfStream
	case OpExpire:
		next.Kind = model.StepTimeout
		if s.last().State == model.StateOpen {
			next.Kind = model.StepEndOfStream // a deadline of the caller's own
		}
	default:
		next = model.Step{Kind: model.StepReceive, Data: string(o.op.Input(o.role, ""))}
	}
	s.script = append(slices.Clone(s.script), next)
	return s
}

// PreCondition implements commands.Command: the pings are fewer than may wait,
// which the model does not count.
func (o operation) PreCondition(state commands.State) bool {
	pings := 0
	for _, s := range state.(session).script {
		if s.Kind == model.StepPing {
			pings++
		}
	}
	return o.op.Kind != OpPing || pings < wsfsm.MaxPings
}

// PostCondition implements commands.Command.
func (o operation) PostCondition(state commands.State, result commands.Result) *gopter.PropResult {
	got, want := result.(outcome), state.(session).last()
	if err := got.differs(want); err != nil {
		return gopter.NewPropResult(false, err.Error())
	}
	return &gopter.PropResult{Status: gopter.PropTrue}
}

// String implements commands.Command.
func (o operation) String() string { return o.op.String() }

// differs compares an outcome with the model's reaction.
func (got outcome) differs(want model.Reaction) error {
	if got.problem != nil {
		return got.problem
	}
	if (got.err != nil) != want.Refused || got.stands != stateOf(want.State) {
		return fmt.Errorf("error %v, state %v; the model: refused %v, state %s", got.err, got.stands, want.Refused, want.State)
	}
	expected := slices.DeleteFunc(want.Events, func(e model.Event) bool { return e.Kind == model.KindClose })
	if len(got.events) != len(expected) {
		return fmt.Errorf("events %v; the model: %+v", got.events, expected)
	}
	for i, e := range got.events {
		if !matches(e, expected[i]) {
			return fmt.Errorf("event %v; the model: %+v", e, expected[i])
		}
	}
	frames, rest := model.SplitFrames(got.sent)
	for i := range frames {
		frames[i] = frames[i].Unmasked()
	}
	if len(rest) > 0 || !slices.Equal(frames, want.Sent) {
		return fmt.Errorf("sent %+v and %x; the model: %+v", frames, rest, want.Sent)
	}
	return nil
}

// sessions are all sequences of operations on an open connection.
func sessions(wrap func(Driver) Driver) *commands.ProtoCommands {
	return &commands.ProtoCommands{
		InitialStateGen: gen.OneConstOf(session{role: states.Server}, session{role: states.Client}),
		NewSystemUnderTestFunc: func(initial commands.State) commands.SystemUnderTest {
			cfg := Config{Role: initial.(session).role, Wrap: wrap}
			d, err := newDriver(cfg, Program{}, way{})
			if err == nil {
				err = openDriver(d, side{role: cfg.Role})
			}
			if err != nil {
				panic(err)
			}
			return &player{role: cfg.Role, d: d, base: d.Offset(), rec: record{open: true, readTo: -1}}
		},
		GenCommandFunc: func(state commands.State) gopter.Gen {
			role := state.(session).role
			return func(p *gopter.GenParameters) *gopter.GenResult {
				return gopter.NewGenResult(operation{role, sessionOp(p.Rng)}, shrinker(func(o operation) (simpler []operation) {
					for _, op := range shrinkOp(o.op) {
						simpler = append(simpler, operation{role, op})
					}
					return simpler
				}))
			}
		},
	}
}

// sessionOp makes an operation that the model knows.
func sessionOp(r *rand.Rand) Op {
	switch n := r.Intn(40); {
	case n == 0:
		return Op{Kind: OpEOF}
	case n == 1:
		return Op{Kind: OpExpire}
	case n < 20:
		op, _ := frameOp(r, r.Intn(3) == 0, 1)
		return op
	}
	for {
		switch op := sendOp(r); op.Kind {
		case OpText, OpBinary, OpPing, OpPong, OpClose:
			return op
		}
	}
}

func TestSessionsAreAsModelled(t *testing.T) {
	t.Parallel()
	holds(t, commands.Prop(sessions(nil)), parameters(300, 25))
}

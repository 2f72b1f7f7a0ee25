package fuzz

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"

	"github.com/wsfsm/wsfsm/states"
)

// parameters are those of a property that is tried runs times, with slices of
// up to size elements. The seed is fixed, so that a failure stays.
func parameters(runs, size int) *gopter.TestParameters {
	p := gopter.DefaultTestParametersWithSeed(20110612)
	p.MinSuccessfulTests, p.MaxSize = runs, size
	if testing.Short() {
		p.MinSuccessfulTests = runs / 10
	}
	return p
}

// holds fails the test unless the property holds. What it fails on is printed, and, if
// traced makes one of it, as a trace that wsfsm replay plays.
func holds(t *testing.T, p gopter.Prop, params *gopter.TestParameters, traced ...func(gopter.PropArgs) []byte) {
	t.Helper()
	r := p.Check(params)
	if r.Passed() {
		return
	}
	t.Errorf("%v after %d: %v %v\n%v\n%s", r.Status, r.Succeeded, r.Labels, r.Error, r.Args, r.ErrorStack)
	for _, of := range traced {
		if len(r.Args) > 0 {
			t.Errorf("trace:\n%s", of(r.Args))
		}
	}
}

// traceOf records a program that is played on a driver without anything around it. It
// ends where the play does.
func traceOf(cfg Config, p Program, w way) []byte {
	var log bytes.Buffer
	cfg.Wrap, cfg.record = nil, recorder(&log, cfg.Role)
	_, _ = play(cfg, p, w) // the error is what has been found
	return bytes.TrimRight(log.Bytes(), "\n")
}

// streamOf is the program of frames that come as one stream.
func streamOf(role states.Role, ops []Op) Program {
	var stream []byte
	for _, op := range ops {
		stream = append(stream, op.Input(role, "")...)
	}
	return Program{Ops: []Op{{Kind: OpLiteral, Octet: Plain(stream)}}}
}

func bothRoles(t *testing.T, test func(*testing.T, Config)) {
	for _, role := range []states.Role{states.Server, states.Client} {
		t.Run(role.String(), func(t *testing.T) {
			t.Parallel()
			test(t, Config{Role: role})
		})
	}
}

// anySplit: any split of a stream, delivered whole or in pieces, with the fused
// path or without, gives the same events and the same answers.
func anySplit(cfg Config) gopter.Prop {
	return prop.ForAll(func(chunks []int, ops []Op) string {
		program := streamOf(cfg.Role, ops)
		want, err := play(cfg, program, way{})
		if err != nil {
			return err.Error()
		}
		for _, pieces := range []bool{false, true} {
			for _, observe := range []bool{false, true} {
				program.Options.Pieces = pieces
				got, err := play(cfg, program, way{observe: observe, chunks: chunks})
				if err != nil {
					return err.Error()
				}
				if !slices.Equal(got.events(), want.events()) {
					return fmt.Sprintf("pieces %v, observer %v: events\n%s\nin place of\n%s", pieces, observe, lines(got.events()), lines(want.events()))
				}
				_, a := got.sent(side{role: cfg.Role})
				if _, b := want.sent(side{role: cfg.Role}); !bytes.Equal(a, b) {
					return fmt.Sprintf("pieces %v, observer %v: sent %x in place of %x", pieces, observe, a, b)
				}
			}
		}
		return ""
	}, Chunks(), Streams())
}

func TestAnySplitGivesTheSameEvents(t *testing.T) {
	bothRoles(t, func(t *testing.T, cfg Config) {
		holds(t, anySplit(cfg), parameters(400, 40), func(args gopter.PropArgs) []byte {
			return traceOf(cfg, streamOf(cfg.Role, args[1].Arg.([]Op)), way{chunks: args[0].Arg.([]int)})
		})
	})
}

// roundTrip: what one end sends, in any fragments and with pings in between,
// the other end receives, whatever the chunks and the masking keys.
func roundTrip(cfg Config) gopter.Prop {
	return prop.ForAll(func(chunks []int, messages []Message, seed int64) string {
		p, err := newPair(cfg, chunks, seed)
		if err == nil {
			err = p.exchange(messages)
		}
		if err != nil {
			return err.Error()
		}
		return ""
	}, Chunks(), Messages(), seeds())
}

func seeds() gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		return gopter.NewGenResult(p.NextInt64(), gopter.NoShrinker)
	}
}

func TestDecodeOfEncodeIsTheSame(t *testing.T) {
	bothRoles(t, func(t *testing.T, cfg Config) { holds(t, roundTrip(cfg), parameters(300, 30)) })
}

// checked: Check finds nothing wrong with any program.
func checked(cfg Config) gopter.Prop {
	return prop.ForAll(func(p Program) string {
		if err := Check(cfg, p); err != nil {
			return err.Error()
		}
		return ""
	}, Programs())
}

func TestAnyProgramIsRight(t *testing.T) {
	bothRoles(t, func(t *testing.T, cfg Config) { holds(t, checked(cfg), parameters(1500, 40), ofProgram(cfg)) })
}

// ofProgram makes the trace of the program that a property has failed on.
func ofProgram(cfg Config) func(gopter.PropArgs) []byte {
	return func(args gopter.PropArgs) []byte { return traceOf(cfg, args[0].Arg.(Program), way{}) }
}

// TestFailuresAreTraced plants a fault, and replays the trace that would be printed.
func TestFailuresAreTraced(t *testing.T) {
	bothRoles(t, func(t *testing.T, cfg Config) {
		cfg.Wrap = func(d Driver) Driver { return &tired{Driver: d, pings: 2} }
		params := parameters(2000, 30)
		params.MinSuccessfulTests = 2000
		r := checked(cfg).Check(params)
		if r.Passed() {
			t.Fatal("the fault is not found")
		}
		log := ofProgram(cfg)(r.Args)
		if n, err := replay(bytes.NewReader(log)); err != nil || n != bytes.Count(log, []byte("\n")) || !bytes.Contains(log, []byte(`{"call":"Ping"`)) {
			t.Errorf("%d calls are played, %v\n%s", n, err, log)
		}
	})
}

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

// holds fails the test unless the property holds.
func holds(t *testing.T, p gopter.Prop, params *gopter.TestParameters) {
	t.Helper()
	if r := p.Check(params); !r.Passed() {
		t.Fatalf("%v after %d: %v %v\n%v\n%s", r.Status, r.Succeeded, r.Labels, r.Error, r.Args, r.ErrorStack)
	}
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
		var stream []byte
		for _, op := range ops {
			stream = append(stream, op.Input(cfg.Role, "")...)
		}
		program := Program{Ops: []Op{{Kind: OpLiteral, Octet: Plain(stream)}}}
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
	bothRoles(t, func(t *testing.T, cfg Config) { holds(t, anySplit(cfg), parameters(400, 40)) })
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
	bothRoles(t, func(t *testing.T, cfg Config) { holds(t, checked(cfg), parameters(1500, 40)) })
}

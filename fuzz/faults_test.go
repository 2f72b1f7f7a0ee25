package fuzz

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"

	"github.com/wsfsm/wsfsm"
)

// Each property must fail on a driver with a planted fault, and shrink what it
// failed on to little. The faults are in wrappers of the driver.

// careless loses the last octet of a message whose last input was one octet.
type careless struct {
	Driver
	last int
}

func (d *careless) Receive(p []byte) error {
	err := d.Driver.Receive(p)
	if err == nil {
		d.last = len(p)
	}
	return err
}

func (d *careless) Next() (wsfsm.Event, bool) {
	e, ok := d.Driver.Next()
	if n := len(e.Data); e.Kind == wsfsm.EventMessage && e.Message == wsfsm.Binary && n > 0 && d.last == 1 {
		e.Data = e.Data[:n-1]
	}
	return e, ok
}

// forgetful sends empty fragments in place of those of more than four octets.
type forgetful struct{ Driver }

func (d forgetful) Append(p []byte) error {
	if len(p) > 4 {
		p = nil
	}
	return d.Driver.Append(p)
}

// tired refuses the third ping.
type tired struct {
	Driver
	pings int
}

func (d *tired) Ping(p []byte) (wsfsm.PingID, error) {
	if d.pings++; d.pings == 3 {
		return 0, wsfsm.ErrRefused
	}
	return d.Driver.Ping(p)
}

// fails runs a property on a driver with a fault: it must fail, and its
// arguments must have shrunk to those that small wants.
func fails(t *testing.T, p gopter.Prop, small func(args []any) bool) {
	t.Helper()
	params := parameters(2000, 30)
	params.MinSuccessfulTests = 2000
	r := p.Check(params)
	if r.Status != gopter.TestFailed {
		t.Fatalf("%v after %d: the fault is not found; %v", r.Status, r.Succeeded, r.Error)
	}
	shrinks := 0
	var args []any
	for _, arg := range r.Args {
		shrinks += arg.Shrinks
		args = append(args, arg.Arg)
	}
	if !small(args) || shrinks == 0 {
		t.Errorf("shrunk %d times to %v", shrinks, args)
	}
}

func TestSplitPropertyFindsItsFault(t *testing.T) {
	bothRoles(t, func(t *testing.T, cfg Config) {
		cfg.Wrap = func(d Driver) Driver { return &careless{Driver: d} }
		fails(t, anySplit(cfg), func(args []any) bool {
			ops := args[1].([]Op)
			return slices.Equal(args[0].([]int), []int{1}) && len(ops) == 1 && ops[0].Type == FrameBinary && ops[0].Octet.Size <= 1
		})
	})
}

func TestRoundTripPropertyFindsItsFault(t *testing.T) {
	bothRoles(t, func(t *testing.T, cfg Config) {
		cfg.Wrap = func(d Driver) Driver { return forgetful{d} }
		fails(t, roundTrip(cfg), func(args []any) bool {
			messages := args[1].([]Message)
			return len(args[0].([]int)) == 0 && len(messages) == 1 && messages[0].Content.Size == 5 && slices.Equal(messages[0].Sizes, []int{0, 5}) && messages[0].Pings == 0
		})
	})
}

func TestSessionPropertyFindsItsFault(t *testing.T) {
	t.Parallel()
	p := commands.Prop(sessions(func(d Driver) Driver { return &tired{Driver: d} }))
	fails(t, p, func(args []any) bool {
		return strings.HasSuffix(fmt.Sprint(args[0]), `sequential=[ping "" ping "" ping ""]`)
	})
}

func TestProgramPropertyFindsItsFault(t *testing.T) {
	bothRoles(t, func(t *testing.T, cfg Config) {
		cfg.Wrap = func(d Driver) Driver { return &tired{Driver: d, pings: 2} }
		fails(t, checked(cfg), func(args []any) bool {
			p := args[0].(Program)
			return len(p.Ops) == 1 && p.Options == (Options{Handshake: p.Options.Handshake})
		})
	})
}

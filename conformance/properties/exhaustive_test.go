package properties

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// How many representatives follow each other: in versions that read frames by
// tables of their own, and in those whose tables are another one's.
const (
	depth     = 8
	depthSame = 4
)

// alphabets are what each exploration takes its representatives from: octets that
// come, one by one, field by field; commands, and whole frames that come.
var alphabets = map[string]func(*exploration, *node) []symbol{"octets": withEnds, "commands": sending}

// hasTablesOf reports whether two versions differ in nothing behind the opening
// handshake.
func hasTablesOf(p, q *wsfsm.Protocol) bool {
	return reflect.DeepEqual(p.Connection, q.Connection) && reflect.DeepEqual(p.Frame, q.Frame) && reflect.DeepEqual(p.Message, q.Message) &&
		reflect.DeepEqual(p.Close, q.Close) && p.TooBig == q.TooBig
}

// depthOf returns how deep a version is explored: the first of those with the same
// tables goes deepest.
func depthOf(p *wsfsm.Protocol) int {
	if testing.Short() {
		return depthSame / 2
	}
	for _, q := range wsfsm.Protocols() {
		if q == p {
			break
		}
		if hasTablesOf(p, q) {
			return depthSame
		}
	}
	return depth
}

// TestExhaustive compares driver and model in every sequence of representatives
// up to a depth, from each joint state of the machines behind the opening handshake,
// of whose heads the model knows the fields and not the octets (they are compared in
// package conformance). What is explored is pruned by what a snapshot shows: behind
// two histories of the same snapshot the driver is the same, and that the model does
// not tell them apart is checked by what it says to a frame more. Depth 8 counts from
// where a joint state was first seen, so that the sequences from the open connection
// are longer.
func TestExhaustive(t *testing.T) {
	t.Parallel()
	var lock sync.Mutex
	joint, drivers, steps := 0, 0, 0
	t.Run("versions", func(t *testing.T) {
		for _, p := range wsfsm.Protocols() {
			for _, role := range []states.Role{states.Server, states.Client} {
				t.Run(fmt.Sprint(p.Name, " ", role), func(t *testing.T) {
					t.Parallel()
					for name, symbols := range alphabets {
						x, err := explore(p, role, depthOf(p), symbols, nil)
						if err != nil {
							t.Fatal(err)
						}
						t.Logf("%s to depth %d: %d joint states, %d drivers, %d steps", name, x.depth, len(x.joint), len(x.nodes), x.steps)
						lock.Lock()
						joint, drivers, steps = joint+len(x.joint), drivers+len(x.nodes), steps+x.steps
						lock.Unlock()
					}
				})
			}
		}
	})
	t.Logf("%d joint states, %d drivers, %d steps", joint, drivers, steps)
	if joint < 3500 {
		t.Errorf("only %d joint states", joint)
	}
}

// explore explores one end; change may plant a fault.
func explore(p *wsfsm.Protocol, role states.Role, depth int, symbols func(*exploration, *node) []symbol, change func(*exploration)) (*exploration, error) {
	x, err := newExploration(p, role, depth, symbols)
	if err != nil {
		return nil, err
	}
	if change != nil {
		change(x)
	}
	return x, x.run()
}

// TestExhaustiveFindsItsFaults plants a fault in each of the tables and in the
// model, and takes different drivers for the same.
func TestExhaustiveFindsItsFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(*wsfsm.Protocol)
		explored func(*exploration)
		alphabet string
		says     string
	}{
		"connection": {change: func(p *wsfsm.Protocol) {
			table := *p.Connection.Table
			table.Rows[states.ConnectionClosingSent][states.ConnectionOnSendPing] = table.Rows[states.ConnectionOpen][states.ConnectionOnSendPing]
			p.Connection.Table = &table
		}, alphabet: "commands", says: `refused false`},
		"frame": {change: func(p *wsfsm.Protocol) {
			table := *p.Frame.Table
			row := &table.Rows[states.FrameLength64]
			row[states.FrameOnNotMinimal] = row[states.FrameOnDone]
			p.Frame.Table = &table
		}, alphabet: "octets", says: `not-minimal`},
		"message": {change: func(p *wsfsm.Protocol) {
			table := *p.Message.Table
			row := &table.Rows[states.MessageBinaryWait]
			row[states.MessageOnFinalContinuation].To = states.MessageTextLast
			p.Message.Table = &table
		}, alphabet: "octets", says: "invalid-text"},
		"limit": {explored: func(x *exploration) { x.model.Limit-- }, alphabet: "octets", says: "too-long"},
		"states alone are compared": {explored: func(x *exploration) {
			x.keyOf = func(v *visible) string { return fmt.Sprint(v.connection, v.frame, v.message, v.sending) }
		}, alphabet: "octets", says: "the model tells them apart"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := *wsfsm.ProtocolNamed("rfc6455")
			if c.change != nil {
				c.change(&p)
			}
			_, err := explore(&p, states.Client, depth, alphabets[c.alphabet], c.explored)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
		})
	}
}

package trace_test

import (
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
	"github.com/wsfsm/wsfsm/states"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		transition wsfsm.Transition
		want       trace.Line
	}{
		{
			wsfsm.Transition{
				Machine: states.MachineFrame, From: uint8(states.FrameMaskedSize), Event: uint8(states.FrameOnFits),
				To: uint8(states.FrameKey), Action: uint8(states.FrameDoBegin), Offset: 7,
			},
			trace.Line{Type: "transition", Machine: "frame", From: "masked-size", Event: "fits", To: "key", Action: "begin", Offset: 7},
		},
		{
			wsfsm.Transition{
				Machine: states.MachineConnection, From: uint8(states.ConnectionConnecting), Event: uint8(states.ConnectionOnDetached),
				To: uint8(states.ConnectionClosed),
			},
			trace.Line{Type: "transition", Machine: "connection", From: "connecting", Event: "detached", To: "closed"},
		},
		{
			wsfsm.Transition{
				Machine: states.MachineMessage, From: uint8(states.MessageIdle), Event: uint8(states.MessageOnFinalContinuation),
				To: uint8(states.MessageFailed), Action: states.FailBase + uint8(states.StrayContinuation),
			},
			trace.Line{Type: "transition", Machine: "message", From: "idle", Event: "final-continuation", To: "failed", Action: "fail-stray-continuation"},
		},
	} {
		if got := trace.Of(c.transition); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.transition, got, c.want)
		}
	}
}

package states_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/wsfsm/wsfsm/states"
)

func TestNames(t *testing.T) {
	for _, c := range []struct {
		word fmt.Stringer
		want string
	}{
		{states.Server, "server"},
		{states.MachineHTTP, "http"},
		{states.FrameHead, "head"},
		{states.FrameMaskedLength16, "masked-length-16"},
		{states.HTTPOnHeadTooLong, "head-too-long"},
		{states.HandshakeOnNotWebSocket, "not-websocket"},
		{states.ConnectionDoAnswerPing, "answer-ping"},
		{states.ReadContent, "content"},
		{states.WaitHangUp, "hang-up"},
		{states.FormBase6416, "base64-16"},
		{states.FrameState(0), "none"},
		{states.FrameAction(0), "none"},
		{states.FrameState(77), "FrameState(77)"},
		{states.Violation(200), "Violation(200)"},
		{states.FrameAction(states.FrameActionCount), "skip"},
		{states.FrameAction(states.FrameActionCount + 1), fmt.Sprintf("FrameAction(%d)", states.FrameActionCount+1)},
		{states.FailBase + states.FrameAction(states.TooLong), "fail-too-long"},
	} {
		if got := c.word.String(); got != c.want {
			t.Errorf("%T is %q, want %q", c.word, got, c.want)
		}
	}
}

func TestViolation(t *testing.T) {
	v := states.TooLong
	if v.CloseCode() != 1009 || v.Status() != 0 || v.Fault() != states.FaultLimit || v.Citation() != "RFC 6455 §7.4.1" {
		t.Errorf("too-long: code %d, status %d, fault %v, citation %q", v.CloseCode(), v.Status(), v.Fault(), v.Citation())
	}
	if got, want := v.Error(), "the message is longer than the limit (RFC 6455 §7.4.1)"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
	if !errors.Is(fmt.Errorf("wrapped: %w", v), states.TooLong) || errors.Is(v, states.Overflow) {
		t.Error("errors.Is does not tell violations apart")
	}
	if states.BadOrigin.Status() != 403 || states.BadOrigin.CloseCode() != 0 {
		t.Errorf("bad-origin: status %d, code %d", states.BadOrigin.Status(), states.BadOrigin.CloseCode())
	}
}

// TestEachViolationIsComplete also goes beyond the last one.
func TestEachViolationIsComplete(t *testing.T) {
	for n := 1; n <= states.ViolationCount; n++ {
		v := states.Violation(n)
		if v.Meaning() == "" || v.Citation() == "" || v.Fault() == 0 {
			t.Errorf("%v: meaning %q, citation %q, fault %v", v, v.Meaning(), v.Citation(), v.Fault())
		}
		if a := states.FailBase + states.HTTPAction(v); a.Violation() != v {
			t.Errorf("action %v reports %v", a, a.Violation())
		}
	}
	for _, v := range []states.Violation{0, states.ViolationCount + 1, 255} {
		if v.Error() == "" || v.Citation() != "" || v.CloseCode() != 0 || v.Status() != 0 || v.Fault() != 0 {
			t.Errorf("%d has what only a violation has", v)
		}
	}
	for _, a := range []states.FrameAction{0, states.FrameDoPass, states.FailBase, states.FailBase + states.ViolationCount + 1, 255} {
		if v := a.Violation(); v != 0 {
			t.Errorf("action %d reports %v", a, v)
		}
	}
}

func TestSpans(t *testing.T) {
	if !states.FrameDoPass.Spans() || !states.HTTPDoAdd.Spans() || !states.MessageDoDeliver.Spans() {
		t.Error("an action that takes runs of octets does not say so")
	}
	if states.FrameDoBegin.Spans() || states.HTTPDoEndWord.Spans() || states.FrameAction(0).Spans() {
		t.Error("an action says that it takes runs of octets and does not")
	}
}

package model

import (
	"reflect"
	"testing"
)

// played is what a script does: one line for each step.
type played struct {
	step Step
	want Reaction
}

func play(t *testing.T, name string, p Params, lines []played) {
	t.Helper()
	var script []Step
	var want []Reaction
	for _, line := range lines {
		script = append(script, line.step)
		want = append(want, line.want)
	}
	if got := p.Run(script); !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, want)
	}
}

// closeBodies returns a close body of the peer that p takes, and p's own.
func closeBodies(p Params) (peers, own string) {
	switch d := p.draft(); {
	case d <= 0:
		return "", ""
	case d <= 4:
		return "any\xff", ""
	case d == 5 && p.Role == Server:
		return "C\xff", "S"
	case d == 5:
		return "S", "C"
	}
	return "\x0b\xb8\u20ac", "\x03\xe8"
}

// What both sides of every version with close frames do when closing.
func TestDraftClosing(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		if p.draft() == hixie75 {
			return
		}
		peerBody, ownBody := closeBodies(p)
		closing := Frame{Fin: true, Opcode: p.Opcode(KindClose), Payload: peerBody}
		own := Frame{Fin: true, Opcode: p.Opcode(KindClose), Payload: ownBody}
		received := Step{Kind: StepReceive, Data: string(fromPeer(p, closing))}
		late := Step{Kind: StepReceive, Data: string(fromPeer(p, p.MessageFrames(KindText, "late")...))}
		told := Event{Kind: KindClose, Code: 1005}
		done := Event{Kind: KindClosed, Code: 1005, Clean: true}
		if r.codes != "none" {
			told = Event{Kind: KindClose, Code: 3000, Data: "\u20ac"}
			done = Event{Kind: KindClosed, Code: 3000, Data: "\u20ac", Clean: true}
		}
		for _, ending := range []StepKind{StepEndOfStream, StepBroken, StepHungUp, StepTimeout} {
			play(t, "the peer closes", p, []played{
				{received, Reaction{Events: []Event{told}, Sent: []Frame{closing}, State: StateCloseBoth}},
				{late, nothing(StateCloseBoth)},
				{Step{Kind: StepText}, refusedIn(StateCloseBoth)},
				{Step{Kind: ending}, eventsIn(StateClosed, done)},
			})
			play(t, "own close", p, []played{
				{Step{Kind: StepClose, Code: 1000}, Reaction{Sent: []Frame{own}, State: StateCloseSent}},
				{late, eventsIn(StateCloseSent, Event{Kind: KindText, Data: "late"})},
				{Step{Kind: StepClose}, refusedIn(StateCloseSent)},
				{received, eventsIn(StateCloseBoth, told)},
				{Step{Kind: ending}, eventsIn(StateClosed, done)},
			})
			play(t, "no answer", p, []played{
				{Step{Kind: StepClose, Code: 1000}, Reaction{Sent: []Frame{own}, State: StateCloseSent}},
				{Step{Kind: ending}, eventsIn(StateClosed, notClosed)},
			})
			if ending != StepTimeout {
				play(t, "no close", p, []played{{Step{Kind: ending}, eventsIn(StateClosed, notClosed)}})
			}
		}
		empty := own
		if r.codes != "none" {
			empty.Payload = ""
		}
		play(t, "without code", p, []played{
			{Step{Kind: StepClose}, Reaction{Sent: []Frame{empty}, State: StateCloseSent}},
		})
	})
}

// 75 has no close frame: the end of the transport is the only one.
func TestClosing75(t *testing.T) {
	clean := Event{Kind: KindClosed, Code: 1005, Clean: true}
	tooLong := Event{Kind: KindError, Violation: TooLong}
	for _, role := range []Role{Server, Client} {
		p := Params{Version: "hixie-75", Role: role, Limit: 3}
		for _, ending := range []StepKind{StepEndOfStream, StepBroken, StepHungUp, StepTimeout} {
			for _, code := range []uint16{0, 1000} {
				play(t, "own close", p, []played{
					{Step{Kind: StepClose, Code: code}, nothing(StateEnding)},
					{Step{Kind: StepReceive, Data: "\x00a\xff\x80\x04"}, nothing(StateEnding)},
					{Step{Kind: StepText}, refusedIn(StateEnding)},
					{Step{Kind: StepClose}, refusedIn(StateEnding)},
					{Step{Kind: ending}, eventsIn(StateClosed, clean)},
					{Step{Kind: ending}, nothing(StateClosed)},
				})
			}
			play(t, "failure", p, []played{
				{Step{Kind: StepReceive, Data: "\x00abcd"}, eventsIn(StateFailed, tooLong)},
				{Step{Kind: ending}, eventsIn(StateClosed, notClosed)},
			})
			want := eventsIn(StateClosed, clean)
			if ending == StepBroken {
				want = eventsIn(StateClosed, notClosed)
			}
			if ending == StepTimeout {
				want = nothing(StateOpen)
			}
			play(t, "nobody closes", p, []played{{Step{Kind: ending}, want}})
			play(t, "inside a message", p, []played{
				{Step{Kind: StepReceive, Data: "\x00a"}, nothing(StateOpen)}, {Step{Kind: ending}, want},
			})
		}
	}
}

// A violation is answered with a close frame where that can say the code, and
// with the end of the transport otherwise.
func TestDraftFailures(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		p.Limit = 10
		long := Step{Kind: StepReceive, Data: string(fromPeer(p, p.MessageFrames(KindText, xs(11))...))}
		failed := Event{Kind: KindError, Code: r.tooBig, Violation: TooLong}
		answer := Reaction{Events: []Event{failed}, State: StateFailed}
		if r.codes != "none" {
			answer.Sent = []Frame{p.CloseFrame(r.tooBig, "")}
		}
		play(t, "open", p, []played{
			{long, answer}, {long, nothing(StateFailed)}, {Step{Kind: StepText}, refusedIn(StateFailed)},
			{Step{Kind: StepHungUp}, eventsIn(StateClosed, notClosed)},
		})
		if p.draft() > hixie75 {
			got := p.Run([]Step{{Kind: StepClose}, long})[1]
			if !reflect.DeepEqual(got, eventsIn(StateFailed, failed)) {
				t.Errorf("after own close: %+v", got)
			}
		}
	})
}

// Close bodies that break a rule, and those that nearly do.
func TestCloseBodies(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		if p.draft() < 1 {
			return
		}
		for _, tt := range []struct {
			body         string
			letter, code Violation // in hybi-05, and from hybi-06 on
		}{
			{"", CloseLetter, ""}, {"C", "", CloseShort}, {"S", "", CloseShort}, {"D", CloseLetter, CloseShort},
			{"c", CloseLetter, CloseShort}, {"C\xff\x00", "", CloseCode}, {"\x03\xe8", CloseLetter, ""},
			{"\x03\xe8\xc3", CloseLetter, CloseReason}, {"\x03\xe8\xff" + xs(122), CloseLetter, CloseReason},
		} {
			want := tt.code
			if p.draft() < 6 {
				want = ""
			}
			if p.draft() == 5 {
				want = tt.letter
			}
			replaced := want == CloseReason && r.badText == "replaced"
			if replaced {
				want = ""
			}
			octets := fromPeer(p, Frame{Fin: true, Opcode: p.Opcode(KindClose), Payload: tt.body})
			d := p.Decode(octets)
			if d.Violation != want || (len(d.Outcomes) == 1) != (want == "") || d.Consumed != len(octets) {
				t.Errorf("%q: %+v", tt.body, d)
			}
			if want != "" {
				continue
			}
			if d.CloseBody != tt.body || replaced && d.Outcomes[0].Data[:3] != "\ufffd" {
				t.Errorf("%q: %+v", tt.body, d)
			}
			if r.codes == "none" && (d.Outcomes[0].Code != 1005 || d.Outcomes[0].Data != "") {
				t.Errorf("%q: %+v", tt.body, d)
			}
			if sent := p.Run([]Step{{Kind: StepReceive, Data: string(octets)}})[0].Sent; len(sent) != 1 || sent[0].Payload != tt.body {
				t.Errorf("%q is answered by %+v", tt.body, sent)
			}
		}
	})
}

// What a version does not have is refused.
func TestDraftCommands(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		framed, coded := p.draft() >= 1, r.codes != "none"
		for _, tt := range []struct {
			step    Step
			allowed bool
		}{
			{Step{Kind: StepText, Data: "\u20ac"}, true}, {Step{Kind: StepText, Data: "\xff"}, false},
			{Step{Kind: StepBinary, Data: "\xff"}, framed},
			{Step{Kind: StepPing, Data: xs(125)}, framed}, {Step{Kind: StepPing, Data: xs(126)}, false},
			{Step{Kind: StepPong}, framed}, {Step{Kind: StepPong, Data: xs(126)}, false},
			{Step{Kind: StepClose}, true}, {Step{Kind: StepClose, Data: "r"}, false},
			{Step{Kind: StepClose, Code: 1000}, true}, {Step{Kind: StepClose, Code: 1001}, coded},
			{Step{Kind: StepClose, Code: 1000, Data: "r"}, coded}, {Step{Kind: StepClose, Code: 3000}, coded},
			{Step{Kind: StepClose, Code: 1000, Data: xs(123)}, coded}, {Step{Kind: StepClose, Code: 1000, Data: xs(124)}, false},
			{Step{Kind: StepClose, Code: 1000, Data: "\xff"}, false}, {Step{Kind: StepClose, Code: 1005}, false},
		} {
			if got := p.Run([]Step{tt.step})[0]; got.Refused == tt.allowed || got.Refused && len(got.Sent) != 0 {
				t.Errorf("%+v: %+v", tt.step, got)
			}
		}
		if !framed {
			return
		}
		got := p.Run([]Step{{Kind: StepReceive, Data: string(fromPeer(p, Frame{Fin: true, Opcode: p.Opcode(KindPing), Payload: "p"}))},
			{Kind: StepPong, Data: "u"}, {Kind: StepBinary, Data: "b"}})
		pong, number := p.Opcode(KindPong), p.Opcode(KindBinary)
		if f := got[0].Sent; len(f) != 1 || f[0] != (Frame{Fin: true, Opcode: pong, Payload: "p"}) {
			t.Errorf("answer to a ping: %+v", f)
		}
		if f := got[1].Sent; len(f) != 1 || f[0] != (Frame{Fin: true, Opcode: pong, Payload: "u"}) {
			t.Errorf("pong: %+v", f)
		}
		if f := got[2].Sent; len(f) != 1 || f[0] != (Frame{Fin: true, Opcode: number, Payload: "b"}) {
			t.Errorf("binary: %+v", f)
		}
	})
}

func TestAwaits(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		both := StepHungUp
		if p.Role == Client {
			both = StepEndOfStream
		}
		for state, want := range map[State]StepKind{
			StateOpen: "", StateCloseSent: StepReceive, StateCloseBoth: both, StateEnding: StepHungUp,
			StateFailed: StepHungUp, StateClosed: "",
		} {
			if got := p.Awaits(state); got != want {
				t.Errorf("%s: %q, want %q", state, got, want)
			}
		}
	})
}

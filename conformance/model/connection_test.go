package model

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// received makes the step in which the peer's frames arrive at role.
func received(role Role, frames ...Frame) Step {
	for i := range frames {
		if role == Server {
			frames[i] = frames[i].WithKey(exampleKey)
		}
	}
	return Step{Kind: StepReceive, Data: string(Encode(frames...))}
}

func ping(data string) Frame { return Frame{Fin: true, Opcode: OpPing, Payload: data} }
func pong(data string) Frame { return Frame{Fin: true, Opcode: OpPong, Payload: data} }
func text(data string) Frame { return Frame{Fin: true, Opcode: OpText, Payload: data} }

var (
	notClosed = Event{Kind: KindClosed, Code: 1006}
	reserved  = Frame{Fin: true, Opcode: 0xB}
	failed    = Event{Kind: KindError, Code: 1002, Violation: ReservedOpcode}
	ownClose  = Step{Kind: StepClose, Code: 1000, Data: "bye"}
	closeSent = Reaction{Sent: []Frame{CloseFrame(1000, "bye")}, State: StateCloseSent}
	refusedIn = func(s State) Reaction { return Reaction{Refused: true, State: s} }
	nothing   = func(s State) Reaction { return Reaction{State: s} }
	eventsIn  = func(s State, events ...Event) Reaction { return Reaction{Events: events, State: s} }
	endings   = []StepKind{StepEndOfStream, StepHungUp, StepTimeout}
	commands  = []StepKind{StepText, StepBinary, StepPing, StepPong, StepClose}
)

type scenario struct {
	name   string
	script func(Role) []Step
	want   []Reaction
}

func check(t *testing.T, tests []scenario) {
	for _, tt := range tests {
		for _, role := range []Role{Server, Client} {
			t.Run(tt.name+"/"+string(role), func(t *testing.T) {
				got := Run(Params{Role: role, Limit: 1000}, tt.script(role))
				if !reflect.DeepEqual(got, tt.want) {
					t.Errorf("got  %+v\nwant %+v", got, tt.want)
				}
			})
		}
	}
}

func TestOpen(t *testing.T) {
	check(t, []scenario{
		{"commands", func(Role) []Step {
			return []Step{{Kind: StepText, Data: "\u20ac"}, {Kind: StepBinary, Data: "\xff"},
				{Kind: StepPing, Data: "p"}, {Kind: StepPong, Data: "q"}, {Kind: StepClose}}
		}, []Reaction{
			{Sent: []Frame{text("\u20ac")}, State: StateOpen},
			{Sent: []Frame{{Fin: true, Opcode: OpBinary, Payload: "\xff"}}, State: StateOpen},
			{Sent: []Frame{ping("p")}, State: StateOpen},
			{Sent: []Frame{pong("q")}, State: StateOpen},
			{Sent: []Frame{CloseFrame(1005, "")}, State: StateCloseSent},
		}},
		{"messages and pings", func(r Role) []Step {
			return []Step{received(r, text("a"), ping("1"), pong("2"), ping(""))}
		}, []Reaction{{
			Events: []Event{{Kind: KindText, Data: "a"}, {Kind: KindPing, Data: "1"},
				{Kind: KindPong, Data: "2"}, {Kind: KindPing}},
			Sent:  []Frame{pong("1"), pong("")},
			State: StateOpen,
		}}},
		{"a timeout that nobody asked for", func(Role) []Step {
			return []Step{{Kind: StepTimeout}, {Kind: StepPing}}
		}, []Reaction{nothing(StateOpen), {Sent: []Frame{ping("")}, State: StateOpen}}},
	})
}

// Where a step's octets end does not matter.
func TestOneOctetAtATime(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for _, role := range []Role{Server, Client} {
		for _, last := range []Frame{reserved, CloseFrame(3000, "r"), text("\xff")} {
			whole := received(role, text("abc"), ping("1"), last, text("never"))
			var pieces []Step
			for rest := whole.Data; rest != ""; {
				n := min(1+random.IntN(2), len(rest))
				pieces = append(pieces, Step{Kind: StepReceive, Data: rest[:n]})
				rest = rest[n:]
			}
			p := Params{Role: role, Limit: 1000}
			want := Run(p, []Step{whole})[0]
			var got Reaction
			for _, r := range Run(p, pieces) {
				got.Events = append(got.Events, r.Events...)
				got.Sent = append(got.Sent, r.Sent...)
				got.State = r.State
			}
			if !reflect.DeepEqual(got, want) || len(want.Events) != 3 || len(want.Sent) != 2 {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		}
	}
}

// A message whose octets surround an own command.
func TestMessageAroundCommand(t *testing.T) {
	for _, role := range []Role{Server, Client} {
		octets := received(role, text("abc")).Data
		got := Run(Params{Role: role, Limit: 3}, []Step{{Kind: StepReceive, Data: octets[:3]}, ownClose,
			{Kind: StepReceive, Data: octets[3:]}})
		want := []Reaction{nothing(StateOpen), closeSent,
			eventsIn(StateCloseSent, Event{Kind: KindText, Data: "abc"})}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v", role, got)
		}
	}
}

func TestRefusedArguments(t *testing.T) {
	at := func(n int) string { return string(make([]byte, n)) }
	tests := []struct {
		step    Step
		refused bool
	}{
		{Step{Kind: StepText, Data: "\xff"}, true},
		{Step{Kind: StepText, Data: "\xc3"}, true},
		{Step{Kind: StepBinary, Data: "\xff"}, false},
		{Step{Kind: StepPing, Data: at(125)}, false},
		{Step{Kind: StepPing, Data: at(126)}, true},
		{Step{Kind: StepPong, Data: at(125)}, false},
		{Step{Kind: StepPong, Data: at(126)}, true},
		{Step{Kind: StepClose}, false},
		{Step{Kind: StepClose, Data: "r"}, true},
		{Step{Kind: StepClose, Code: 1000, Data: at(123)}, false},
		{Step{Kind: StepClose, Code: 1000, Data: at(124)}, true},
		{Step{Kind: StepClose, Code: 1000, Data: "\xff"}, true},
		{Step{Kind: StepClose, Code: 1000, Data: "a\xe2\x82"}, true},
		{Step{Kind: StepClose, Code: 1005}, true},
		{Step{Kind: StepClose, Code: 999}, true},
		{Step{Kind: StepClose, Code: 4999}, false},
	}
	for _, tt := range tests {
		got := Run(Params{Role: Client}, []Step{tt.step})[0]
		if got.Refused != tt.refused || (len(got.Sent) == 0) != tt.refused {
			t.Errorf("%+v: %+v", tt.step, got)
		}
		if tt.refused && got.State != StateOpen {
			t.Errorf("%+v: refused, but %s", tt.step, got.State)
		}
	}
}

func TestUndefinedStep(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Run(Params{Role: Server}, []Step{{Kind: "nap"}})
}

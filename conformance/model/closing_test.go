package model

import "testing"

func TestPeerCloses(t *testing.T) {
	check(t, []scenario{
		{"code and reason come back", func(r Role) []Step {
			return []Step{received(r, CloseFrame(1001, "away")), received(r, text("x"), ping("x"), reserved),
				{Kind: StepEndOfStream}, {Kind: StepEndOfStream}, received(r, text("x"))}
		}, []Reaction{
			{Events: []Event{{Kind: KindClose, Code: 1001, Data: "away"}},
				Sent: []Frame{CloseFrame(1001, "away")}, State: StateCloseBoth},
			nothing(StateCloseBoth),
			eventsIn(StateClosed, Event{Kind: KindClosed, Code: 1001, Data: "away", Clean: true}),
			nothing(StateClosed), nothing(StateClosed),
		}},
		{"no code", func(r Role) []Step {
			return []Step{received(r, CloseFrame(1005, "")), {Kind: StepHungUp}}
		}, []Reaction{
			{Events: []Event{{Kind: KindClose, Code: 1005}}, Sent: []Frame{CloseFrame(1005, "")}, State: StateCloseBoth},
			eventsIn(StateClosed, Event{Kind: KindClosed, Code: 1005, Clean: true}),
		}},
		{"timeout is clean", func(r Role) []Step {
			return []Step{received(r, CloseFrame(1000, "")), {Kind: StepTimeout}}
		}, []Reaction{
			{Events: []Event{{Kind: KindClose, Code: 1000}}, Sent: []Frame{CloseFrame(1000, "")}, State: StateCloseBoth},
			eventsIn(StateClosed, Event{Kind: KindClosed, Code: 1000, Clean: true}),
		}},
		{"messages before it in the same octets", func(r Role) []Step {
			return []Step{received(r, text("a"), ping("1"), CloseFrame(3000, ""), ping("2"))}
		}, []Reaction{{
			Events: []Event{{Kind: KindText, Data: "a"}, {Kind: KindPing, Data: "1"}, {Kind: KindClose, Code: 3000}},
			Sent:   []Frame{pong("1"), CloseFrame(3000, "")},
			State:  StateCloseBoth,
		}}},
		{"inside a message", func(r Role) []Step {
			return []Step{received(r, Frame{Opcode: OpText, Payload: "a"}, CloseFrame(1000, ""))}
		}, []Reaction{
			{Events: []Event{{Kind: KindClose, Code: 1000}}, Sent: []Frame{CloseFrame(1000, "")}, State: StateCloseBoth},
		}},
	})
}

func TestOwnClose(t *testing.T) {
	check(t, []scenario{
		{"answered with another code", func(r Role) []Step {
			return []Step{ownClose, received(r, text("late"), ping("1"), pong("2")),
				received(r, CloseFrame(4000, "mine"), text("never")), {Kind: StepEndOfStream}}
		}, []Reaction{
			closeSent,
			eventsIn(StateCloseSent, Event{Kind: KindText, Data: "late"}, Event{Kind: KindPing, Data: "1"},
				Event{Kind: KindPong, Data: "2"}),
			eventsIn(StateCloseBoth, Event{Kind: KindClose, Code: 4000, Data: "mine"}),
			eventsIn(StateClosed, Event{Kind: KindClosed, Code: 4000, Data: "mine", Clean: true}),
		}},
		{"answered without code", func(r Role) []Step {
			return []Step{ownClose, received(r, CloseFrame(1005, "")), {Kind: StepTimeout}}
		}, []Reaction{
			closeSent, eventsIn(StateCloseBoth, Event{Kind: KindClose, Code: 1005}),
			eventsIn(StateClosed, Event{Kind: KindClosed, Code: 1005, Clean: true}),
		}},
		{"answered by a violation", func(r Role) []Step {
			return []Step{ownClose, received(r, reserved), received(r, CloseFrame(1000, "")), {Kind: StepHungUp}}
		}, []Reaction{
			closeSent, eventsIn(StateFailed, failed), nothing(StateFailed), eventsIn(StateClosed, notClosed),
		}},
	})
}

func TestPeerFails(t *testing.T) {
	check(t, []scenario{
		{"after a message", func(r Role) []Step {
			return []Step{received(r, text("a"), reserved, text("b")), received(r, CloseFrame(1000, "")),
				{Kind: StepEndOfStream}}
		}, []Reaction{
			{Events: []Event{{Kind: KindText, Data: "a"}, failed}, Sent: []Frame{CloseFrame(1002, "")}, State: StateFailed},
			nothing(StateFailed), eventsIn(StateClosed, notClosed),
		}},
		{"too long", func(r Role) []Step {
			return []Step{received(r, text(string(make([]byte, 1001))))}
		}, []Reaction{{
			Events: []Event{{Kind: KindError, Code: 1009, Violation: TooLong}},
			Sent:   []Frame{CloseFrame(1009, "")}, State: StateFailed,
		}}},
		{"not text", func(r Role) []Step {
			return []Step{received(r, text("\xff"))}
		}, []Reaction{{
			Events: []Event{{Kind: KindError, Code: 1007, Violation: InvalidText}},
			Sent:   []Frame{CloseFrame(1007, "")}, State: StateFailed,
		}}},
	})
}

// The ways in which waiting ends, in each state: whether it closes, and how.
func TestEndings(t *testing.T) {
	for _, ending := range endings {
		ended := nothing(StateOpen)
		if ending != StepTimeout {
			ended = eventsIn(StateClosed, notClosed)
		}
		check(t, []scenario{
			{string(ending) + " when open", func(Role) []Step {
				return []Step{{Kind: ending}}
			}, []Reaction{ended}},
			{string(ending) + " after own close", func(Role) []Step {
				return []Step{ownClose, {Kind: ending}, {Kind: ending}}
			}, []Reaction{closeSent, eventsIn(StateClosed, notClosed), nothing(StateClosed)}},
			{string(ending) + " after a violation", func(r Role) []Step {
				return []Step{received(r, reserved), {Kind: ending}}
			}, []Reaction{
				{Events: []Event{failed}, Sent: []Frame{CloseFrame(1002, "")}, State: StateFailed},
				eventsIn(StateClosed, notClosed),
			}},
		})
	}
}

// Commands are refused in every state but open, and change nothing there.
func TestRefusedCommands(t *testing.T) {
	for _, command := range commands {
		check(t, []scenario{
			{string(command) + " after own close", func(r Role) []Step {
				return []Step{ownClose, {Kind: command}, received(r, CloseFrame(1000, "")), {Kind: command},
					{Kind: StepHungUp}, {Kind: command}}
			}, []Reaction{
				closeSent, refusedIn(StateCloseSent),
				eventsIn(StateCloseBoth, Event{Kind: KindClose, Code: 1000}), refusedIn(StateCloseBoth),
				eventsIn(StateClosed, Event{Kind: KindClosed, Code: 1000, Clean: true}), refusedIn(StateClosed),
			}},
			{string(command) + " after a violation", func(r Role) []Step {
				return []Step{received(r, reserved), {Kind: command}}
			}, []Reaction{
				{Events: []Event{failed}, Sent: []Frame{CloseFrame(1002, "")}, State: StateFailed},
				refusedIn(StateFailed),
			}},
		})
	}
}

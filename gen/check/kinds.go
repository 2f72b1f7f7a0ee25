package check

import "github.com/wsfsm/wsfsm/gen/spec"

// What Check can find wrong.
const (
	// names
	UnknownName   spec.Kind = "unknown-name"   // a name that the vocabulary or the machine does not have
	WrongMachine  spec.Kind = "wrong-machine"  // a word of another machine
	WrongKind     spec.Kind = "wrong-kind"     // an event of another kind than its place asks for
	ReservedWord  spec.Kind = "reserved-word"  // a word of the vocabulary that the language itself uses
	WrongArgument spec.Kind = "wrong-argument" // what a read takes or where it stores

	// classes
	Overlap          spec.Kind = "overlap"           // an octet that two patterns match
	Uncovered        spec.Kind = "uncovered"         // an octet that no pattern matches
	NothingLeft      spec.Kind = "nothing-left"      // otherwise, with nothing left over
	WrongNever       spec.Kind = "wrong-never"       // the stage below can deliver what the class calls never
	UnreachableEntry spec.Kind = "unreachable-entry" // octets that the stage below cannot deliver
	UnusedClass      spec.Kind = "unused-class"      // a class that no state reads
	UnusedHead       spec.Kind = "unused-head"       // a head that no state reads

	// rows
	Unanswered    spec.Kind = "unanswered"     // a state without an answer to an event that it can meet
	NeverMet      spec.Kind = "never-met"      // an answer to an event that never comes
	AnsweredTwice spec.Kind = "answered-twice" // two answers to one event
	RefusesOther  spec.Kind = "refuses-other"  // refuses what is no command
	IgnoresOther  spec.Kind = "ignores-other"  // ignores what is no world event, or in a state that is not final
	RowInFinal    spec.Kind = "row-in-final"   // a row of a final state
	ReadInFinal   spec.Kind = "read-in-final"  // a final state that reads or waits
	DoAndFail     spec.Kind = "do-and-fail"    // a row with two actions
	FailNotFinal  spec.Kind = "fail-not-final" // a failure after which the machine goes on
	Silent        spec.Kind = "silent"         // a row without an action where somebody must be told
	OtherEvent    spec.Kind = "other-event"    // an action that answers other events
	OutOfOrder    spec.Kind = "out-of-order"   // actions that hand something over in parts
	OutOfTurn     spec.Kind = "out-of-turn"    // what a frame brings goes to a state that does not take it
	FedOn         spec.Kind = "fed-on"         // a machine that has ended is fed, or one that has not ended never again
	FailWithout   spec.Kind = "fail-without"   // a failure without the close code or status that its place needs

	// graph
	Unreachable  spec.Kind = "unreachable"    // a state that no role can come to
	NeverEnds    spec.Kind = "never-ends"     // no final state can be reached
	EatsNothing  spec.Kind = "eats-nothing"   // a cycle without input
	AskedInVain  spec.Kind = "asked-in-vain"  // a limit is asked again, and the answer cannot be another one
	NotStored    spec.Kind = "not-stored"     // a field is used before anything was stored in it
	StoredInVain spec.Kind = "stored-in-vain" // a field that nothing uses after it is stored

	// heads
	HeadLine    spec.Kind = "head-line"    // attributes that contradict one another
	MissingElse spec.Kind = "missing-else" // a line that can fail and does not say what comes of it
	IdleLine    spec.Kind = "idle-line"    // neither demands nor sends
	NotSent     spec.Kind = "not-sent"     // demanded of the peer, not sent by ourselves
	NotChecked  spec.Kind = "not-checked"  // sent, but not looked at when it comes
	MissingLine spec.Kind = "missing-line" // a part of the first line

	// constants and the whole
	MissingConstant spec.Kind = "missing-constant" // a constant that the version needs
	WrongConstant   spec.Kind = "wrong-constant"   // a constant that contradicts another one or itself
	MissingMachine  spec.Kind = "missing-machine"  // a version that lacks a machine
	MissingInput    spec.Kind = "missing-input"    // a state of the connection that does not say which stage is fed
	MissingWait     spec.Kind = "missing-wait"     // a state of the connection whose time nothing bounds
	UnusedWord      spec.Kind = "unused-word"      // a word that no version uses
	UnusedBase      spec.Kind = "unused-base"      // a base that no version extends
)

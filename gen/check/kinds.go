package check

import "github.com/wsfsm/wsfsm/gen/spec"

// What Check can find wrong.
const (
	// names
	UnknownName   spec.Kind = "unknown-name"
	WrongMachine  spec.Kind = "wrong-machine"  // a word of another machine
	WrongKind     spec.Kind = "wrong-kind"     // an event of another kind than its place asks for
	ReservedWord  spec.Kind = "reserved-word"  // a word of the vocabulary that the language itself uses
	WrongArgument spec.Kind = "wrong-argument" // what a read takes or where it stores

	// classes
	Overlap          spec.Kind = "overlap"
	Uncovered        spec.Kind = "uncovered"         // an octet that no pattern matches
	NothingLeft      spec.Kind = "nothing-left"      // otherwise, with nothing left over
	WrongNever       spec.Kind = "wrong-never"       // the stage below can deliver what the class calls never
	UnreachableEntry spec.Kind = "unreachable-entry" // octets that the stage below cannot deliver
	UnusedClass      spec.Kind = "unused-class"
	UnusedHead       spec.Kind = "unused-head"

	// rows
	Unanswered    spec.Kind = "unanswered"
	NeverMet      spec.Kind = "never-met"
	AnsweredTwice spec.Kind = "answered-twice"
	RefusesOther  spec.Kind = "refuses-other" // refuses what is no command
	IgnoresOther  spec.Kind = "ignores-other" // ignores what is no world event, or in a state that is not final
	RowInFinal    spec.Kind = "row-in-final"
	ReadInFinal   spec.Kind = "read-in-final"
	DoAndFail     spec.Kind = "do-and-fail"
	FailNotFinal  spec.Kind = "fail-not-final"
	Silent        spec.Kind = "silent"       // a row without an action where somebody must be told
	OutOfOrder    spec.Kind = "out-of-order" // actions that hand something over in parts
	FailWithout   spec.Kind = "fail-without" // a failure without the close code or status that its place needs

	// graph
	Unreachable  spec.Kind = "unreachable"
	NeverEnds    spec.Kind = "never-ends"   // no final state can be reached
	EatsNothing  spec.Kind = "eats-nothing" // a cycle without input
	NotStored    spec.Kind = "not-stored"   // a field is used before anything was stored in it
	StoredInVain spec.Kind = "stored-in-vain"

	// heads
	HeadLine    spec.Kind = "head-line" // attributes that contradict one another
	MissingElse spec.Kind = "missing-else"
	IdleLine    spec.Kind = "idle-line"    // neither demands nor sends
	NotSent     spec.Kind = "not-sent"     // demanded of the peer, not sent by ourselves
	NotChecked  spec.Kind = "not-checked"  // sent, but not looked at when it comes
	MissingLine spec.Kind = "missing-line" // a part of the first line

	// constants and the whole
	MissingConstant spec.Kind = "missing-constant"
	WrongConstant   spec.Kind = "wrong-constant"
	MissingMachine  spec.Kind = "missing-machine"
	MissingInput    spec.Kind = "missing-input"
	MissingWait     spec.Kind = "missing-wait"
	UnusedWord      spec.Kind = "unused-word"
	UnusedBase      spec.Kind = "unused-base"
)

package spec

// Word is one entry of the vocabulary. Numbers count from 1 in the order of
// the file, per list (for states, events and actions: per machine); zero means
// "none" everywhere.
type Word struct {
	Name   string
	Means  string // one line for documentation
	Number int
	Pos    Pos
}

// Yielder is a word that adds verdicts to a read: a field, a limit, a coding
// or the shape of a close body.
type Yielder struct {
	Word
	Yields []string // names of events, in order
	Sets   string   // of a field: the one whose value it makes; "" for its own
	Uses   []string // of a limit that is asked: fields that the answer depends on
	Counts string   // of a limit that is asked: the action that it counts; "" if none
	Since  string   // of a limit that is watched: the action behind which it counts anew; "" if none
	At     Places   // yields.<event>, sets, uses.<field>, counts, since
}

// ReadKind says what a kind of read takes, yields and eats.
type ReadKind struct {
	Word
	Takes  string   // class, count, field, limit, head or coding
	Eats   string   // always, maybe or never: whether it can end on zero octets
	Yields []string // events besides those of its argument
	At     Places   // takes, eats, yields.<event>
}

// eats reports whether the read can eat octets.
func (r ReadKind) eats() bool { return r.Eats == EatsAlways || r.Eats == EatsMaybe }

// EventKind sorts events by where they come from.
type EventKind string

// The kinds of events. Only commands may be refused; world events may be
// ignored in final states; everything else needs a row.
const (
	KindClass   EventKind = "class"   // an octet, by a class table
	KindCheck   EventKind = "check"   // the verdict of a read
	KindWire    EventKind = "wire"    // a fact from another machine
	KindWorld   EventKind = "world"   // the transport or the clock
	KindCommand EventKind = "command" // the application
)

// EventWord is an event of one machine.
type EventWord struct {
	Word
	Kind EventKind
}

// ActionWord is an action of one machine.
type ActionWord struct {
	Word
	Spans bool     // a self-loop with it may eat a run of octets as one slice
	Uses  []string // fields that it works with
	When  []string // events that it can answer; none for any
	Tells string   // event of the connection machine that it brings about; "" if none
	At    Places   // uses.<field>, when.<event>, tells
}

// Failure is a way to break a rule.
type Failure struct {
	Word
	Code   int    // close code; 0 if none
	Status int    // HTTP status; 0 if none
	Fault  string // a fault of the vocabulary
	Cite   string
	At     Places // code, status, fault, cite
}

// MachineWords are the words of one machine.
type MachineWords struct {
	Word
	States  []Word
	Events  []EventWord
	Actions []ActionWord
}

// Vocabulary is every word that the spec files of one directory may use. A
// vocabulary without reads serves bare machines, whose states answer commands,
// wire and world events only.
type Vocabulary struct {
	Pos      Pos
	Format   string // version of the format, "1"
	Roles    []Word
	Faults   []Word
	Reads    []ReadKind
	Fields   []Yielder
	Limits   []Yielder
	Codings  []Yielder
	Closes   []Yielder
	Inputs   []Word
	Waits    []Word
	Forms    []Word
	Values   []Word
	Failures []Failure
	Machines []MachineWords
}

// Machine returns the words of a machine, and nil if there are none.
func (v *Vocabulary) Machine(name string) *MachineWords {
	for i := range v.Machines {
		if v.Machines[i].Name == name {
			return &v.Machines[i]
		}
	}
	return nil
}

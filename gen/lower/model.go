// Package lower turns a checked spec into numbers: the one form from which the
// Go tables, the JSON tables and the protocols loaded at run time are made, so
// that they cannot differ.
package lower

// FailBase is added to the number of a failure to make the action number of a
// row with `fail:`. Actions proper are numbered below it.
const FailBase = 128

// Modes of a reserved bit: nobody owns it, an extension owns it per message,
// an extension owns it per frame.
const (
	Unowned = iota
	PerMessage
	PerFrame
)

// HeadTables is the number of class tables that a class with RSV letters is
// expanded into: mode(RSV1) + 3*mode(RSV2) + 9*mode(RSV3).
const HeadTables = 27

// Cell is one entry of a table. The zero Cell refuses.
type Cell struct{ To, Do uint8 }

// Machine is a machine in numbers: states, events and actions as numbered by
// the vocabulary.
type Machine struct {
	Name       string
	StateWidth int      // power of two above the highest state number, at least 8
	EventWidth int      // likewise for events
	Rows       [][]Cell // [StateWidth][EventWidth]
	Initial    []uint8  // state by role number - 1
	Final      []bool   // by state
	Reads      []Read   // by state; Kind 0 if the state reads nothing
	Classes    []Class  // in the order of the file
	Heads      []Head
	Limits     []uint8   // limits watched at each octet
	Inputs     []uint8   // by state; nil unless the machine has inputs
	Waits      [][]uint8 // by state, then by role number - 1; nil likewise
	Spans      []bool    // by action number
}

// Read is what a state eats.
type Read struct {
	Kind    uint8   // number of the read kind
	Args    []uint8 // by role number - 1: class index, count, field, limit, head index or coding
	Field   uint8   // where it is stored; 0 if nowhere
	Through uint8   // field whose running XOR is applied; 0 if none
}

// Class is a class table for each role.
type Class struct {
	Name   string
	Owned  bool           // has RSV letters: Tables has HeadTables entries per role, else one
	Tables [][][256]uint8 // by role number - 1, then by RSV modes; event numbers, 0 for never
}

// Head is a list of head lines; the fields are those of spec.HeadLine with
// words turned into numbers.
type Head struct {
	Name  string
	Lines []HeadLine
}

// HeadLine is one line of a head.
type HeadLine struct {
	Name     string
	Count    int // -1 if not said
	Optional bool
	Fold     bool
	Is       string
	OneOf    []string
	Has      string
	AtLeast  string
	Send     string
	Form     uint8
	Equals   uint8
	From     uint8
	Else     uint8 // event of the handshake machine; 0 if none
}

// Protocol is one version in numbers.
type Protocol struct {
	Name            string
	Title           string
	WireVersion     int // -1 if the version has none
	RecogniseHeader string
	RecogniseValues []string
	CloseBody       uint8    // shape of the close body; 0 if there is no close frame
	CloseOwn        []string // what an own body begins with, by role number - 1; nil if nothing
	CloseReceived   [][2]uint16
	CloseSent       [][2]uint16
	TooBig          uint16
	Machines        []Machine // in the order of the vocabulary
}

package spec

import "fmt"

// Pos is a place in a spec file. Lines and columns count from 1, columns in
// characters.
type Pos struct {
	File   string
	Line   int
	Column int
}

// String is "file:line:column", and the file alone where the line is not
// known.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Places says where the parts of something stand, by key; a part of a part has
// a dotted key, such as "initial.server" or "refuse.close".
type Places map[string]Pos

// Of is the place of a part, and otherwise if the part has none.
func (p Places) Of(key string, otherwise Pos) Pos {
	if place, ok := p[key]; ok {
		return place
	}
	return otherwise
}

// Version is one flattened spec: the protocol that results from its file and
// the bases it extends.
type Version struct {
	Name        string
	Title       string // how people call it; the name if not said
	Abstract    bool   // a base: not emitted on its own
	Extends     []string
	Pos         Pos
	WireVersion string // decimal number on the wire; "" if the version has none
	Recognise   *Recognise
	Close       *Close
	TooBig      int        // close code of a message beyond the limit; 0 if none
	Confidence  string     // what is uncertain about the version, and why; "" if nothing is
	Machines    []*Machine // in the order of the vocabulary
	At          Places     // title, wire-version, too-big, extends.<base>, …
}

// Machine returns the machine with a name, and nil if the version has none.
func (v *Version) Machine(name string) *Machine {
	for _, m := range v.Machines {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Recognise says which request asks for this version.
type Recognise struct {
	Header string   // "" if any request is taken that no other version claims
	Values []string // any of them; none if the header alone tells the version
	Pos    Pos
	At     Places // header, value, value.<value>
}

// Close holds the rules for the body of a close frame.
type Close struct {
	Body           string            // a word of Vocabulary.Closes
	Own            map[string]string // what a body begins with that this end makes, by role; nil if nothing
	Received, Sent []Range           // codes; none if the version has no codes
	Pos            Pos
	At             Places // body, own, own.<role>, received, sent
}

// Range is an inclusive range of numbers.
type Range struct {
	First, Last int
	Pos         Pos
}

// Machine is one flattened machine. Maps keyed by role hold one entry for each
// role of the vocabulary, also where the file names a single value; a
// vocabulary without roles has the one role "".
type Machine struct {
	Name    string
	Pos     Pos
	From    string            // file that the machine comes from
	Initial map[string]string // state by role
	Limits  []string          // limits watched at each octet
	Classes []*Class
	Heads   []*Head
	When    []*Rule // rows that hold in every state able to meet their event
	States  []*State
	At      Places // initial, initial.<role>, limits.<limit>
}

// State returns the state with a name, and nil if the machine has none.
func (m *Machine) State(name string) *State {
	for _, s := range m.States {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// Class returns the class with a name, and nil if the machine has none.
func (m *Machine) Class(name string) *Class {
	for _, c := range m.Classes {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Head returns the head with a name, and nil if the machine has none.
func (m *Machine) Head(name string) *Head {
	for _, h := range m.Heads {
		if h.Name == name {
			return h
		}
	}
	return nil
}

// Class is a class table before RSV bits are assigned.
type Class struct {
	Name  string
	Pos   Pos
	Roles map[string]*ClassTable // by role; the same table for each role if the file makes no difference
}

// ClassTable sorts all 256 octets into events.
type ClassTable struct {
	Pos       Pos
	Entries   []*ClassEntry
	Otherwise string // event of what is left over; "never" if the stage below cannot deliver it; "" if nothing is left
	At        Places // otherwise
}

// ClassEntry is one event of a class table with its patterns.
type ClassEntry struct {
	Event    string
	Patterns []Pattern
	Pos      Pos
}

// Pattern is one word of a class entry: a bit pattern ("x.mmm.0001"), an octet
// or a range of octets ("A-Z", "0x23-0x27").
type Pattern struct {
	Text string
	Pos  Pos
}

// Head is a list of rules for an HTTP head.
type Head struct {
	Name  string // request, response, …
	Pos   Pos
	Lines []*HeadLine
}

// HeadLine is one header field or, with a leading colon, one part of the first
// line: what is required of it and what is sent.
type HeadLine struct {
	Name     string
	Pos      Pos
	Count    int      // exact number of occurrences, at most that many if Optional; -1 if not said
	Optional bool     // may be absent
	Is       string   // the value must equal this literal
	OneOf    []string // the value must equal one of these literals
	Has      string   // the value must be a list with this token, compared without case
	AtLeast  string   // the value must be this decimal version or a later one with the same major number
	Fold     bool     // Is is compared without case
	Form     string   // a word of Vocabulary.Forms that the value must satisfy
	Equals   string   // a word of Vocabulary.Values that the value must equal
	Send     string   // the literal that is sent
	From     string   // a word of Vocabulary.Values that is sent
	Else     string   // event of the handshake machine where the line does not hold
	At       Places   // by attribute
}

// State is one state of a machine.
type State struct {
	Name    string
	Pos     Pos
	Final   bool
	Read    *Read
	Through string            // field whose running XOR octets pass before they are classified; "" if none
	Input   string            // connection: which stage is fed
	Waits   map[string]string // connection: what the caller waits for, by role; nil if nothing
	When    []*Rule           // own rows, in the order of the file
	Refuse  []string
	Ignore  []string
	At      Places // final, through, input, waits, waits.<role>, refuse.<event>, ignore.<event>
}

// Read is what a state eats.
type Read struct {
	Kind     string            // a word of Vocabulary.Reads
	Argument map[string]string // by role: class name, count, field, limit, head or coding
	As       string            // field that stores it; "" if none
	Pos      Pos
	At       Places // kind, argument, argument.<role>, as
}

// Rule is one transition.
type Rule struct {
	Event   string
	To      string
	Do      string // action word; "" if none
	Fail    string // failure; "" if none. A rule has at most one of Do and Fail
	Cite    string
	Doubt   string // why the row is uncertain (key confidence); "" if it is not
	Pos     Pos
	At      Places // to, do, fail, cite
	From    string // file that the rule comes from: differs from the version's own where it was inherited
	Changed bool   // replaced or added on top of a base: marked in the documentation
}

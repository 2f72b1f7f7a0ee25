package conformance

import "github.com/wsfsm/wsfsm/states"

// FormatVersion is the version of the case format that this package reads and
// writes: the value of a case's first line.
const FormatVersion = 1

// Case is one case file, as parsed.
type Case struct {
	ID           string // path without the extension, as in "rfc6455/frame/text-masked"
	File         string // file that it was read from, for messages
	Title        string // what must hold, in one line
	Role         states.Role
	Version      string   // protocol version, as in "rfc6455"
	Also         []string // further versions for which it holds as it stands
	Section      string   // where the rule stands, as in "RFC 6455 §5.2"
	Requirements []string // identifiers of what it shows, as in "R6455-5.2-01"
	Options      []Option
	Rand         Octets // repeated without end: what Options.Rand yields
	// HandshakeInCase: the steps begin before the opening handshake. Otherwise
	// those of Opening are played first.
	HandshakeInCase bool
	// AsWritten: the input must not be cut at other places, as the order of
	// input and end of stream would change.
	AsWritten bool
	Remarks   []string // comment lines above the steps, without the number sign
	Steps     []Step
	Opening   *Case // the version's standard handshake; nil if HandshakeInCase
}

// Option is one setting of the endpoint, as written in the case.
type Option struct{ Name, Value string }

// StepKind is the kind of a step.
type StepKind uint8

// The kinds of steps.
const (
	Input   StepKind = iota + 1 // octets that the driver receives
	Output                      // octets that the driver must want to send next
	Answer                      // an HTTP response that the driver must want to send
	Command                     // what the application does
	Event                       // what the driver must report next
	Getter                      // what a getter must answer
)

// Step is one line of a case. Its words stand in the order of the line.
type Step struct {
	Line   int
	Kind   StepKind
	Verb   string   // command, event or getter
	Args   []string // words behind the verb
	Fields []Field  // header fields
	Octets Octets   // payload, reason, body or header value
	Fails  []string // Command: the error expected and its details; nil if none
	Remark string   // comment behind the step
}

// Field is a header field of a step.
type Field struct{ Name, Value string }

// expects reports whether the step can fail on a driver that does nothing.
func (s *Step) expects() bool {
	return s.Kind != Input && (s.Kind != Command || s.Fails != nil)
}

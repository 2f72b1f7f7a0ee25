package fuzz

import (
	"errors"
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// record is what came of a program.
type record struct {
	steps    []step
	received []byte // octets that the driver was given, from its opening on
	open     bool   // EventOpen came
	openAt   int    // octets of received before it
	readTo   int    // octets of received read when Expire was called, or Close in hixie-75; -1 if it was not
	blocked  bool   // output was full at some time
	hasty    bool   // the transport ended while input was pending
	torn     bool   // commands that waited for the connection to open were forgotten
	detached bool
	version  string // that was spoken at the end
	request  *wsfsm.Request
	response *wsfsm.Response
}

// step is what came of one operation or of input that was handed over.
type step struct {
	index  int // of the operation; -1 for input and for the end
	op     Op  // of kind OpLiteral for input
	input  []byte
	events []event
	sent   []byte // octets taken off the output
	err    error  // of a command
	stands states.ConnectionState
}

// event is a driver's event, with a message's pieces put together. Fields that
// the kind does not have are zero.
type event struct {
	kind      string // as of wsfsm.EventKind; text or binary for a message
	data      string
	number    int // close code, status or ping
	violation states.Violation
	at        int    // octets before the one that broke the rule, as in record.received
	clean     bool   // of closed
	cause     string // of closed
}

// String writes the event for a reader.
func (e event) String() string {
	s := fmt.Sprintf("%s %d %.60q", e.kind, e.number, e.data)
	if e.violation != 0 {
		s += fmt.Sprintf(" %s at %d", e.violation.String(), e.at)
	}
	if e.kind == wsfsm.EventClosed.String() {
		s += fmt.Sprintf(" clean %v, %s", e.clean, e.cause)
	}
	return s
}

// errReset is the cause of an OpEOF with Reset.
var errReset = errors.New("fuzz: connection reset")

// newEvent makes the record of an event, other than a message, and of the driver's
// error.
func newEvent(e wsfsm.Event, failure error) (event, error) {
	r := event{kind: e.Kind.String(), data: string(e.Data)}
	switch e.Kind {
	case wsfsm.EventPong:
		r.number = int(e.Ping())
	case wsfsm.EventError:
		var broken *wsfsm.Error
		if !errors.As(failure, &broken) || !errors.Is(failure, broken.Violation) {
			return r, fmt.Errorf("EventError without a violation: %w", failure)
		}
		r.violation, r.at = broken.Violation, int(broken.Offset)
		if r.number = int(broken.Code); r.number == 0 {
			r.number = broken.Status
		}
	case wsfsm.EventClosed:
		r.number, r.clean = int(e.Code()), e.Clean()
		if e.Clean() {
			return r, nil
		}
		if failure == nil {
			return r, errors.New("EventClosed is unclean without a cause")
		}
		r.cause = failure.Error()
	}
	return r, nil
}

// events returns the events of all steps.
func (r *record) events() (all []event) {
	for i := range r.steps {
		all = append(all, r.steps[i].events...)
	}
	return all
}

// sent returns the octets taken off the output, from the driver's opening on,
// and those of the opening handshake before them.
func (r *record) sent(s side) (head, frames []byte) {
	all := r.allSent()
	if r.openAt == 0 && r.open {
		return nil, all
	}
	if end := strings.Index(string(all), "\r\n\r\n"); r.open && end >= 0 {
		end = min(end+4+s.behindHead(), len(all))
		return all[:end], all[end:]
	}
	return all, nil
}

// allSent returns all octets taken off the output.
func (r *record) allSent() (all []byte) {
	for i := range r.steps {
		all = append(all, r.steps[i].sent...)
	}
	return all
}

// refused returns the operations that were refused, by index.
func (r *record) refused() map[int]bool {
	refused := map[int]bool{}
	for i := range r.steps {
		if s := &r.steps[i]; s.err != nil && s.index >= 0 {
			refused[s.index] = true
		}
	}
	return refused
}

package wsfsm

import (
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm/states"
)

// Sentinels of local errors. A call that returns one of them has changed nothing.
var (
	// ErrRefused: the command is not allowed in this state; see RefusedError.
	ErrRefused = errors.New("wsfsm: command refused")
	// ErrUnsupported: the version has no such thing, such as a ping in hixie-76,
	// whatever the state; see Protocol.HasBinary and its like. It comes with
	// ErrRefused.
	ErrUnsupported = errors.New("wsfsm: not supported by the version")
	// ErrInputPending: Receive was called before Next had consumed the last input.
	ErrInputPending = errors.New("wsfsm: input is still pending")
	// ErrOutputFull: unsent output has reached Options.MaxOutput.
	ErrOutputFull = errors.New("wsfsm: output is full")
	// ErrInvalidText: a text message to be sent is not UTF-8.
	ErrInvalidText = errors.New("wsfsm: text is not valid UTF-8")
	// ErrControlTooLong: the payload of a control frame exceeds 125 octets
	// (123 for the reason of a close frame).
	ErrControlTooLong = errors.New("wsfsm: control payload too long")
	// ErrTooManyPings: MaxPings pings are waiting for their pongs.
	ErrTooManyPings = errors.New("wsfsm: too many pings outstanding")
	// ErrCloseCode: the close code may not be sent in this version.
	ErrCloseCode = errors.New("wsfsm: close code may not be sent")
	// ErrMasked: Lend on a client, which must mask what it sends.
	ErrMasked = errors.New("wsfsm: a client cannot lend payloads")
	// ErrTimeout is the cause of an end by Expire.
	ErrTimeout = errors.New("wsfsm: timeout")
	// ErrEndOfStream is the cause of an end by ReceiveEOF(nil) before the
	// closing handshake was complete.
	ErrEndOfStream = errors.New("wsfsm: unexpected end of stream")
)

// Error reports a broken rule. errors.Is finds its Violation, as in
// errors.Is(err, states.InvalidText), and its Cause.
type Error struct {
	Violation states.Violation
	Code      CloseCode // sent to the peer, if a close frame still could be; 0 if the rule has none
	Status    int       // HTTP status of the refusal; 0 if none. A client: of the server's response
	Machine   states.Machine
	State     string // state of Machine in which the rule was broken
	// Offset is the number of octets received on the connection before the one that
	// broke the rule; for what an extension has decoded, before the masking key, or
	// the payload, of the frame.
	Offset int64
	Detail string // more for a reader; no payload, no credentials. May be empty
	Cause  error  // what an extension, or its part of the handshake, says; nil if nothing
	reason string // of the close frame
}

// because notes the cause of an error, if there is one.
func (e *Error) because(cause error) {
	if cause != nil {
		e.Cause, e.Detail = cause, cause.Error()
	}
}

// Error implements error.
func (e *Error) Error() string {
	s := fmt.Sprintf("wsfsm: %s (%s, %s %s, offset %d)", e.Violation.Meaning(), e.Violation.Citation(), e.Machine, e.State, e.Offset)
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// Unwrap returns the violation, and the cause if there is one.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Violation}
	}
	return []error{e.Violation, e.Cause}
}

// RefusedError names the command that was refused, and by which machine in
// which state. It wraps ErrRefused and, if the version has no such command,
// ErrUnsupported.
type RefusedError struct {
	Command     string
	Machine     states.Machine
	State       string // "" if the version has no such command
	Unsupported bool
}

func unsupported(command string) error {
	return &RefusedError{Command: command, Unsupported: true}
}

// Error implements error.
func (e *RefusedError) Error() string {
	if e.Unsupported {
		return fmt.Sprintf("wsfsm: %s refused: the version has no such thing", e.Command)
	}
	return fmt.Sprintf("wsfsm: %s refused: the %s is %s", e.Command, e.Machine, e.State)
}

// Unwrap returns ErrRefused, and ErrUnsupported where it holds.
func (e *RefusedError) Unwrap() []error {
	if e.Unsupported {
		return []error{ErrRefused, ErrUnsupported}
	}
	return []error{ErrRefused}
}

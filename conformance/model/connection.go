package model

// State is how far an endpoint is with its closing.
type State string

// The states of a connection after the opening handshake (RFC 6455 §7.1).
const (
	// StateOpen: neither side has sent a close frame.
	StateOpen State = "open"
	// StateCloseSent: an own close was sent, the peer's is awaited. Not in 75.
	StateCloseSent State = "close-sent"
	// StateCloseBoth: close frames went both ways, the transport is still there.
	// Not in 75.
	StateCloseBoth State = "close-both"
	// StateEnding: the application closed a connection of 75, which has no close
	// frames; the transport is still there.
	StateEnding State = "ending"
	// StateFailed: the peer broke a rule, what it sends is discarded, the
	// transport is still there.
	StateFailed State = "failed"
	// StateClosed: the closed event was given; nothing happens any more.
	StateClosed State = "closed"
)

// StepKind is what happens in a [Step].
type StepKind string

// The steps: octets from the peer, the five commands of the application, and
// the ways in which a connection or the waiting for its end is over: the peer
// ended the transport in order, the transport broke, nothing came in time, the
// own side ended the transport.
const (
	StepReceive     StepKind = "receive"
	StepText        StepKind = "send-text"
	StepBinary      StepKind = "send-binary"
	StepPing        StepKind = "send-ping"
	StepPong        StepKind = "send-pong"
	StepClose       StepKind = "send-close"
	StepEndOfStream StepKind = "end-of-stream"
	StepBroken      StepKind = "broken"
	StepTimeout     StepKind = "timeout"
	StepHungUp      StepKind = "hung-up"
)

// Step is one thing that happens to an endpoint.
type Step struct {
	Kind StepKind
	// Data is the octets received, the payload of a command, or the reason of
	// send-close.
	Data string
	// Code is the code of send-close; 0 with an empty reason closes without code.
	// Before hybi-06 there are no codes: 0 and 1000, without reason, are the same.
	Code uint16
}

// Event is what the application is told.
type Event struct {
	// Kind is text, binary, ping, pong, close, error or closed.
	Kind Kind
	// Data is the payload, or the reason of the close received (close, closed).
	Data string
	// Code is the code received (close), the code of the violation (error; 0
	// before hybi-06), or the code of the connection (closed; §7.1.5).
	Code uint16
	// Violation is the rule broken, in an error only.
	Violation Violation
	// Clean tells, in a closed event, that close frames went both ways (§7.1.4);
	// in 75, that the transport was ended in order without a violation.
	Clean bool
}

// Reaction is what an endpoint does in one step.
type Reaction struct {
	// Events are in the order in which they are reported.
	Events []Event
	// Sent are the frames to be sent, all without key. A server sends exactly
	// Encode(Sent...); a client of hybi-04 and later masks each of them with a key
	// of its own (§5.3), earlier ones send it as well.
	Sent []Frame
	// Refused tells that the step was a command that is not allowed. Nothing
	// else happened then.
	Refused bool
	// State is the state after the step.
	State State
}

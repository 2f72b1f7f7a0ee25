package model

import "strings"

// State is how far an endpoint is with its closing.
type State string

// The states of a connection after the opening handshake (RFC 6455 §7.1).
const (
	// StateOpen: neither side has sent a close frame.
	StateOpen State = "open"
	// StateCloseSent: an own close was sent, the peer's is awaited.
	StateCloseSent State = "close-sent"
	// StateCloseBoth: close frames went both ways, the transport is still there.
	StateCloseBoth State = "close-both"
	// StateFailed: the peer broke a rule, what it sends is discarded, the
	// transport is still there.
	StateFailed State = "failed"
	// StateClosed: the closed event was given; nothing happens any more.
	StateClosed State = "closed"
)

// StepKind is what happens in a [Step].
type StepKind string

// The steps: octets from the peer, the five commands of the application, and
// the three ways in which waiting ends.
const (
	StepReceive     StepKind = "receive"
	StepText        StepKind = "send-text"
	StepBinary      StepKind = "send-binary"
	StepPing        StepKind = "send-ping"
	StepPong        StepKind = "send-pong"
	StepClose       StepKind = "send-close"
	StepEndOfStream StepKind = "end-of-stream"
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
	Code uint16
}

// Event is what the application is told.
type Event struct {
	// Kind is text, binary, ping, pong, close, error or closed.
	Kind Kind
	// Data is the payload, or the reason of the close received (close, closed).
	Data string
	// Code is the code received (close), the code of the violation (error), or
	// the code of the connection (closed; §7.1.5).
	Code uint16
	// Violation is the rule broken, in an error only.
	Violation Violation
	// Clean tells, in a closed event, that close frames went both ways (§7.1.4).
	Clean bool
}

// Reaction is what an endpoint does in one step.
type Reaction struct {
	// Events are in the order in which they are reported.
	Events []Event
	// Sent are the frames to be sent, all without key. A server sends exactly
	// Encode(Sent...); a client masks each of them with a key of its own (§5.3).
	Sent []Frame
	// Refused tells that the step was a command that is not allowed. Nothing
	// else happened then.
	Refused bool
	// State is the state after the step.
	State State
}

// Run plays script on an endpoint whose connection is open and returns one
// reaction for each step. It panics on an undefined step, role or framing.
//
// Each received ping is answered with a pong of its own; an endpoint may leave
// out all but the last of several pings that wait (§5.5.3). All that is sent is
// taken to leave at once. After the own close frame nothing is sent: pings are
// then reported and not answered; messages are delivered until the peer's close.
// The answer to a close repeats its code and reason. A timeout counts only
// while the end of the connection is awaited.
func Run(p Params, script []Step) []Reaction {
	var stream strings.Builder
	for _, s := range script {
		if s.Kind == StepReceive {
			stream.WriteString(s.Data)
		}
	}
	// What octets mean does not depend on what the endpoint does meanwhile, so
	// they are all read at once and reported as they arrive.
	c := &connection{decoded: Decode(p, []byte(stream.String())), state: StateOpen, code: 1006}
	var reactions []Reaction
	for _, s := range script {
		c.now = Reaction{}
		c.step(s)
		c.now.State = c.state
		reactions = append(reactions, c.now)
	}
	return reactions
}

// connection is one endpoint in the middle of a script.
type connection struct {
	decoded  Decoded
	reported int // outcomes reported
	received int // octets received
	state    State
	code     uint16 // of the connection
	reason   string
	now      Reaction
}

func (c *connection) step(s Step) {
	switch s.Kind {
	case StepReceive:
		c.receive(len(s.Data))
	case StepText, StepBinary, StepPing, StepPong, StepClose:
		c.command(s)
	case StepEndOfStream, StepHungUp:
		c.end()
	case StepTimeout:
		if c.state != StateOpen {
			c.end()
		}
	default:
		panic("model: undefined step: " + string(s.Kind))
	}
}

// receive takes n more octets and reports what they complete.
func (c *connection) receive(n int) {
	if c.state == StateClosed {
		return
	}
	c.received += n
	for c.reported < len(c.decoded.Outcomes) {
		o := c.decoded.Outcomes[c.reported]
		if o.End > c.received {
			return
		}
		c.reported++
		c.report(o)
	}
	if c.decoded.Violation != "" && c.decoded.Consumed <= c.received && c.state != StateFailed {
		c.violation(c.decoded.Violation)
	}
}

// report tells of o and answers it.
func (c *connection) report(o Outcome) {
	c.now.Events = append(c.now.Events, Event{Kind: o.Kind, Data: o.Data, Code: o.Code})
	switch o.Kind {
	case KindPing:
		if c.state == StateOpen {
			c.send(Frame{Fin: true, Opcode: OpPong, Payload: o.Data})
		}
	case KindClose:
		if c.state == StateOpen {
			c.send(CloseFrame(o.Code, o.Data))
		}
		c.state = StateCloseBoth
		c.code = o.Code
		c.reason = o.Data
	}
}

// violation fails the connection (§7.1.7).
func (c *connection) violation(v Violation) {
	c.now.Events = append(c.now.Events, Event{Kind: KindError, Code: v.CloseCode(), Violation: v})
	if c.state == StateOpen {
		c.send(CloseFrame(v.CloseCode(), ""))
	}
	c.state = StateFailed
}

// end closes the connection. A close received was answered, or was the answer
// itself, so the state alone tells whether both went.
func (c *connection) end() {
	if c.state == StateClosed {
		return
	}
	clean := c.state == StateCloseBoth
	c.now.Events = append(c.now.Events, Event{Kind: KindClosed, Data: c.reason, Code: c.code, Clean: clean})
	c.state = StateClosed
}

// command sends what the application asks for, or refuses it.
func (c *connection) command(s Step) {
	if c.state != StateOpen || !allowed(s) {
		c.now.Refused = true
		return
	}
	switch s.Kind {
	case StepText:
		c.send(MessageFrames(KindText, s.Data)...)
	case StepBinary:
		c.send(MessageFrames(KindBinary, s.Data)...)
	case StepPing:
		c.send(Frame{Fin: true, Opcode: OpPing, Payload: s.Data})
	case StepPong:
		c.send(Frame{Fin: true, Opcode: OpPong, Payload: s.Data})
	case StepClose:
		if s.Code == 0 {
			c.send(CloseFrame(1005, ""))
		} else {
			c.send(CloseFrame(s.Code, s.Data))
		}
		c.state = StateCloseSent
	}
}

func (c *connection) send(frames ...Frame) {
	c.now.Sent = append(c.now.Sent, frames...)
}

// allowed tells whether the arguments of a command make a lawful frame: text
// and reasons are UTF-8, the body of a control frame has at most 125 bytes.
func allowed(s Step) bool {
	switch s.Kind {
	case StepText:
		return ValidUTF8(s.Data)
	case StepPing, StepPong:
		return len(s.Data) <= 125
	case StepClose:
		if s.Code == 0 {
			return s.Data == ""
		}
		return CloseCodeValidSent(s.Code) && len(s.Data) <= 123 && ValidUTF8(s.Data)
	}
	return true
}

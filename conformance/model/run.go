package model

import "strings"

// Run plays script on an endpoint whose connection is open and returns one
// reaction for each step. It panics on an undefined step, role or version.
//
// Each received ping is answered with a pong of its own; an endpoint may leave
// out all but the last of several pings that wait (§5.5.3). All that is sent is
// taken to leave at once. After the own close frame nothing is sent: pings are
// then reported and not answered; messages are delivered until the peer's close.
// The answer to a close repeats its body, octet for octet. A timeout counts only
// while the end of the connection is awaited.
func (p Params) Run(script []Step) []Reaction {
	var stream strings.Builder
	for _, s := range script {
		if s.Kind == StepReceive {
			stream.WriteString(s.Data)
		}
	}
	// What octets mean does not depend on what the endpoint does meanwhile, so
	// they are all read at once and reported as they arrive.
	c := &connection{params: p, decoded: p.Decode([]byte(stream.String())), code: 1006}
	var reactions []Reaction
	for _, s := range script {
		c.now = Reaction{}
		c.step(s)
		reactions = append(reactions, Reaction{Events: c.now.Events, Sent: c.now.Sent, Refused: c.now.Refused, State: c.state()})
	}
	return reactions
}

// Run is [Params.Run].
func Run(p Params, script []Step) []Reaction {
	return p.Run(script)
}

// Awaits returns what ends the connection next if all goes well: hung-up if the
// own side has to end the transport, end-of-stream if the peer has to, receive if
// a close frame comes first. It is empty while nothing is awaited. After both
// close frames the server ends the transport and the client waits for that
// (§7.1.1); where there are none to wait for, or after a violation, the own side
// does.
func (p Params) Awaits(s State) StepKind {
	p.mustRead()
	switch s {
	case StateCloseSent:
		return StepReceive
	case StateCloseBoth:
		if p.Role == Client {
			return StepEndOfStream
		}
		return StepHungUp
	case StateEnding, StateFailed:
		return StepHungUp
	}
	return ""
}

// connection is one endpoint in the middle of a script: what has happened to it.
type connection struct {
	params    Params
	decoded   Decoded
	reported  int    // outcomes reported
	received  int    // octets received
	sentClose bool   // the own close, which is the end of the transport in 75
	gotClose  bool   // the peer's close, which is answered at once
	broken    bool   // the peer broke a rule
	ended     bool   // the closed event was given
	code      uint16 // of the connection
	reason    string
	now       Reaction
}

// state tells how far the closing is by what has happened.
func (c *connection) state() State {
	switch {
	case c.ended:
		return StateClosed
	case c.broken:
		return StateFailed
	case c.gotClose:
		return StateCloseBoth
	case c.sentClose && c.params.draft() == hixie75:
		return StateEnding
	case c.sentClose:
		return StateCloseSent
	}
	return StateOpen
}

func (c *connection) step(s Step) {
	switch s.Kind {
	case StepReceive:
		c.receive(len(s.Data))
	case StepText, StepBinary, StepPing, StepPong, StepClose:
		c.command(s)
	case StepEndOfStream, StepHungUp:
		c.end(true)
	case StepBroken:
		c.end(false)
	case StepTimeout:
		if c.state() != StateOpen {
			c.end(false)
		}
	default:
		panic("model: undefined step: " + string(s.Kind))
	}
}

// receive takes n more octets and reports what they complete.
func (c *connection) receive(n int) {
	if c.state() == StateEnding || c.state() == StateClosed {
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
	if c.decoded.Violation != "" && c.decoded.Consumed <= c.received && !c.broken {
		c.violation(c.decoded.Violation)
	}
}

// report tells of o and answers it.
func (c *connection) report(o Outcome) {
	c.now.Events = append(c.now.Events, Event{Kind: o.Kind, Data: o.Data, Code: o.Code})
	switch o.Kind {
	case KindPing:
		if c.state() == StateOpen {
			c.send(Frame{Fin: true, Opcode: c.params.Opcode(KindPong), Payload: o.Data})
		}
	case KindClose:
		if c.state() == StateOpen {
			c.send(Frame{Fin: true, Opcode: c.params.Opcode(KindClose), Payload: c.decoded.CloseBody})
		}
		c.gotClose = true
		c.code = o.Code
		c.reason = o.Data
	}
}

// violation fails the connection (§7.1.7). Without codes no close frame could
// say so, and none is sent.
func (c *connection) violation(v Violation) {
	code := c.params.CloseCode(v)
	c.now.Events = append(c.now.Events, Event{Kind: KindError, Code: code, Violation: v})
	if c.state() == StateOpen && c.params.draft().hasCodes() {
		c.send(c.params.CloseFrame(code, ""))
	}
	c.broken = true
}

// end closes the connection; orderly tells whether a side ended the transport,
// rather than that it broke or that somebody lost patience. A close received was
// answered, or was the answer itself, so the state alone tells whether both went.
func (c *connection) end(orderly bool) {
	if c.ended {
		return
	}
	clean := c.state() == StateCloseBoth || c.state() == StateEnding
	if c.params.draft() == hixie75 {
		// The end of the transport is the only way to close.
		clean = clean || c.state() == StateOpen && orderly
		if clean {
			c.code = 1005
		}
	}
	c.now.Events = append(c.now.Events, Event{Kind: KindClosed, Data: c.reason, Code: c.code, Clean: clean})
	c.ended = true
}

// command sends what the application asks for, or refuses it.
func (c *connection) command(s Step) {
	if c.state() != StateOpen || !c.params.allowed(s) {
		c.now.Refused = true
		return
	}
	switch s.Kind {
	case StepText:
		c.send(c.params.MessageFrames(KindText, s.Data)...)
	case StepBinary:
		c.send(c.params.MessageFrames(KindBinary, s.Data)...)
	case StepPing:
		c.send(Frame{Fin: true, Opcode: c.params.Opcode(KindPing), Payload: s.Data})
	case StepPong:
		c.send(Frame{Fin: true, Opcode: c.params.Opcode(KindPong), Payload: s.Data})
	case StepClose:
		c.close(s)
	}
}

// close begins to close.
func (c *connection) close(s Step) {
	c.sentClose = true
	if c.params.draft() == hixie75 {
		return
	}
	code := s.Code
	if code == 0 {
		code = 1005
	}
	c.send(c.params.CloseFrame(code, s.Data))
}

func (c *connection) send(frames ...Frame) {
	c.now.Sent = append(c.now.Sent, frames...)
}

// allowed tells whether the version has what a command asks for, and whether its
// arguments make a lawful frame: text and reasons are UTF-8, the body of a
// control frame has at most 125 bytes.
func (p Params) allowed(s Step) bool {
	d := p.draft()
	switch s.Kind {
	case StepText:
		return ValidUTF8(s.Data)
	case StepBinary:
		return d.hasOpcodes()
	case StepPing, StepPong:
		return d.hasOpcodes() && len(s.Data) <= 125
	}
	if s.Code == 0 {
		return s.Data == ""
	}
	if !d.hasCodes() {
		return s.Code == 1000 && s.Data == ""
	}
	return p.CloseCodeAllowed(s.Code) && len(s.Data) <= 123 && ValidUTF8(s.Data)
}

// Package model is the independent model of RFC 6455: it says what a stream of
// octets means, which octets a message becomes, and how a connection closes,
// so that tests, properties and fuzzing have something to compare the state
// machines with.
//
// It is written from the RFC and shares nothing with what it judges: no
// tables, no state machine, no import from this module. It is slow and means
// to be obvious.
//
//   - [Decode] reads a stream after the opening handshake.
//   - [Encode], [MessageFrames] and [CloseFrame] write one; [SplitFrames] takes
//     written octets apart without judging them.
//   - [Run] plays a script of steps on one endpoint.
//   - [CheckRequest], [CheckResponse] and [AcceptKey] judge an opening handshake.
//   - [ScanUTF8], [CloseCodeValidReceived] and [CloseCodeValidSent] are the
//     single rules under them.
//
// Payloads are strings, so that every result can be compared with ==.
package model

// Role is the side of the connection that reads the stream.
type Role string

// The two roles. A server expects masked frames, a client plain ones
// (RFC 6455 §5.1).
const (
	Server Role = "server"
	Client Role = "client"
)

// Framing is a generation of framing. A further generation is a further
// constant here and a file of its own.
type Framing int

// MaskBit is the framing of RFC 6455 §5.2 and of the drafts from hybi-07 on:
// a mask bit in the second octet, the masking key after the length. The zero
// Framing means this one.
const MaskBit Framing = 0

// Params are what a stream is judged by.
type Params struct {
	// Framing is the generation of framing; the zero value is RFC 6455's.
	Framing Framing
	// Role is the side that reads.
	Role Role
	// Limit is the greatest accepted size of a whole message in bytes,
	// inclusive. Zero accepts empty messages only. Control frames do not count
	// against it.
	Limit uint64
}

// Kind is what an [Outcome] or an [Event] reports.
type Kind string

// The kinds. The last two occur in events only.
const (
	KindText   Kind = "text"
	KindBinary Kind = "binary"
	KindPing   Kind = "ping"
	KindPong   Kind = "pong"
	KindClose  Kind = "close"
	KindError  Kind = "error"
	KindClosed Kind = "closed"
)

// Outcome is one thing that a stream said: a whole message or a control frame.
type Outcome struct {
	// Kind is text, binary, ping, pong or close.
	Kind Kind
	// Data is the unmasked payload of a message, ping or pong, and the reason
	// of a close.
	Data string
	// Code is the code of a close, 1005 when its body was empty; otherwise 0.
	Code uint16
	// End is the number of octets of the stream up to the end of the frame that
	// completed the outcome.
	End int
}

// Decoded is what a stream said as far as it goes.
type Decoded struct {
	// Outcomes are in the order in which the stream completed them.
	Outcomes []Outcome
	// Violation is the rule that the stream broke, empty if none.
	Violation Violation
	// Consumed counts the octets used: those of whole frames, or, after a
	// violation, those up to the octet that made it certain, inclusive. What
	// follows a close frame or a violation is never used.
	Consumed int
	// InFrame tells whether the stream ends inside a frame, whose octets from
	// Consumed on are then pending. False after a violation.
	InFrame bool
	// InMessage tells whether the stream ends inside a message: the length of
	// its first frame has been read and accepted, its end has not been reached.
	// False after a violation and after a close.
	InMessage bool
}

// Decode reads stream, which starts right after the opening handshake, until a
// close frame, a violation or its end. The same octets give the same result in
// any number of pieces, so the stream is taken whole. Neither time nor memory
// exceed a fixed multiple of len(stream), whatever lengths it announces; the
// stream is not kept. An undefined role or framing panics, since it is a mistake
// of the test that asks.
func Decode(p Params, stream []byte) Decoded {
	if p.Role != Server && p.Role != Client {
		panic("model: undefined role: " + string(p.Role))
	}
	switch p.Framing {
	case MaskBit:
		return decodeMaskBit(p, stream)
	}
	panic("model: undefined framing")
}

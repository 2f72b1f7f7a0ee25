// Package model is the independent model of the 20 versions of the protocol,
// from hixie-75 to RFC 6455: it says what a stream of octets means, which octets
// a message becomes, how a connection opens and how it closes, so that tests,
// properties and fuzzing have something to compare the state machines with.
//
// It is written from the drafts and the RFC and shares nothing with what it
// judges: no tables, no state machine, no import from this module. It is slow
// and means to be obvious.
//
// [New] gives the model of one version and role. Its methods:
//
//   - [Params.Decode] reads a stream after the opening handshake.
//   - [Params.Encode], [Params.MessageFrames] and [Params.CloseFrame] write one;
//     [Params.SplitFrames] takes written octets apart without judging them.
//   - [Params.Run] plays a script of steps on one endpoint.
//   - [Params.OpeningRequest] and [Params.OpeningAnswer] say what the two sides
//     send to open a connection, [Params.CheckAnswer] judges an answer.
//   - [Params.CloseCode], [Params.CloseCodeAllowed] and [Params.Awaits] are
//     single rules of closing.
//
// [Judge] picks the version that a request asks for and judges the request.
// [ScanUTF8], [ReplaceUTF8], [AcceptKey], [ConnectionKey] and [Digest] are the
// rules that depend on no version. Functions of the same names as methods, and
// [CheckRequest], [CheckResponse], speak of RFC 6455.
//
// Payloads are strings, so that every result can be compared with ==.
package model

// Role is the side of the connection that reads the stream.
type Role string

// The two roles.
const (
	Server Role = "server"
	Client Role = "client"
)

// Params are what a stream is judged by: one side of a connection.
type Params struct {
	// Version is one of [Versions]; empty means rfc6455.
	Version string
	// Role is the side that reads the stream, or that plays the script.
	Role Role
	// Limit is the greatest accepted size of a whole message in bytes,
	// inclusive, counted after bad text has been replaced. Zero accepts empty
	// messages only. Control frames do not count against it; frames of 75 and 76
	// that are skipped by their length do, each for itself.
	Limit uint64
	// ConnectionKey is what [ConnectionKey] returns for the handshake; hybi-04
	// only.
	ConnectionKey [20]byte
}

// New returns the model of one side of a connection of version, with a limit of
// 64 MiB less one byte. An undefined version or role panics, here and wherever
// Params are used, since it is a mistake of the test that asks.
func New(version string, role Role) Params {
	p := Params{Version: version, Role: role, Limit: 64<<20 - 1}
	p.mustRead()
	return p
}

// mustRead panics unless p can read a stream.
func (p Params) mustRead() {
	p.draft()
	if p.Role != Server && p.Role != Client {
		panic("model: undefined role: " + string(p.Role))
	}
}

// Kind is what an [Outcome] or an [Event] reports, or what a frame is for.
type Kind string

// The kinds. Error and closed occur in events only; continuation and the empty
// Kind, which means that a number is reserved, in none.
const (
	KindText         Kind = "text"
	KindBinary       Kind = "binary"
	KindPing         Kind = "ping"
	KindPong         Kind = "pong"
	KindClose        Kind = "close"
	KindError        Kind = "error"
	KindClosed       Kind = "closed"
	KindContinuation Kind = "continuation"
)

// Outcome is one thing that a stream said: a whole message or a control frame.
type Outcome struct {
	// Kind is text, binary, ping, pong or close.
	Kind Kind
	// Data is the unmasked payload of a message, ping or pong, and the reason
	// of a close, empty in versions without reasons. Up to hybi-09 what is not
	// UTF-8 in texts and reasons has been replaced.
	Data string
	// Code is the code of a close, 1005 when there was none; otherwise 0.
	Code uint16
	// End is the number of octets of the stream up to the end of the frame that
	// completed the outcome.
	End int
}

// Decoded is what a stream said as far as it goes.
type Decoded struct {
	// Outcomes are in the order in which the stream completed them.
	Outcomes []Outcome
	// CloseBody is the unmasked body of the close frame as it came, empty if
	// none did.
	CloseBody string
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
	// its first frame has been read and accepted (75 and 76: its type), its end
	// has not been reached. False after a violation and after a close.
	InMessage bool
}

// Decode reads stream, which starts right after the opening handshake, until a
// close frame, a violation or its end. The same octets give the same result in
// any number of pieces, so the stream is taken whole. Neither time nor memory
// exceed a fixed multiple of len(stream), whatever lengths it announces; the
// stream is not kept.
//
// A message is too long as soon as what it has become, and what its current
// frame has announced and not delivered yet, together exceed the limit. The
// octets of an unfinished character count as they are.
func (p Params) Decode(stream []byte) Decoded {
	p.mustRead()
	if p.draft() <= hixie76 {
		return decodeSentinel(p, stream)
	}
	return decodeFrames(p, stream)
}

// Decode is [Params.Decode].
func Decode(p Params, stream []byte) Decoded {
	return p.Decode(stream)
}

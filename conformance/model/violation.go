package model

// Violation names a rule of the protocol that a stream broke. The empty
// Violation means none.
type Violation string

// The violations. Sections are those of RFC 6455; [Params.CloseCode] tells how
// they are answered.
const (
	// ReservedBits: a reserved bit is set that no extension owns (§5.2). Up to
	// hybi-06 there are four of them.
	ReservedBits Violation = "reserved-bits"
	// ReservedOpcode: an opcode without meaning (§5.2).
	ReservedOpcode Violation = "reserved-opcode"
	// SplitControl: a control frame that is not final (§5.5).
	SplitControl Violation = "split-control"
	// LongControl: a control frame whose length is not one of the short ones, of
	// at most 125 bytes (§5.5).
	LongControl Violation = "long-control"
	// MaskMissing: a plain frame from a client (§5.1); from hybi-07 on.
	MaskMissing Violation = "mask-missing"
	// MaskUnexpected: a masked frame from a server (§5.1); from hybi-07 on.
	MaskUnexpected Violation = "mask-unexpected"
	// NotMinimal: a length that a shorter form could hold (§5.2); from hybi-14 on.
	NotMinimal Violation = "not-minimal"
	// Overflow: a length beyond 63 bits (§5.2).
	Overflow Violation = "overflow"
	// TooLong: a message, or a skipped frame of 75 or 76, above the receiver's
	// limit (§7.4.1, §10.4).
	TooLong Violation = "too-long"
	// StrayContinuation: a continuation frame outside any message (§5.4).
	StrayContinuation Violation = "stray-continuation"
	// Interleaved: a new message inside an unfinished one (§5.4).
	Interleaved Violation = "interleaved"
	// InvalidText: a text message that is not UTF-8 (§8.1); from hybi-10 on.
	InvalidText Violation = "invalid-text"
	// CloseLetter: a close body that begins with neither C nor S; hybi-05 only.
	CloseLetter Violation = "close-letter"
	// CloseShort: a close body of one byte (§5.5.1); from hybi-06 on.
	CloseShort Violation = "close-short"
	// CloseCode: a close code that must not be on the wire (§7.4); from hybi-06 on.
	CloseCode Violation = "close-code"
	// CloseReason: a close reason that is not UTF-8 (§5.5.1, §8.1); from hybi-10
	// on.
	CloseReason Violation = "close-reason"
)

// CloseCode returns the code of the close frame that answers v, 0 for the empty
// Violation and in versions whose close frames have no code: those answer with
// the end of the transport alone.
func (p Params) CloseCode(v Violation) uint16 {
	d := p.draft()
	if v == "" || !d.hasCodes() {
		return 0
	}
	switch v {
	case TooLong:
		if d <= 12 {
			return 1004
		}
		return 1009
	case InvalidText, CloseReason:
		return 1007
	}
	return 1002
}

// CloseCode is [Params.CloseCode] of RFC 6455.
func (v Violation) CloseCode() uint16 {
	return Params{}.CloseCode(v)
}

// CloseCodeAllowed tells whether a close frame may carry code, the peer's or an
// own one: the codes that the version defines and that are no pseudo codes, the
// later registrations 1012-1014 for RFC 6455, and the ranges 3000-4999. No code
// is allowed in versions without codes.
func (p Params) CloseCodeAllowed(code uint16) bool {
	d := p.draft()
	if !d.hasCodes() {
		return false
	}
	if code >= 1000 && code <= 1003 || code >= 3000 && code <= 4999 {
		return true
	}
	switch {
	case d <= 9:
		return code == 1004
	case d <= 12:
		return code == 1004 || code == 1007
	case d <= 17:
		return code >= 1007 && code <= 1010
	}
	return code >= 1007 && code <= 1014
}

// CloseCodeValidReceived is [Params.CloseCodeAllowed] of RFC 6455, for codes of
// the peer.
func CloseCodeValidReceived(code uint16) bool {
	return Params{}.CloseCodeAllowed(code)
}

// CloseCodeValidSent is [Params.CloseCodeAllowed] of RFC 6455, for own codes.
func CloseCodeValidSent(code uint16) bool {
	return Params{}.CloseCodeAllowed(code)
}

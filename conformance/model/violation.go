package model

// Violation names a rule of the protocol that a stream broke. The empty
// Violation means none.
type Violation string

// The violations of RFC 6455. All are answered with 1002 except where
// [Violation.CloseCode] says otherwise.
const (
	// ReservedBits: a reserved bit is set that no extension owns (§5.2).
	ReservedBits Violation = "reserved-bits"
	// ReservedOpcode: opcode 3-7 or B-F (§5.2).
	ReservedOpcode Violation = "reserved-opcode"
	// SplitControl: a control frame without FIN (§5.5).
	SplitControl Violation = "split-control"
	// LongControl: a control frame with more than 125 bytes (§5.5).
	LongControl Violation = "long-control"
	// MaskMissing: a plain frame from a client (§5.1).
	MaskMissing Violation = "mask-missing"
	// MaskUnexpected: a masked frame from a server (§5.1).
	MaskUnexpected Violation = "mask-unexpected"
	// NotMinimal: a length that a shorter form could hold (§5.2).
	NotMinimal Violation = "not-minimal"
	// Overflow: a 64-bit length with its top bit set (§5.2).
	Overflow Violation = "overflow"
	// TooLong: a message above the receiver's limit (§7.4.1, §10.4).
	TooLong Violation = "too-long"
	// StrayContinuation: a continuation frame outside any message (§5.4).
	StrayContinuation Violation = "stray-continuation"
	// Interleaved: a new message inside an unfinished one (§5.4).
	Interleaved Violation = "interleaved"
	// InvalidText: a text message that is not UTF-8 (§8.1).
	InvalidText Violation = "invalid-text"
	// CloseShort: a close body of one byte (§5.5.1).
	CloseShort Violation = "close-short"
	// CloseCode: a close code that must not be on the wire (§7.4).
	CloseCode Violation = "close-code"
	// CloseReason: a close reason that is not UTF-8 (§5.5.1, §8.1).
	CloseReason Violation = "close-reason"
)

// CloseCode returns the code of the close frame that answers v (§7.4.1), 0 for
// the empty Violation.
func (v Violation) CloseCode() uint16 {
	switch v {
	case "":
		return 0
	case TooLong:
		return 1009
	case InvalidText, CloseReason:
		return 1007
	}
	return 1002
}

// CloseCodeValidReceived tells whether a close frame of the peer may carry
// code: the defined ones of RFC 6455 §7.4.1 that are not pseudo codes, the
// later registrations 1012-1014, and the ranges 3000-4999 of §7.4.2.
func CloseCodeValidReceived(code uint16) bool {
	if code >= 1000 && code <= 1003 {
		return true
	}
	if code >= 1007 && code <= 1014 {
		return true
	}
	return code >= 3000 && code <= 4999
}

// CloseCodeValidSent tells whether an own close frame may carry code: the same
// set as [CloseCodeValidReceived].
func CloseCodeValidSent(code uint16) bool {
	return CloseCodeValidReceived(code)
}

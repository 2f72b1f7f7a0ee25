package wsfsm

// CloseCode is the status code of a close frame (RFC 6455 §7.4, IANA registry).
type CloseCode uint16

// Registered close codes.
const (
	CloseNormal             CloseCode = 1000
	CloseGoingAway          CloseCode = 1001
	CloseProtocolError      CloseCode = 1002
	CloseUnsupportedData    CloseCode = 1003
	CloseNoStatus           CloseCode = 1005 // never on the wire: the close frame had no code
	CloseAbnormal           CloseCode = 1006 // never on the wire: no close frame came
	CloseInvalidPayload     CloseCode = 1007
	ClosePolicyViolation    CloseCode = 1008
	CloseMessageTooBig      CloseCode = 1009
	CloseMandatoryExtension CloseCode = 1010
	CloseInternalError      CloseCode = 1011
	CloseServiceRestart     CloseCode = 1012
	CloseTryAgainLater      CloseCode = 1013
	CloseBadGateway         CloseCode = 1014
	CloseTLSHandshake       CloseCode = 1015 // never on the wire: TLS failed
)

// allowed reports whether code lies in one of the ranges.
func allowed(ranges []CodeRange, code CloseCode) bool {
	for _, r := range ranges {
		if r.First <= code && code <= r.Last {
			return true
		}
	}
	return false
}

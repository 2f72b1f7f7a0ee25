package wsfsm

// octetSet is a set of octets; those of an octet are in octetSets.
type octetSet uint8

const (
	inRegName octetSet = 1 << iota // by themselves: reg-name but for its escapes (RFC 3986 §3.2.2)
	inBase64                       // digits of base64 (RFC 4648 §4)
)

var octetSets = func() (sets [256]octetSet) {
	for octet := range sets {
		if isAlphanumeric(byte(octet)) {
			sets[octet] |= inRegName | inBase64
		}
	}
	for _, octet := range []byte("-._~!$&'()*+,;=") {
		sets[octet] |= inRegName
	}
	sets['+'] |= inBase64
	sets['/'] |= inBase64
	return sets
}()

// allIn reports whether a set has all octets of a text. It does not stop at the
// first that is outside, as that is rare.
func allIn(set octetSet, text string) bool {
	for i := range len(text) {
		set &= octetSets[text[i]]
	}
	return set != 0
}

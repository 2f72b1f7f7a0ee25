package wsfsm

// octetSet is a set of octets; those of an octet are in octetSets.
type octetSet uint8

const (
	inRegName octetSet = 1 << iota // by themselves: reg-name but for its escapes (RFC 3986 §3.2.2)
	inBase64                       // digits of base64 (RFC 4648 §4)
)

const inBoth = inRegName | inBase64

// octetSets is a literal: what a function returned would keep the transitions from being
// static data.
var octetSets = [256]octetSet{
	'0': inBoth, '1': inBoth, '2': inBoth, '3': inBoth, '4': inBoth, '5': inBoth, '6': inBoth, '7': inBoth, '8': inBoth, '9': inBoth,
	'A': inBoth, 'B': inBoth, 'C': inBoth, 'D': inBoth, 'E': inBoth, 'F': inBoth, 'G': inBoth, 'H': inBoth, 'I': inBoth, 'J': inBoth, 'K': inBoth, 'L': inBoth, 'M': inBoth,
	'N': inBoth, 'O': inBoth, 'P': inBoth, 'Q': inBoth, 'R': inBoth, 'S': inBoth, 'T': inBoth, 'U': inBoth, 'V': inBoth, 'W': inBoth, 'X': inBoth, 'Y': inBoth, 'Z': inBoth,
	'a': inBoth, 'b': inBoth, 'c': inBoth, 'd': inBoth, 'e': inBoth, 'f': inBoth, 'g': inBoth, 'h': inBoth, 'i': inBoth, 'j': inBoth, 'k': inBoth, 'l': inBoth, 'm': inBoth,
	'n': inBoth, 'o': inBoth, 'p': inBoth, 'q': inBoth, 'r': inBoth, 's': inBoth, 't': inBoth, 'u': inBoth, 'v': inBoth, 'w': inBoth, 'x': inBoth, 'y': inBoth, 'z': inBoth,
	'-': inRegName, '.': inRegName, '_': inRegName, '~': inRegName, '!': inRegName, '$': inRegName, '&': inRegName,
	'\'': inRegName, '(': inRegName, ')': inRegName, '*': inRegName, ',': inRegName, ';': inRegName, '=': inRegName,
	'+': inBoth, '/': inBase64,
}

// allIn reports whether a set has all octets of a text. It does not stop at the
// first that is outside, as that is rare.
func allIn(set octetSet, text string) bool {
	for i := range len(text) {
		set &= octetSets[text[i]]
	}
	return set != 0
}

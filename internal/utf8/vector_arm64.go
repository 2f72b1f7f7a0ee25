//go:build !purego

package utf8

// scan returns how many octets at the beginning of p, which begins a character,
// need not be looked at again but for the character that may begin there and go
// on behind them (see begin). Every processor has the instructions.
func scan(p []byte) int { return scanNEON(p) }

// scanNEON returns how many octets at the beginning of p, which begins a
// character, were found to be UTF-8, whose last character may go on behind them.
// It looks at blocks of 16 octets and stops before the first in which an octet
// cannot follow those before it; so the last octet counted may be at fault too.
//
//go:noescape
func scanNEON(p []byte) int

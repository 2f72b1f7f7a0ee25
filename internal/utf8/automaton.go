package utf8

// The automaton that accepts UTF-8 (RFC 3629 §4; table 3-7 of the Unicode
// standard). A state is the number of a bit in a row: the row of an octet, moved
// right by the state, has the next state in its lowest six bits. So an octet
// costs a load, which waits for nothing, and a shift.
const (
	whole      = 6 * iota // at the start of a character
	one                   // one continuation is missing
	two                   // two are
	three                 // three are
	behind0xE0            // two are, the first not below A0
	behind0xED            // two are, the first not above 9F
	behind0xF0            // three are, the first not below 90
	behind0xF4            // three are, the first not above 8F
	failed                // no text goes on so

	stateBits = 1<<6 - 1
)

// refuse is failed in every state; a row says what is different.
const refuse = failed<<whole | failed<<one | failed<<two | failed<<three | failed<<behind0xE0 |
	failed<<behind0xED | failed<<behind0xF0 | failed<<behind0xF4 | failed<<failed

// What each kind of octet does: from a state to another one.
const (
	ascii    = refuse ^ failed<<whole ^ whole<<whole
	lead2    = ascii ^ one<<whole
	lead3    = ascii ^ two<<whole
	lead4    = ascii ^ three<<whole
	lead0xE0 = ascii ^ behind0xE0<<whole
	lead0xED = ascii ^ behind0xED<<whole
	lead0xF0 = ascii ^ behind0xF0<<whole
	lead0xF4 = ascii ^ behind0xF4<<whole

	continues = refuse ^ failed<<one ^ whole<<one ^ failed<<two ^ one<<two ^ failed<<three ^ two<<three
	below0x90 = continues ^ failed<<behind0xED ^ one<<behind0xED ^ failed<<behind0xF4 ^ two<<behind0xF4
	below0xA0 = continues ^ failed<<behind0xED ^ one<<behind0xED ^ failed<<behind0xF0 ^ two<<behind0xF0
	above0x9F = continues ^ failed<<behind0xE0 ^ one<<behind0xE0 ^ failed<<behind0xF0 ^ two<<behind0xF0
)

// rows has the row of each octet.
var rows = [256]uint64{
	0x00: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x08: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x10: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x18: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x20: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x28: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x30: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x38: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x40: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x48: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x50: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x58: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x60: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x68: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x70: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x78: ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii,
	0x80: below0x90, below0x90, below0x90, below0x90, below0x90, below0x90, below0x90, below0x90,
	0x88: below0x90, below0x90, below0x90, below0x90, below0x90, below0x90, below0x90, below0x90,
	0x90: below0xA0, below0xA0, below0xA0, below0xA0, below0xA0, below0xA0, below0xA0, below0xA0,
	0x98: below0xA0, below0xA0, below0xA0, below0xA0, below0xA0, below0xA0, below0xA0, below0xA0,
	0xA0: above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F,
	0xA8: above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F,
	0xB0: above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F,
	0xB8: above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F, above0x9F,
	0xC0: refuse, refuse, lead2, lead2, lead2, lead2, lead2, lead2,
	0xC8: lead2, lead2, lead2, lead2, lead2, lead2, lead2, lead2,
	0xD0: lead2, lead2, lead2, lead2, lead2, lead2, lead2, lead2,
	0xD8: lead2, lead2, lead2, lead2, lead2, lead2, lead2, lead2,
	0xE0: lead0xE0, lead3, lead3, lead3, lead3, lead3, lead3, lead3,
	0xE8: lead3, lead3, lead3, lead3, lead3, lead0xED, lead3, lead3,
	0xF0: lead0xF0, lead4, lead4, lead4, lead0xF4, refuse, refuse, refuse,
	0xF8: refuse, refuse, refuse, refuse, refuse, refuse, refuse, refuse,
}

// step returns the state behind an octet.
func step(state uint64, octet byte) uint64 {
	return rows[octet] >> (state & stateBits) & stateBits
}

// run returns the state behind p.
func run(state uint64, p []byte) uint64 {
	for ; len(p) >= 4; p = p[4:] {
		state = rows[p[0]] >> (state & stateBits)
		state = rows[p[1]] >> (state & stateBits)
		state = rows[p[2]] >> (state & stateBits)
		state = rows[p[3]] >> (state & stateBits)
	}
	for _, octet := range p {
		state = rows[octet] >> (state & stateBits)
	}
	return state & stateBits
}

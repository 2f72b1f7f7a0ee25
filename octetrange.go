package wsfsm

// octetRange is a range of octets below 0x80, for eight of them at once.
type octetRange struct{ low, above uint64 } // lowest octet, and 0x7F less the highest, in each octet; both 0: none

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// rangeOf returns the range of octets from low to high, inclusive.
func rangeOf(low, high byte) octetRange {
	return octetRange{low: lowBits * uint64(low), above: lowBits * uint64(0x7F-high)}
}

// outside returns the high bit of each of eight octets that is not in the range.
func (r octetRange) outside(octets uint64) uint64 {
	below := ^((octets | highBits) - r.low)
	above := octets&^highBits + r.above
	return (octets | below | above) & highBits
}

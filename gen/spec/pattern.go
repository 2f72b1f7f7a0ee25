package spec

import (
	"fmt"
	"strconv"
	"strings"
)

// Octets is the set of octets that a pattern stands for. The zero Octets is
// the octet 0.
type Octets struct {
	bits        bool // Mask and Value count, else First and Last
	first, last byte
	mask, value byte
	perMessage  byte // bits that are 0 unless an extension owns them per message or per frame
	perFrame    byte // bits that are 0 unless an extension owns them per frame
}

// Reserved are the bits of a frame's first octet that extensions may own
// (RFC 6455 §5.2).
const Reserved = 0x70

// Ownership says which reserved bits of a frame's first octet belong to
// extensions: those that mark a whole message, which only its first frame may
// set, and those that every frame may set.
type Ownership struct{ PerMessage, PerFrame byte }

// Octets takes the pattern apart. A pattern is eight bits ("x.mmm.0001", dots
// count for nothing), an octet ("a", "0x2A") or a range of octets ("A-Z",
// "0x23-0x27").
func (p Pattern) Octets() (Octets, error) {
	if bits := strings.ReplaceAll(p.Text, ".", ""); len(bits) == 8 && strings.Trim(bits, "01xmf") == "" {
		return bitPattern(bits)
	}
	first, last, isRange := strings.Cut(p.Text, "-")
	if !isRange {
		last = first
	}
	a, okA := octet(first)
	b, okB := octet(last)
	switch {
	case !okA || !okB:
		return Octets{}, fmt.Errorf("%q is no pattern: eight bits of 0, 1, x, m, f; or an octet like a or 0x2A; or a range of them", clip(p.Text))
	case a > b || isRange && a == b:
		return Octets{}, fmt.Errorf("the range %q is empty or a single octet", clip(p.Text))
	}
	return Octets{first: a, last: b}, nil
}

// octet is a letter, a digit or 0x and two digits.
func octet(text string) (byte, bool) {
	if len(text) == 1 {
		c := text[0]
		return c, c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
	}
	if len(text) != 4 || !strings.HasPrefix(text, "0x") || text != "0x"+strings.ToUpper(text[2:]) {
		return 0, false
	}
	number, err := strconv.ParseUint(text[2:], 16, 8)
	return byte(number), err == nil
}

func bitPattern(bits string) (Octets, error) {
	o := Octets{bits: true}
	for i := range len(bits) {
		bit := byte(0x80) >> i
		switch bits[i] {
		case '1':
			o.value |= bit
			o.mask |= bit
		case '0':
			o.mask |= bit
		case 'm':
			o.perMessage |= bit
		case 'f':
			o.perFrame |= bit
		}
	}
	if (o.perMessage|o.perFrame)&^Reserved != 0 {
		return Octets{}, fmt.Errorf("%q: m and f stand for reserved bits only, the second to the fourth", bits)
	}
	return o, nil
}

// Owned reports whether the set depends on who owns the reserved bits.
func (o Octets) Owned() bool { return o.perMessage|o.perFrame != 0 }

// Has reports whether an octet is in the set.
func (o Octets) Has(octet byte, owner Ownership) bool {
	if !o.bits {
		return o.first <= octet && octet <= o.last
	}
	zero := o.perMessage&^(owner.PerMessage|owner.PerFrame) | o.perFrame&^owner.PerFrame
	return (octet^o.value)&o.mask == 0 && octet&zero == 0
}

// Owned reports whether the table depends on who owns the reserved bits.
func (t *ClassTable) Owned() bool {
	for _, e := range t.Entries {
		for _, p := range e.Patterns {
			if o, err := p.Octets(); err == nil && o.Owned() {
				return true
			}
		}
	}
	return false
}

// Sort returns for each octet the number of its entry, -1 for what is left
// over. Where entries overlap, which the checks refuse, the first counts.
func (t *ClassTable) Sort(owner Ownership) *[256]int {
	var sorted [256]int
	for octet := range sorted {
		sorted[octet] = -1
	}
	for i := len(t.Entries) - 1; i >= 0; i-- {
		for _, p := range t.Entries[i].Patterns {
			set, err := p.Octets()
			for octet := 0; err == nil && octet < len(sorted); octet++ {
				if set.Has(byte(octet), owner) {
					sorted[octet] = i
				}
			}
		}
	}
	return &sorted
}

// Event is the event of an entry as Sort numbers them: the one of Otherwise
// for -1.
func (t *ClassTable) Event(entry int) string {
	if entry < 0 {
		return t.Otherwise
	}
	return t.Entries[entry].Event
}

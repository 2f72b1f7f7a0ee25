package wsfsm

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// fieldNames numbers the names of header fields that an endpoint has rules for.
type fieldNames struct {
	list  []fieldName
	first [wordedName + 2]uint16 // number + 1 by length, or of those that are longer; 0: none

	lineEnd [2]byte // behind the usual values; zero: none are prepared
}

// fieldName is a name to be compared without case, eight octets at once: an octet
// is right if it has the same bits where care has some.
type fieldName struct {
	name        string
	words, care nameWords
	next        uint16 // number + 1 of another of that length; 0: none
	usual       usualValue
}

// nameWords are the first octets of a name, zero behind its end.
type nameWords [3]uint64

// wordedName is the length of names that nameWords have as a whole.
const wordedName = 24

// number returns the number of a name, which is added if it is not there.
func (n *fieldNames) number(name string) int {
	if i := n.lookUp([]byte(name)); i >= 0 {
		return i
	}
	first := n.candidate(len(name))
	f := nameToCompare(name)
	f.next = *first
	n.list = append(n.list, f)
	*first = uint16(len(n.list))
	return len(n.list) - 1
}

func nameToCompare(name string) fieldName {
	care := make([]byte, len(name))
	for i := range care {
		care[i] = 0xFF
		if b := name[i] | 0x20; 'a' <= b && b <= 'z' {
			care[i] = 0xFF &^ 0x20
		}
	}
	return fieldName{name: name, words: wordsOf([]byte(name)), care: wordsOf(care)}
}

// candidate returns where the search for a name of some length begins.
func (n *fieldNames) candidate(length int) *uint16 {
	return &n.first[min(length, wordedName+1)]
}

// Numbers of names that have none, or that it has not been looked for.
const (
	unknownName = -1
	notLookedUp = -2
)

// all reports whether something holds for all names.
func (n *fieldNames) all(holds func(string) bool) bool {
	return !slices.ContainsFunc(n.list, func(f fieldName) bool { return !holds(f.name) })
}

// inFront returns the number of a name with an octet behind it that the input has
// at a place, and the place of that octet; notLookedUp if that is not among the
// next few octets.
func (n *fieldNames) inFront(in []byte, at int, end byte) (number, behind int) {
	p := in[at:]
	if len(p) <= wordedName {
		if end == 0 { // it would be found behind the input
			return notLookedUp, at
		}
		p = append(make([]byte, 0, wordedName+1), p...)[:wordedName+1]
	}
	ends := lowBits * uint64(end)
	var words nameWords
	length := wordedName
	words[0] = binary.LittleEndian.Uint64(p)
	if found := zeroOctets(words[0] ^ ends); found != 0 {
		length = bits.TrailingZeros64(found) / 8
		return n.among(&words, length), at + length
	}
	words[1] = binary.LittleEndian.Uint64(p[8:])
	if found := zeroOctets(words[1] ^ ends); found != 0 {
		length = 8 + bits.TrailingZeros64(found)/8
		return n.among(&words, length), at + length
	}
	words[2] = binary.LittleEndian.Uint64(p[16:])
	if found := zeroOctets(words[2] ^ ends); found != 0 {
		length = 16 + bits.TrailingZeros64(found)/8
	} else if p[wordedName] != end {
		return notLookedUp, at
	}
	return n.among(&words, length), at + length
}

// among returns the number of the name of some length that octets begin with.
func (n *fieldNames) among(words *nameWords, length int) int {
	for i := n.first[length]; i != 0; {
		f := &n.list[i-1]
		if f.begins(words) {
			return int(i - 1)
		}
		i = f.next
	}
	return unknownName
}

// zeroOctets returns bits of which the lowest is in the first octet that is zero; 0
// if none is.
func zeroOctets(octets uint64) uint64 { return (octets - lowBits) &^ octets & highBits }

// lookUp returns the number of a name; unknownName if there is none.
func (n *fieldNames) lookUp(name []byte) int {
	for i := *n.candidate(len(name)); i != 0; i = n.list[i-1].next {
		if n.list[i-1].is(name) {
			return int(i - 1)
		}
	}
	return unknownName
}

// is reports whether a name is this one.
func (f *fieldName) is(name []byte) bool {
	if len(name) != len(f.name) {
		return false
	}
	if len(name) > wordedName {
		return equalFold(string(name), f.name)
	}
	words := wordsOf(name)
	return f.begins(&words)
}

// begins reports whether octets begin with the name, as far as it has words.
func (f *fieldName) begins(words *nameWords) bool {
	return (words[0]^f.words[0])&f.care[0]|(words[1]^f.words[1])&f.care[1]|(words[2]^f.words[2])&f.care[2] == 0
}

func wordsOf(name []byte) nameWords {
	var octets [wordedName]byte
	copy(octets[:], name)
	return nameWords{binary.LittleEndian.Uint64(octets[:]), binary.LittleEndian.Uint64(octets[8:]), binary.LittleEndian.Uint64(octets[16:])}
}

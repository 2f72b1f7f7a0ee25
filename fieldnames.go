package wsfsm

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// fieldNames numbers the names of header fields that an endpoint has rules for.
type fieldNames struct {
	list  []fieldName
	slots []uint16 // number + 1 by hash, the next slot if that is taken; 0: none
}

// fieldName is a name to be compared without case, eight octets at once: an octet
// is right if it has the same bits where care has some.
type fieldName struct {
	name        string
	words, care nameWords
}

// nameWords are the octets of a name of up to 24 octets: the first eight, the last
// eight, and those between, which may repeat some of the others.
type nameWords [3]uint64

// number returns the number of a name, which is added if it is not there.
func (n *fieldNames) number(name string) int {
	for i := range n.list {
		if equalFold(n.list[i].name, name) {
			return i
		}
	}
	care := make([]byte, len(name))
	for i := range care {
		care[i] = 0xFF
		if b := name[i] | 0x20; 'a' <= b && b <= 'z' {
			care[i] = 0xFF &^ 0x20
		}
	}
	n.list = append(n.list, fieldName{name: name, words: wordsOf([]byte(name)), care: wordsOf(care)})
	return len(n.list) - 1
}

// index makes the slots, most of them empty.
func (n *fieldNames) index() {
	size := 64
	for size < 8*len(n.list) {
		size *= 2
	}
	n.slots = make([]uint16, size)
	for i := range n.list {
		at := n.slot([]byte(n.list[i].name))
		for n.slots[at] != 0 {
			at = (at + 1) & (len(n.slots) - 1)
		}
		n.slots[at] = uint16(i + 1)
	}
}

// slot returns the slot in which the search for a name begins.
func (n *fieldNames) slot(name []byte) int {
	if len(name) == 0 {
		return 0
	}
	h := uint32(len(name))<<16 | uint32(name[0]|0x20)<<8 | uint32(name[len(name)-1]|0x20)
	return int(h*0x9E3779B1>>16) & (len(n.slots) - 1)
}

// unknownName is the number of names that have none.
const unknownName = -1

// all reports whether something holds for all names.
func (n *fieldNames) all(holds func(string) bool) bool {
	return !slices.ContainsFunc(n.list, func(f fieldName) bool { return !holds(f.name) })
}

// inFront returns the number of a name with an octet behind it that the input has
// at a place, and the place of that octet; unknownName if there is none of the
// names, or it might not be found in few octets.
func (n *fieldNames) inFront(in []byte, at int, end byte) (number, behind int) {
	if at+32 > len(in) {
		return unknownName, at
	}
	p, ends := in[at:at+32], lowBits*uint64(end)
	for i := 0; i <= 24; i += 8 {
		octets := binary.LittleEndian.Uint64(p[i:]) ^ ends
		if found := (octets - lowBits) &^ octets & highBits; found != 0 {
			i += bits.TrailingZeros64(found) / 8
			return n.lookUp(p[:i]), at + i
		}
	}
	return unknownName, at
}

// lookUp returns the number of a name; unknownName if there is none.
func (n *fieldNames) lookUp(name []byte) int {
	for at := n.slot(name); n.slots[at] != 0; at = (at + 1) & (len(n.slots) - 1) {
		if i := int(n.slots[at] - 1); n.list[i].is(name) {
			return i
		}
	}
	return unknownName
}

// is reports whether a name is this one.
func (f *fieldName) is(name []byte) bool {
	n := len(name)
	switch {
	case n != len(f.name):
		return false
	case n < 8:
		return (shortWord(name)^f.words[0])&f.care[0] == 0
	case n <= 16:
		return (binary.LittleEndian.Uint64(name)^f.words[0])&f.care[0]|
			(binary.LittleEndian.Uint64(name[n-8:])^f.words[1])&f.care[1] == 0
	case n <= 24:
		return (binary.LittleEndian.Uint64(name)^f.words[0])&f.care[0]|
			(binary.LittleEndian.Uint64(name[n-8:])^f.words[1])&f.care[1]|
			(binary.LittleEndian.Uint64(name[8:])^f.words[2])&f.care[2] == 0
	}
	return equalFold(string(name), f.name)
}

// wordsOf returns the octets of a name.
func wordsOf(name []byte) (words nameWords) {
	n := len(name)
	if n < 8 {
		return nameWords{shortWord(name)}
	}
	words[0] = binary.LittleEndian.Uint64(name)
	words[1] = binary.LittleEndian.Uint64(name[n-8:])
	if n >= 16 {
		words[2] = binary.LittleEndian.Uint64(name[8:])
	}
	return words
}

// shortWord returns the octets of a name of up to seven, some of them twice.
func shortWord(name []byte) uint64 {
	switch n := len(name); {
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(name)) | uint64(binary.LittleEndian.Uint32(name[n-4:]))<<32
	case n > 0:
		return uint64(name[0]) | uint64(name[n/2])<<8 | uint64(name[n-1])<<16
	}
	return 0
}

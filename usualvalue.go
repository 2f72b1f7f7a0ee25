package wsfsm

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/states"
)

// usualValue is a value that a field mostly has, as "websocket" of Upgrade, to be
// found by one comparison with the blank in front of it and the end of the line.
type usualValue struct {
	text        string // without case; "": there is none
	line        int    // octets from the blank to behind the end of the line
	words, care [2]uint64
}

// maxUsual is how many octets a usualValue has with what is around it.
const maxUsual = 16

// stands reports whether the input has the value at a place.
func (u *usualValue) stands(in []byte, at int) bool {
	if u.line == 0 || at+maxUsual > len(in) {
		return false
	}
	p := in[at : at+maxUsual]
	return (binary.LittleEndian.Uint64(p)^u.words[0])&u.care[0]|(binary.LittleEndian.Uint64(p[8:])^u.words[1])&u.care[1] == 0
}

// findUsual makes usual values of what the rules of heads want; those of programs
// before count.
func (prog *program) findUsual(n *fieldNames) {
	for i := range prog.rules {
		quick := &prog.rules[i].quick
		for field, r := range quick.values {
			if r == nil || quick.valued>>field&1 == 0 {
				continue
			}
			text, u := prog.onlyValue(r), &n.list[field].usual
			if u.text == "" {
				u.text = text
			}
			if text != "" && u.text == text {
				quick.usual |= 1 << field
			}
		}
	}
}

// onlyValue returns a value that satisfies a rule in small letters and in capitals;
// "" if there is none.
func (prog *program) onlyValue(r *headRule) string {
	switch {
	case r.want == wantToken:
		return strings.ToLower(r.text)
	case r.want == wantEqual && r.Equals == states.ValueWireVersion:
		return strconv.Itoa(prog.WireVersion)
	}
	return ""
}

// usual prepares the usual values for lines that end so, and reports whether something
// holds for all that are short enough. Lines end in one way only.
func (n *fieldNames) usual(end [2]byte, holds func(line []byte) bool) bool {
	if n.lineEnd != end && n.lineEnd != ([2]byte{}) {
		return false
	}
	n.lineEnd = end
	for i := range n.list {
		u := &n.list[i].usual
		line := append(append([]byte{' '}, u.text...), end[:]...)
		if u.text == "" || len(line) > maxUsual {
			continue
		}
		if !holds(line) {
			return false
		}
		u.prepare(line)
	}
	return true
}

func (u *usualValue) prepare(line []byte) {
	f := nameToCompare(string(line))
	u.line = len(line)
	u.words, u.care = [2]uint64(f.words[:2]), [2]uint64(f.care[:2])
}

// keptUsual reports whether the part keeps a line but for the blank and the end.
func (p *headPart) keptUsual(line []byte) bool {
	for _, line := range [][]byte{line, bytes.ToUpper(line)} {
		from, ok := p.first(line, 0)
		if !ok || from != 1 || p.behind(line, from+int(p.keeps)) != len(line)-2 {
			return false
		}
	}
	return true
}

package properties

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// receive is the symbol of octets that come.
func receive(p string) symbol {
	return symbol{name: fmt.Sprintf("%x", p), step: model.Step{Kind: model.StepReceive, Data: p}, do: func(d calls) error {
		return d.Receive([]byte(p))
	}}
}

// receiving returns representatives of the octets that may come next: one or more
// of each class that the state tells apart, whole fields, and bodies.
func receiving(x *exploration, n *node) (all []symbol) {
	if n.connection != states.ConnectionOpen && n.connection != states.ConnectionClosingSent {
		return []symbol{receive("a")}
	}
	read := &x.protocol.Frame.Reads[n.frame]
	if read.Kind == states.ReadOctets && read.Args[x.role-1] == 0 { // done before an octet comes: frames without a key
		read = &x.protocol.Frame.Reads[x.protocol.Frame.Table.At(n.frame, states.FrameOnDone).To]
	}
	for _, p := range x.representatives(n, read) {
		all = append(all, receive(n.masked(x.through(read), p)))
	}
	return all
}

// masks reports whether the peer masks what it sends.
func (x *exploration) masks() bool { return x.role == states.Server && x.model.Version >= "hybi-04" }

// through returns whose running XOR the octets of a state pass first, if they are
// masked.
func (x *exploration) through(read *wsfsm.Read) states.Field {
	if x.masks() {
		return read.Through
	}
	return 0
}

func (x *exploration) representatives(n *node, read *wsfsm.Read) (all []string) {
	switch read.Kind {
	case states.ReadOctet:
		if x.picked[read] == nil {
			x.picked[read] = x.octets(read)
		}
		return x.picked[read]
	case states.ReadOctets:
		return x.field(read)
	case states.ReadPayload:
		all = []string{"a", "\xFF"}
		if n.isText {
			all = append(all, "\xC3", "\xA9")
		}
		if n.length > 1 {
			all = append(all, strings.Repeat("a", int(n.length)))
		}
	case states.ReadBody:
		return x.bodies(n)
	}
	return all
}

// octets returns representatives of the classes of a state: of each the first
// octets and the last, and one of each that a class looks at later if the octet is
// kept.
func (x *exploration) octets(read *wsfsm.Read) (all []string) {
	classes := map[string][]byte{}
	var order []string
	for i := range 256 {
		b := byte(i)
		if read.Field == states.FieldHead {
			b ^= 0x80 // final frames first
		}
		signature := x.signature(read, b)
		if classes[signature] == nil {
			order = append(order, signature)
		}
		classes[signature] = append(classes[signature], b)
	}
	for _, signature := range order {
		c := classes[signature]
		picked := c[:1]
		switch read.Field {
		case states.FieldHead:
		case states.FieldLength:
			most := 2
			if x.protocol.Frame.Classes[read.Args[x.role-1]].Name == "control-length" {
				most = 3 // the body of a close frame
			}
			picked = slices.Concat(c[:min(most, len(c))], c[len(c)-1:])
		default:
			picked = slices.Concat(c[:1], c[len(c)-1:])
		}
		for i, b := range picked {
			if !slices.Contains(picked[:i], b) {
				all = append(all, string([]byte{b}))
			}
		}
	}
	return all
}

// signature is what the state makes of an octet, and what others make of it later.
func (x *exploration) signature(read *wsfsm.Read, b byte) string {
	side := x.role - 1
	s := fmt.Sprint(x.protocol.Frame.Classes[read.Args[side]].Tables[side][0][b])
	if read.Field != states.FieldHead {
		return s
	}
	for i := range x.protocol.Frame.Reads {
		if r := &x.protocol.Frame.Reads[i]; r.Kind == states.ReadBody {
			s += fmt.Sprint(" ", x.protocol.Frame.Classes[r.Args[side]].Tables[side][0][b])
		}
	}
	for i := range x.protocol.Message.Reads {
		if r := &x.protocol.Message.Reads[i]; r.Kind == states.ReadFrame {
			s += fmt.Sprint(" ", x.protocol.Message.Classes[r.Args[side]].Tables[side][0][b])
		}
	}
	return s
}

// field returns values of a field that is read as a whole.
func (x *exploration) field(read *wsfsm.Read) (all []string) {
	switch read.Field {
	case states.FieldLength16, states.FieldAnyLength16:
		for _, n := range []uint16{exploreLimit, 125, exploreLimit + 1} {
			all = append(all, string(binary.BigEndian.AppendUint16(nil, n)))
		}
	case states.FieldLength64, states.FieldAnyLength64:
		for _, n := range []uint64{1, 1 << 16, 1 << 63} {
			all = append(all, string(binary.BigEndian.AppendUint64(nil, n)))
		}
	default: // keys
		if n := read.Args[x.role-1]; n > 0 {
			all = []string{"\x37\xFA\x21\x3D"[:n]}
		}
	}
	return all
}

// bodies returns bodies of a control frame, of the length that it has announced.
func (x *exploration) bodies(n *node) (all []string) {
	length := int(n.length)
	for _, begin := range []string{"", "\x03\xE8", "\x03\xEC", "\x03\xE7", "\x0B\xB8", "\x13\x88", "C", "S", "\xFF", "\x03\xE8\xFF", "\x03\xE8\xC3"} {
		if len(begin) <= length {
			all = append(all, begin+strings.Repeat("a", length-len(begin)))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// withEnds adds to the octets the ways in which a connection ends. All that comes
// behind its end is one class.
func withEnds(x *exploration, n *node) []symbol {
	all := ends()
	if n.connection == states.ConnectionClosed {
		return append(receiving(x, n), all[len(all)-1])
	}
	return append(receiving(x, n), all...)
}

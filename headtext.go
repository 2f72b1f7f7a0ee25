package wsfsm

import (
	"strings"

	"github.com/wsfsm/wsfsm/states"
)

// headText is a head to be sent: all that is the same each time, and the values in
// between.
type headText struct {
	pieces []headPiece
	end    string         // behind the last piece
	drawn  []states.Value // those that are drawn before
}

// headPiece is a computed value and what goes before it.
type headPiece struct {
	before string
	name   string // of the value's field with ": ", left out with a value of ""; "" in the first line
	value  states.Value
}

// headTextOf prepares the head that a role sends: the first line from its parts,
// then the fields of the spec in their order.
func headTextOf(p *Protocol, role states.Role) (t headText) {
	name, parts := "request", []string{partMethod, partTarget, partProtocol}
	if role == states.Server {
		name, parts = "response", []string{partProtocol, partStatus}
	}
	lines := p.head(name).Lines
	for i, part := range parts {
		if i > 0 {
			t.end += " "
		}
		for j := range lines {
			if lines[j].Name == part {
				t.add("", &lines[j], "")
				break
			}
		}
	}
	t.end += "\r\n"
	for i := range lines {
		if l := &lines[i]; !strings.HasPrefix(l.Name, ":") {
			t.add(l.Name+": ", l, "\r\n")
		}
	}
	return t
}

// add adds what is sent for a line.
func (t *headText) add(name string, l *HeadLine, end string) {
	switch {
	case l.From == states.ValueAccept: // it is never left out
		t.pieces = append(t.pieces, headPiece{before: t.end + name, value: l.From})
		t.end = end
	case l.From != 0:
		t.pieces = append(t.pieces, headPiece{before: t.end, name: name, value: l.From})
		switch l.From {
		case states.ValueKey, states.ValueNonce, states.ValueKey1:
			t.drawn = append(t.drawn, l.From)
		}
		t.end = ""
	case l.Send != "" || name == "":
		t.end += name + l.Send + end
	}
}

// appendHead writes the head that this role sends, behind the fields of the spec
// the extra ones.
func (d *Driver) appendHead(dst []byte, extra ...[]Field) []byte {
	t := &d.prog.text
	for i := range t.pieces {
		p := &t.pieces[i]
		dst = append(dst, p.before...)
		if p.value == states.ValueAccept {
			dst = d.opening.appendAcceptKey(dst)
		} else {
			value := d.sentValue(p.value)
			if value == "" {
				continue
			}
			dst = append(append(dst, p.name...), value...)
		}
		if p.name != "" {
			dst = append(dst, "\r\n"...)
		}
	}
	dst = append(dst, t.end...)
	for _, fields := range extra {
		for _, f := range fields {
			dst = appendField(dst, f)
		}
	}
	return append(dst, "\r\n"...)
}

// sentValue returns a computed value; "" if it is not sent.
func (d *Driver) sentValue(v states.Value) string {
	if v == states.ValueExtensions && len(d.opening.agreed) == 0 {
		return ""
	}
	return d.value(v)
}

func appendField(dst []byte, f Field) []byte {
	dst = append(dst, f.Name...)
	dst = append(dst, ": "...)
	dst = append(dst, f.Value...)
	return append(dst, "\r\n"...)
}

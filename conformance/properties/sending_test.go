package properties

import (
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// sendOp is what is sent of a message in fragments.
type sendOp uint8

const (
	opNone sendOp = iota
	opBeginText
	opBeginBinary
	opAppend
	opEnd
)

// sender is what is known of a message that is being sent in fragments, which the
// model does not follow.
type sender struct {
	begun, text bool
	pending     string // of a text: the beginning of a character
}

// send returns the frame of a fragment; false if it must be refused.
func (s *sender) send(p model.Params, by symbol, isOpen bool) ([]model.Frame, bool) {
	first := by.op == opBeginText || by.op == opBeginBinary
	if !isOpen || first == s.begun || isSentinel(p) {
		return nil, false
	}
	next := *s
	if first {
		next = sender{begun: true, text: by.op == opBeginText}
	}
	data := by.step.Data
	if next.text {
		whole, bad := model.ScanUTF8([]byte(next.pending + data))
		if bad >= 0 || by.op == opEnd && whole < len(next.pending+data) {
			return nil, false
		}
		next.pending = (next.pending + data)[whole:]
	}
	next.begun = by.op != opEnd
	kind := model.KindContinuation
	if first && next.text {
		kind = model.KindText
	} else if first {
		kind = model.KindBinary
	}
	*s = next
	return []model.Frame{{Fin: by.op == opEnd, Opcode: p.Opcode(kind), Payload: data}}, true
}

// isSentinel reports whether a version has texts only, which end with an octet FF.
func isSentinel(p model.Params) bool { return p.Version < "hybi" }

// fragment is the symbol of a fragment that is sent.
func fragment(op sendOp, p string) symbol {
	names := []string{"", "begin text", "begin binary", "append", "end"}
	return symbol{name: fmt.Sprintf("%s %q", names[op], p), op: op, step: model.Step{Kind: model.StepReceive, Data: p}, do: func(d calls) error {
		switch op {
		case opBeginText:
			return d.Begin(wsfsm.Text, []byte(p))
		case opBeginBinary:
			return d.Begin(wsfsm.Binary, []byte(p))
		case opAppend:
			return d.Append([]byte(p))
		}
		return d.End([]byte(p))
	}}
}

// command is the symbol of a command that the model knows.
func command(kind model.StepKind, code uint16, p string) symbol {
	return symbol{name: fmt.Sprintf("%s %d %q", kind, code, p), step: model.Step{Kind: kind, Code: code, Data: p}, do: func(d calls) error {
		switch kind {
		case model.StepText:
			return d.Text([]byte(p))
		case model.StepBinary:
			return d.Binary([]byte(p))
		case model.StepPing:
			_, err := d.Ping([]byte(p))
			return err
		case model.StepPong:
			return d.Pong([]byte(p))
		}
		return d.Close(wsfsm.CloseCode(code), p)
	}}
}

// ends are the ways in which a connection ends, or begins to.
func ends() []symbol {
	return []symbol{
		command(model.StepClose, 1000, ""),
		{name: "end of stream", step: model.Step{Kind: model.StepEndOfStream}, do: func(d calls) error { d.ReceiveEOF(nil); return nil }},
		{name: "reset", step: model.Step{Kind: model.StepBroken}, do: func(d calls) error { d.ReceiveEOF(errReset); return nil }},
		// A timeout on an open connection, which nobody asked for, ends it; the model
		// calls that a broken transport.
		{name: "timeout", step: model.Step{Kind: model.StepBroken}, do: func(d calls) error { d.Expire(); return nil }},
	}
}

var errReset = errors.New("reset")

// sending returns representatives of all commands, and whole frames that come.
func sending(x *exploration, n *node) []symbol {
	all := append(ends(),
		command(model.StepText, 0, "a"), command(model.StepText, 0, "\xFF"), command(model.StepBinary, 0, "\xFF"),
		fragment(opBeginText, "\xC3"), fragment(opBeginText, ""), fragment(opBeginBinary, "\xFF"),
		fragment(opAppend, "\xA9"), fragment(opAppend, "b"), fragment(opEnd, "\xA9"), fragment(opEnd, ""),
		command(model.StepPing, 0, "p"), command(model.StepPong, 0, "q"),
		command(model.StepClose, 1004, ""), command(model.StepClose, 0, ""), command(model.StepClose, 3000, "r"))
	return append(all, x.frames()...)
}

// frames are whole frames that come.
func (x *exploration) frames() (all []symbol) {
	peer := x.peer()
	list := []model.Frame{{Fin: true, Payload: "a", Opcode: peer.Opcode(model.KindText)}}
	if !isSentinel(peer) {
		list = append(list, model.Frame{Fin: true, Payload: "p", Opcode: peer.Opcode(model.KindPing)}, model.Frame{Fin: true, Payload: "p", Opcode: peer.Opcode(model.KindPong)})
	}
	if peer.Version != "hixie-75" {
		list = append(list, peer.CloseFrame(1001, "x"))
	}
	list = append(list, model.Frame{Fin: true, Opcode: 15})
	for _, f := range list {
		all = append(all, receive(x.encoded(peer, f)))
	}
	return all
}

// lastFrame is the frame by which the peer ends a message.
func (x *exploration) lastFrame() string {
	peer := x.peer()
	kind := model.KindContinuation
	if isSentinel(peer) {
		kind = model.KindText
	}
	return x.encoded(peer, model.Frame{Fin: true, Opcode: peer.Opcode(kind), Payload: "z"})
}

// peer returns the model of the other end.
func (x *exploration) peer() model.Params {
	p := x.model
	p.Role = modelRole(states.Server + states.Client - x.role)
	return p
}

// encoded returns a frame as the peer sends it.
func (x *exploration) encoded(peer model.Params, f model.Frame) string {
	if x.masks() {
		f = f.WithKey([4]byte{0x37, 0xFA, 0x21, 0x3D})
	}
	return string(peer.Encode(f))
}

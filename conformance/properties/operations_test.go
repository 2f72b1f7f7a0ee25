package properties

import (
	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

// frameOf returns the frame of an operation, as the peer of an end sends it.
func frameOf(op fuzz.Op, peer model.Params) model.Frame {
	f := model.Frame{Fin: !op.More, Payload: string(op.Octet.Bytes())}
	if isSentinel(peer) {
		f.Opcode = []byte{0x00, 0x80, 0x01, 0xFF, 0x7F, 0xFE}[op.Type%6]
		return f
	}
	f.Opcode = peer.Opcode([]model.Kind{model.KindText, model.KindBinary, model.KindContinuation, model.KindClose, model.KindPing, model.KindPong}[op.Type%6])
	return masked(peer, f, op.Key)
}

// masked masks a frame with a key made of one octet, if its sender masks.
func masked(sender model.Params, f model.Frame, key byte) model.Frame {
	if sender.Role == model.Client && sender.Version >= "hybi-04" {
		return f.WithKey([4]byte{key, key * 3, key * 5, key * 7})
	}
	return f
}

// octetsOf returns the octets that an operation has come from the transport; false
// if it is something else.
func octetsOf(op fuzz.Op, in *input, peer model.Params) ([]byte, bool) {
	switch op.Kind {
	case fuzz.OpFrame:
		return peer.Encode(frameOf(op, peer)), true
	case fuzz.OpBroken, fuzz.OpLiteral:
		return op.Input(in.role, in.version), true
	}
	return nil, false
}

// stream returns all octets that the operations have come.
func (in *input) stream(peer model.Params) (all []byte) {
	for _, op := range in.program.Ops {
		octets, _ := octetsOf(op, in, peer)
		all = append(all, octets...)
	}
	return all
}

// messageOf returns the kind of the message that an operation sends.
func messageOf(op fuzz.Op) wsfsm.MessageKind {
	if op.IsBinary || op.Kind == fuzz.OpBinary {
		return wsfsm.Binary
	}
	return wsfsm.Text
}

// isCommand reports whether an operation is a command that sends something.
func isCommand(op fuzz.Op) bool { return op.Kind >= fuzz.OpText && op.Kind <= fuzz.OpLend }

// command gives a command; the error is that of its refusal.
func (e *end) command(op fuzz.Op) error {
	p := op.Octet.Bytes()
	switch op.Kind {
	case fuzz.OpText:
		return e.Text(p)
	case fuzz.OpBinary:
		return e.Binary(p)
	case fuzz.OpBegin:
		return e.Begin(messageOf(op), p)
	case fuzz.OpAppend:
		return e.Append(p)
	case fuzz.OpEnd:
		return e.End(p)
	case fuzz.OpLend:
		return e.Lend(messageOf(op), p, func() {})
	case fuzz.OpPing:
		_, err := e.Ping(p)
		return err
	case fuzz.OpPong:
		return e.Pong(p)
	}
	return e.Close(wsfsm.CloseCode(op.N), string(p))
}

// play carries out operations one after the other. refused, if not nil, is told of
// each command that was refused, by its place; what it says true to is left out.
func (e *end) play(in *input, peer model.Params, ops []fuzz.Op, leaveOut map[int]bool, refused func(int)) error {
	for i, op := range ops {
		octets, isInput := octetsOf(op, in, peer)
		switch {
		case isInput:
			if err := e.receive(octets, in.chunks); err != nil {
				return err
			}
		case op.Kind == fuzz.OpEOF && op.Reset:
			e.ReceiveEOF(errReset)
		case op.Kind == fuzz.OpEOF:
			e.ReceiveEOF(nil)
		case op.Kind == fuzz.OpExpire:
			e.Expire()
		case isCommand(op) && !leaveOut[i]:
			if err := e.command(op); err != nil && refused != nil {
				refused(i)
			}
		}
		if err := e.settle(); err != nil {
			return err
		}
	}
	return nil
}

// finish ends the transport, and the driver's patience.
func (e *end) finish() error {
	e.ReceiveEOF(nil)
	if err := e.settle(); err != nil {
		return err
	}
	e.Expire()
	return e.settle()
}

// isClosed reports whether the connection has ended.
func (e *end) isClosed() bool { return e.driver.State() == states.ConnectionClosed }

package fuzz

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// checkOpening has the model judge the opening handshake by the parsed heads.
// Where the driver is stricter or knows more than the model, the rule in
// question is left out.
func checkOpening(side side, cfg Config, p Program, r *record) error {
	if !p.Options.Handshake {
		return nil
	}
	if err := checkQueued(side, r); err != nil {
		return err
	}
	if side.role == states.Server {
		return checkRequest(side, cfg.versions(p), r)
	}
	return checkResponse(side, p, r)
}

// checkQueued checks that commands are taken before the connection is open, and
// that what they send is the first that is sent on the open connection.
func checkQueued(side side, r *record) error {
	var want []model.Frame
	before := states.ConnectionConnecting
	for i := range r.steps {
		s := &r.steps[i]
		f, sends := s.op.sends(side)
		if before == states.ConnectionConnecting && (sends || s.op.Kind == OpClose) {
			var refused *wsfsm.RefusedError
			if errors.As(s.err, &refused) && refused.Machine == states.MachineConnection {
				return fmt.Errorf("step %d, %v: %w", i, s.op, s.err)
			}
			if sends && s.err == nil && s.stands == before {
				want = append(want, f)
			}
		}
		before = s.stands
	}
	if !r.open || r.torn {
		return nil
	}
	_, octets := r.sent(side)
	own, _ := side.of(r)
	got, _ := own.SplitFrames(octets)
	for i, f := range want {
		if i >= len(got) || got[i].Unmasked() != f {
			return fmt.Errorf("frame %d sent is %s, not %s, which waited for the connection to open", i, describeFrame(got[min(i, len(got)):]), describeFrame(want[i:]))
		}
	}
	return nil
}

// sends returns the frame that the operation sends; false if it sends none.
func (o Op) sends(s side) (f model.Frame, ok bool) {
	f = model.Frame{Fin: true, Opcode: s.opcode(FrameText), Payload: string(o.Octet.Bytes())}
	if o.message() == wsfsm.Binary {
		f.Opcode = s.opcode(FrameBinary)
	}
	switch o.Kind {
	case OpText, OpBinary, OpLend:
	case OpBegin:
		f.Fin = false
	case OpAppend:
		f.Fin, f.Opcode = false, s.opcode(FrameContinuation)
	case OpEnd:
		f.Opcode = s.opcode(FrameContinuation)
	case OpPing:
		f.Opcode = s.opcode(FramePing)
	case OpPong:
		f.Opcode = s.opcode(FramePong)
	default:
		return f, false
	}
	return f, true
}

// broke reports whether the rule that was broken is one of some.
func (r *record) broke(some ...states.Violation) bool {
	return slices.ContainsFunc(r.events(), func(e event) bool { return slices.Contains(some, e.violation) })
}

// sentField returns the value of a field of the head sent.
func (r *record) sentField(name string) string {
	_, rest, _ := strings.Cut(string(r.allSent()), "\r\n"+name+": ")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// sentKey returns the Sec-WebSocket-Key of the client's request.
func (r *record) sentKey() string { return r.sentField("Sec-WebSocket-Key") }

func headers(h wsfsm.Header) (all []model.Header) {
	for _, f := range h {
		all = append(all, model.Header(f))
	}
	return all
}

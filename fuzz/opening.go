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
func checkOpening(side side, p Program, r *record) error {
	if !p.Options.Handshake {
		return nil
	}
	if err := checkQueued(side, r); err != nil || side.version != "" {
		return err // drafts: the agreement tests of package conformance
	}
	if side.role == states.Server {
		return checkRequest(r)
	}
	return checkResponse(p, r)
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

// checkRequest compares whether a request is taken, not with what status it is
// refused: the order of the checks is free where a request breaks several
// rules.
func checkRequest(r *record) error {
	q := r.request
	if q == nil {
		return nil
	}
	status := model.CheckRequest(model.Request{Method: q.Method, Target: q.Target, Version: q.Proto, Headers: headers(q.Header)})
	switch {
	case q.WebSocket && status == 403 && (strings.Contains(q.Header.Get("Host"), ":") || strings.Count(q.Header.Get("Origin"), ":") > 1):
		return nil // the model does not know that the default port is the same as none
	case q.WebSocket && status != 101:
		return fmt.Errorf("the request is taken, the model answers %d: %+v", status, q)
	case r.broke(states.BadProtocols) && len(q.Subprotocols) >= 100:
		return nil // a limit of the driver, which the model does not have
	case !q.WebSocket && status == 101 && !r.broke(states.BadRequestLine, states.BadHost, states.BadHTTPVersion):
		// Those are the grammars of target and host, and HTTP/2.0 on a stream of
		// HTTP/1.1, which the model does not judge.
		return fmt.Errorf("the request is not taken, the model finds no fault: %+v", q)
	}
	return nil
}

// checkResponse compares whether a response opens the connection.
func checkResponse(p Program, r *record) error {
	if r.response == nil {
		return nil
	}
	var offered []string
	if p.Options.Subprotocols {
		offered = subprotocols()
	}
	fault := model.CheckResponse(r.sentKey(), offered, model.Response{Status: r.response.Status, Headers: headers(r.response.Header)})
	switch {
	case fault != "" && r.open:
		return fmt.Errorf("the response is accepted, the model finds its fault %q: %+v", fault, r.response)
	case fault == "" && !r.open && !r.broke(states.BadResponseLine, states.BadStatus) && !r.emptyExtensions():
		// Those are the grammar of the first line and of the status in it, which
		// the model is given as a number.
		return fmt.Errorf("the response is not accepted, the model finds no fault: %+v", r.response)
	}
	return nil
}

// broke reports whether the rule that was broken is one of some.
func (r *record) broke(some ...states.Violation) bool {
	return slices.ContainsFunc(r.events(), func(e event) bool { return slices.Contains(some, e.violation) })
}

// emptyExtensions reports whether the response names the header of extensions
// with none in it, which the grammar of RFC 6455 §9.1 forbids and the model
// takes for none.
func (r *record) emptyExtensions() bool {
	return r.broke(states.WrongExtensions) && strings.Trim(strings.Join(r.response.Header.Values("Sec-WebSocket-Extensions"), ""), " \t,") == ""
}

// sentField returns the value of a field of the head sent.
func (r *record) sentField(name string) string {
	_, rest, _ := strings.Cut(string(r.allSent()), "\r\n"+name+": ")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// sentKey returns the Sec-WebSocket-Key of the client's request.
func (r *record) sentKey() string {
	return r.sentField("Sec-WebSocket-Key")
}

func headers(h wsfsm.Header) (all []model.Header) {
	for _, f := range h {
		all = append(all, model.Header(f))
	}
	return all
}

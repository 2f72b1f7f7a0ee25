package modelcheck

import (
	"errors"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// What the drivers themselves have done wrong is told by their octets, which the
// independent model takes apart, and by what they report.

// Waits reports whether an end waits for something.
func (e *Ends) Waits() bool {
	return slices.ContainsFunc(e.drivers[:], func(d *wsfsm.Driver) bool { return d.CloseExpected() != 0 })
}

// Stuck reports whether an end waits although nothing is on its way to it and no
// end has anything to do.
func (e *Ends) Stuck() bool {
	for end, d := range e.drivers {
		if len(e.wire[1-end]) > 0 && !final(d) {
			return false
		}
		if d.CloseExpected() == states.WaitHangUp && !slices.Contains(e.ended, end) {
			return false
		}
	}
	return e.Waits()
}

// Closed reports whether both ends are.
func (e *Ends) Closed() bool { return final(e.drivers[server]) && final(e.drivers[client]) }

// Breaks reports whether the drivers break a property, named as in the models.
func (e *Ends) Breaks(property string) bool {
	closes := [2]int{e.closes(server), e.closes(client)}
	switch property {
	case "deadlock":
		return e.Stuck()
	case "two_close_frames":
		return max(closes[server], closes[client]) > 1
	case "frame_after_close":
		return e.continues(server) || e.continues(client)
	case "client_ends_first":
		return len(e.ended) > 0 && e.ended[0] == client && min(closes[server], closes[client]) == 1
	case "lost_but_clean":
		return slices.Contains(e.events, "closed 1") && min(closes[server], closes[client]) == 0
	case "unanswered":
		return slices.ContainsFunc(e.drivers[:], func(d *wsfsm.Driver) bool { return errors.Is(d.Err(), wsfsm.ErrRefused) })
	}
	return false
}

// frames are the kinds of the frames that an end has sent since the opening
// handshake, read off their octets.
func (e *Ends) frames(end int) (kinds []model.Kind) {
	role := model.Server
	if end == client {
		role = model.Client
	}
	p := model.New(e.drivers[end].Version(), role)
	for _, sent := range e.sent[end] {
		switch sent.kind {
		case "f_request", "f_bad_request", "f_response", "f_refusal":
			continue
		}
		frames, _ := p.SplitFrames(slices.Clone(sent.octets))
		for _, f := range frames {
			kinds = append(kinds, kindOf(p, f.Opcode))
		}
	}
	return kinds
}

// kindOf is the kind of a control frame, and empty for data.
func kindOf(p model.Params, opcode byte) model.Kind {
	controls := []model.Kind{model.KindClose, model.KindPing, model.KindPong}
	if p.Version == "hixie-76" {
		controls = controls[:1]
	}
	if p.Version == "hixie-75" {
		controls = nil
	}
	for _, k := range controls {
		if p.Opcode(k) == opcode {
			return k
		}
	}
	return ""
}

// closes counts the close frames that an end has sent.
func (e *Ends) closes(end int) (n int) {
	for _, k := range e.frames(end) {
		if k == model.KindClose {
			n++
		}
	}
	return n
}

// continues reports whether an end has sent something behind its close frame.
func (e *Ends) continues(end int) bool {
	frames := e.frames(end)
	i := slices.Index(frames, model.KindClose)
	return i >= 0 && i < len(frames)-1 && slices.ContainsFunc(frames[i+1:], func(k model.Kind) bool { return k != model.KindClose })
}

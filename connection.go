package wsfsm

import (
	"bytes"
	"encoding/binary"

	"github.com/wsfsm/wsfsm/internal/utf8"
	"github.com/wsfsm/wsfsm/states"
)

// violate reports a broken rule to the connection machine. Its row decides what
// goes on the wire.
func (d *Driver) violate(v states.Violation, m states.Machine, offset int64) {
	err := d.violation(v, m, offset)
	err.because(d.chain.failure())
	d.noteOutcome().err = err
	d.fireConnection(states.ConnectionOnViolation)
}

// violation makes the error of a broken rule.
func (d *Driver) violation(v states.Violation, m states.Machine, offset int64) *Error {
	return d.violationIn(v, m, d.stateName(m), offset)
}

// violationIn is violation with the state that machine m has left.
func (d *Driver) violationIn(v states.Violation, m states.Machine, state string, offset int64) *Error {
	code := CloseCode(v.CloseCode())
	switch {
	case !d.prog.HasCloseCodes():
		code = 0
	case v.Fault() == states.FaultLimit && code != 0:
		code = d.prog.TooBig
	}
	return &Error{Violation: v, Code: code, Status: v.Status(), Machine: m, State: state, Offset: offset}
}

func (d *Driver) connectionFlush() {
	d.due |= dueOpen
	o := d.opening
	if o.nonce != "" {
		d.frameMask = newFrameMask(o.key, o.nonce)
	}
	d.opening = nil
	for _, c := range o.queue {
		d.encode(c)
	}
	if d.working != &o.working { // else detach puts it back
		d.ep.openings.put(o)
	}
}

func (d *Driver) connectionQueue() { d.queueCommand() }

func (d *Driver) connectionSend() { d.encodeCommand() }

func (d *Driver) connectionSendClose() {
	d.writePong()
	body := d.command.payload
	if own := d.prog.Close.Own[d.prog.side]; own != "" {
		body = []byte(own)
	}
	d.writeFrame(d.prog.heads.close, body)
}

func (d *Driver) connectionAnswerPing() {
	d.connectionReportPing()
	if d.Blocked() { // the answer to an older ping gives way (RFC 6455 §5.5.3)
		if d.pong == nil {
			d.pong = &pong{}
		}
		d.pong.payload = append(d.pong.payload[:0], d.piece...)
		return
	}
	d.pong = nil
	d.writeFrame(d.prog.heads.pong, d.piece)
}

func (d *Driver) connectionReportPing() {
	d.event.Kind, d.event.Data = EventPing, d.piece
}

func (d *Driver) connectionReportPong() {
	d.event = PongEvent(d.pings.settle(d.piece), d.piece)
}

func (d *Driver) connectionAnswerClose() {
	d.connectionNoteClose()
	d.pong = nil // a ping need not be answered after a close frame (RFC 6455 §5.5.2)
	d.writeFrame(d.prog.heads.close, d.piece)
}

func (d *Driver) connectionNoteClose() {
	end := d.noteOutcome()
	end.peerCode = CloseNoStatus
	if len(d.piece) >= 2 && d.prog.HasCloseCodes() {
		end.peerCode = CloseCode(binary.BigEndian.Uint16(d.piece))
		var r utf8.Replacer // drafts up to hybi-09 replace what is no UTF-8
		end.peerReason = string(r.Flush(r.Append(nil, d.piece[2:])))
	}
}

func (d *Driver) connectionSendFailure() {
	d.connectionReportFailure()
	d.writePong()
	err := d.outcome.err.(*Error)
	body := binary.BigEndian.AppendUint16(make([]byte, 0, maxLength7), uint16(err.Code))
	d.writeFrame(d.prog.heads.close, append(body, err.reason...))
}

func (d *Driver) connectionReportFailure() { d.due |= dueError }

func (d *Driver) connectionReportClean() {
	d.noteOutcome().clean = true
	d.due |= dueClosed
}

// connectionReportEnd reports the end that is the only way to close: unclean if
// the transport failed.
func (d *Driver) connectionReportEnd() {
	end := d.noteOutcome()
	end.clean = end.cause == nil
	if end.clean {
		end.peerCode = CloseNoStatus
	}
	d.due |= dueClosed
}

func (d *Driver) connectionReportAbnormal() {
	if end := d.noteOutcome(); end.cause == nil {
		end.cause = ErrEndOfStream
	}
	d.due |= dueClosed
}

// noteOutcome returns where it is noted how the connection ends.
func (d *Driver) noteOutcome() *outcome {
	if d.outcome == nil {
		d.outcome = &outcome{}
	}
	return d.outcome
}

// closedEvent is the last event (RFC 6455 §7.1.4 to §7.1.6).
func (d *Driver) closedEvent() Event {
	d.chain.release(d.ep)
	end := d.noteOutcome()
	code := end.peerCode
	if code == 0 {
		code = CloseAbnormal
	}
	return ClosedEvent(code, end.peerReason, end.clean)
}

// closeVerdict judges the body of a close frame by its shape (RFC 6455 §5.5.1,
// §7.4).
func closeVerdict(rules *CloseRules, body []byte) states.FrameEvent {
	switch {
	case rules.Body == states.CloseBodyAny:
		return states.FrameOnClose
	case rules.Body == states.CloseBodyLetter:
		return rules.letterVerdict(body)
	case len(body) == 0:
		return states.FrameOnCloseEmpty
	case len(body) == 1:
		return states.FrameOnCloseShort
	case !allowed(rules.Received, CloseCode(binary.BigEndian.Uint16(body))):
		return states.FrameOnCloseCode
	case rules.Body == states.CloseBodyCode && !utf8.Valid(body[2:]):
		return states.FrameOnCloseReason
	}
	return states.FrameOnClose
}

// letterVerdict wants the letter of either end in front (hybi-05).
func (rules *CloseRules) letterVerdict(body []byte) states.FrameEvent {
	for _, own := range rules.Own {
		if own != "" && bytes.HasPrefix(body, []byte(own)) {
			return states.FrameOnClose
		}
	}
	return states.FrameOnCloseLetter
}

package model

// readCloseBody judges the body of a close frame (hybi-01 and later). It returns
// the code, 1005 if there is none, and the reason.
//
//	01-04  anything, without meaning
//	05     begins with the letter of the side that began to close
//	06-09  nothing, or a code and a reason whose bad UTF-8 is replaced
//	10-    nothing, or a code and a reason in UTF-8 (RFC 6455 §5.5.1)
func (p Params) readCloseBody(body string) (code uint16, reason string, v Violation) {
	d := p.draft()
	if d <= 4 {
		return 1005, "", ""
	}
	if d == 5 {
		if body == "" || body[0] != 'C' && body[0] != 'S' {
			return 0, "", CloseLetter
		}
		return 1005, "", ""
	}
	if body == "" {
		return 1005, "", ""
	}
	if len(body) == 1 {
		return 0, "", CloseShort
	}
	code = uint16(body[0])<<8 | uint16(body[1])
	reason = body[2:]
	if !p.CloseCodeAllowed(code) {
		return 0, "", CloseCode
	}
	if d.replacesText() {
		return code, ReplaceUTF8(reason), ""
	}
	if !ValidUTF8(reason) {
		return 0, "", CloseReason
	}
	return code, reason, ""
}

// CloseFrame returns the plain close frame with code and reason. Code 1005
// stands for none, the reason is then unused. In hybi-06 and later the body is
// then empty, otherwise code and reason (RFC 6455 §5.5.1); in hybi-05 it is the
// letter of p's role, before it empty. Code and reason are not checked, and
// unused in versions that have none. It panics in 75, which has no close frame.
func (p Params) CloseFrame(code uint16, reason string) Frame {
	f := Frame{Fin: true, Opcode: p.Opcode(KindClose)}
	d := p.draft()
	if d == 5 {
		p.mustRead()
		f.Payload = "S"
		if p.Role == Client {
			f.Payload = "C"
		}
	}
	if d.hasCodes() && code != 1005 {
		f.Payload = string([]byte{byte(code >> 8), byte(code)}) + reason
	}
	return f
}

// CloseFrame is [Params.CloseFrame] of RFC 6455.
func CloseFrame(code uint16, reason string) Frame {
	return Params{}.CloseFrame(code, reason)
}

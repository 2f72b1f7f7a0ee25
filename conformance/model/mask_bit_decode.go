package model

// maskBitReader holds what reading a stream of RFC 6455 frames must remember
// from one frame to the next.
type maskBitReader struct {
	params Params
	stream []byte
	result Decoded

	kind    Kind   // of the unfinished message
	message []byte // what has been read of it
	checked int    // bytes of message known to be whole characters
}

func decodeMaskBit(p Params, stream []byte) Decoded {
	r := &maskBitReader{params: p, stream: stream}
	for r.frame() {
	}
	return r.result
}

// frame reads the frame at result.Consumed. It returns false when there is no
// further frame to read.
func (r *maskBitReader) frame() bool {
	octets := r.stream[r.result.Consumed:]
	if len(octets) == 0 {
		return false
	}
	r.result.InFrame = true
	if v := checkFirstOctet(octets[0]); v != "" {
		return r.fail(v, 1)
	}
	if len(octets) < 2 {
		return false
	}
	if v := checkSecondOctet(r.params.Role, octets[0], octets[1]); v != "" {
		return r.fail(v, 2)
	}
	length, head := frameLength(octets)
	if head > len(octets) {
		return false
	}
	if v := checkLength(octets[1], length); v != "" {
		return r.fail(v, head)
	}
	if isControl(octets[0]) {
		return r.control(octets, head, int(length))
	}
	return r.data(octets, head, length)
}

// fail ends the stream with v, certain after n octets of the current frame.
func (r *maskBitReader) fail(v Violation, n int) bool {
	r.result.Violation = v
	r.result.Consumed += n
	r.result.InFrame = false
	r.result.InMessage = false
	return false
}

// control reads a control frame with an accepted head of head octets. It may
// stand between the frames of a message and does not touch it (§5.4).
func (r *maskBitReader) control(octets []byte, head, length int) bool {
	body, begin := r.body(octets, head, uint64(length))
	if begin+length > len(octets) {
		return false
	}
	if octets[0]&0x0F == OpClose {
		return r.close(body, begin+length)
	}
	kind := KindPing
	if octets[0]&0x0F == OpPong {
		kind = KindPong
	}
	r.finish(Outcome{Kind: kind, Data: string(body)}, begin+length)
	return true
}

// close judges the body of a close frame that takes size octets (§5.5.1).
func (r *maskBitReader) close(body []byte, size int) bool {
	if len(body) == 0 {
		r.result.InMessage = false
		r.finish(Outcome{Kind: KindClose, Code: 1005}, size)
		return false
	}
	if len(body) == 1 {
		return r.fail(CloseShort, size)
	}
	code := uint16(body[0])<<8 | uint16(body[1])
	reason := string(body[2:])
	if !CloseCodeValidReceived(code) {
		return r.fail(CloseCode, size)
	}
	if !ValidUTF8(reason) {
		return r.fail(CloseReason, size)
	}
	r.result.InMessage = false
	r.finish(Outcome{Kind: KindClose, Data: reason, Code: code}, size)
	return false
}

// data reads a data frame with a well-formed head of head octets.
func (r *maskBitReader) data(octets []byte, head int, length uint64) bool {
	// len(message) never exceeds the limit, so the difference is not negative.
	if length > r.params.Limit-uint64(len(r.message)) {
		return r.fail(TooLong, head)
	}
	opcode := octets[0] & 0x0F
	if opcode == OpContinuation && !r.result.InMessage {
		return r.fail(StrayContinuation, head)
	}
	if opcode != OpContinuation && r.result.InMessage {
		return r.fail(Interleaved, head)
	}
	if opcode == OpText {
		r.kind = KindText
	}
	if opcode == OpBinary {
		r.kind = KindBinary
	}
	r.result.InMessage = true

	body, begin := r.body(octets, head, length)
	if begin > len(octets) {
		return false
	}
	before := len(r.message)
	r.message = append(r.message, body...)
	if bad := r.badText(); bad != -1 {
		return r.fail(InvalidText, begin+bad-before+1)
	}
	if uint64(len(body)) < length {
		return false
	}
	return r.endData(octets[0]&0x80 != 0, begin+len(body))
}

// badText returns the index of the first octet of the message that cannot be
// text, -1 if there is none or the message is binary. A character may be split
// over frames (§5.6).
func (r *maskBitReader) badText() int {
	if r.kind != KindText {
		return -1
	}
	whole, bad := ScanUTF8(r.message[r.checked:])
	if bad != -1 {
		return r.checked + bad
	}
	r.checked += whole
	return -1
}

// endData ends a data frame that takes size octets.
func (r *maskBitReader) endData(fin bool, size int) bool {
	if !fin {
		r.result.Consumed += size
		r.result.InFrame = false
		return true
	}
	if r.kind == KindText && r.checked < len(r.message) {
		return r.fail(InvalidText, size)
	}
	data := string(r.message)
	r.message = nil
	r.checked = 0
	r.result.InMessage = false
	r.finish(Outcome{Kind: r.kind, Data: data}, size)
	return true
}

// finish adds an outcome and ends its frame, which takes size octets.
func (r *maskBitReader) finish(o Outcome, size int) {
	r.result.Consumed += size
	r.result.InFrame = false
	o.End = r.result.Consumed
	r.result.Outcomes = append(r.result.Outcomes, o)
}

// body returns what the stream has of a payload of length bytes, unmasked if
// the role expects a key, and the offset at which it begins; that is beyond the
// end of octets while the key is incomplete.
func (r *maskBitReader) body(octets []byte, head int, length uint64) (body []byte, begin int) {
	begin = head
	if r.params.Role == Server {
		begin = head + 4
	}
	if begin > len(octets) {
		return nil, begin
	}
	body = octets[begin:]
	if uint64(len(body)) > length {
		body = body[:length]
	}
	if r.params.Role == Server {
		body = xor(body, [4]byte(octets[head:begin]))
	}
	return body, begin
}

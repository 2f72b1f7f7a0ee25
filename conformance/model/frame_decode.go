package model

// frameReader holds what reading a stream of frames (hybi-01 and later) must
// remember from one frame to the next.
type frameReader struct {
	params  Params
	stream  []byte
	result  Decoded
	message message
}

// frameHead is what the head of the current frame says.
type frameHead struct {
	kind   Kind
	final  bool
	length uint64
	size   int // octets of the stream up to the end of the length
}

func decodeFrames(p Params, stream []byte) Decoded {
	r := &frameReader{params: p, stream: stream}
	for r.frame() {
	}
	return r.result
}

// frame reads the frame at result.Consumed. It returns false when there is no
// further frame to read.
func (r *frameReader) frame() bool {
	octets := r.stream[r.result.Consumed:]
	if len(octets) == 0 {
		return false
	}
	r.result.InFrame = true
	front := r.frontLength()
	if front > len(octets) {
		return false
	}
	d := r.params.draft()
	// No head is longer than ten octets.
	clear := r.unprefixed(octets, front, min(front+10, len(octets)))
	if len(clear) < 1 {
		return false
	}
	if v := d.checkFirstOctet(clear[0]); v != "" {
		return r.fail(v, front+1)
	}
	if len(clear) < 2 {
		return false
	}
	if v := r.params.checkSecondOctet(clear[0], clear[1]); v != "" {
		return r.fail(v, front+2)
	}
	length, n := frameLength(clear)
	if n > len(clear) {
		return false
	}
	if v := d.checkLength(clear[1], length); v != "" {
		return r.fail(v, front+n)
	}
	h := frameHead{kind: d.kindOf(clear[0] & 0x0F), final: d.isFinal(clear[0]), length: length, size: front + n}
	if isControl(h.kind) {
		return r.control(octets, h)
	}
	return r.data(octets, h)
}

// frontLength returns the number of octets in front of each frame that are not
// part of it.
func (r *frameReader) frontLength() int {
	if r.params.draft().prefixMask() && r.params.Role == Server {
		return 4
	}
	return 0
}

// unprefixed returns the octets from begin to end of the frame at octets, with
// the mask of its front taken off if there is one. The mask begins at the first
// octet behind the front and runs over the head and the payload.
func (r *frameReader) unprefixed(octets []byte, begin, end int) []byte {
	front := r.frontLength()
	if front == 0 {
		return octets[begin:end]
	}
	return xor(octets[begin:end], r.params.prefixKey(octets[:front]), begin-front)
}

// body returns what the stream has of the payload, unmasked, and the offset at
// which it begins; that is beyond the end of octets while a key is incomplete.
func (r *frameReader) body(octets []byte, h frameHead) (body []byte, begin int) {
	begin = h.size
	keyed := r.params.draft().maskBit() && r.params.Role == Server
	if keyed {
		begin = h.size + 4
	}
	if begin > len(octets) {
		return nil, begin
	}
	end := len(octets)
	if uint64(end-begin) > h.length {
		end = begin + int(h.length)
	}
	if keyed {
		return xor(octets[begin:end], octets[h.size:begin], 0), begin
	}
	return r.unprefixed(octets, begin, end), begin
}

// fail ends the stream with v, certain after n octets of the current frame.
func (r *frameReader) fail(v Violation, n int) bool {
	r.result.Violation = v
	r.result.Consumed += n
	r.result.InFrame = false
	r.result.InMessage = false
	return false
}

// control reads a control frame with an accepted head. It may stand between the
// frames of a message and does not touch it (§5.4).
func (r *frameReader) control(octets []byte, h frameHead) bool {
	body, begin := r.body(octets, h)
	end := begin + int(h.length)
	if end > len(octets) {
		return false
	}
	if h.kind != KindClose {
		r.finish(Outcome{Kind: h.kind, Data: string(body)}, end)
		return true
	}
	code, reason, v := r.params.readCloseBody(string(body))
	if v != "" {
		return r.fail(v, end)
	}
	r.result.InMessage = false
	r.result.CloseBody = string(body)
	r.finish(Outcome{Kind: KindClose, Data: reason, Code: code}, end)
	return false
}

// data reads a data frame with a well-formed head.
func (r *frameReader) data(octets []byte, h frameHead) bool {
	// The size never exceeds the limit, so the difference is not negative.
	if h.length > r.params.Limit-r.message.size() {
		return r.fail(TooLong, h.size)
	}
	if h.kind == KindContinuation && !r.result.InMessage {
		return r.fail(StrayContinuation, h.size)
	}
	if h.kind != KindContinuation && r.result.InMessage {
		return r.fail(Interleaved, h.size)
	}
	if h.kind != KindContinuation {
		r.message = message{kind: h.kind, replace: r.params.draft().replacesText()}
	}
	r.result.InMessage = true

	body, begin := r.body(octets, h)
	if begin > len(octets) {
		return false
	}
	for i, b := range body {
		if !r.message.add(b) {
			return r.fail(InvalidText, begin+i+1)
		}
		remaining := h.length - uint64(i) - 1
		if r.message.size()+remaining > r.params.Limit {
			return r.fail(TooLong, begin+i+1)
		}
	}
	if uint64(len(body)) < h.length {
		return false
	}
	return r.endData(h.final, begin+len(body))
}

// endData ends a data frame that takes size octets.
func (r *frameReader) endData(final bool, size int) bool {
	if !final {
		r.result.Consumed += size
		r.result.InFrame = false
		return true
	}
	if !r.message.end() {
		return r.fail(InvalidText, size)
	}
	if r.message.size() > r.params.Limit {
		return r.fail(TooLong, size)
	}
	r.result.InMessage = false
	r.finish(Outcome{Kind: r.message.kind, Data: string(r.message.data)}, size)
	r.message = message{}
	return true
}

// finish adds an outcome and ends its frame, which takes size octets.
func (r *frameReader) finish(o Outcome, size int) {
	r.result.Consumed += size
	r.result.InFrame = false
	o.End = r.result.Consumed
	r.result.Outcomes = append(r.result.Outcomes, o)
}

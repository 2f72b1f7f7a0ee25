package model

// sentinelReader reads a stream of hixie-75 or hixie-76. A frame begins with its
// type. A type below 80 is followed by a payload that FF ends, any other by a
// length and that many octets. Only 00, which is text, says something, and in
// hixie-76 FF with a length of 0, which closes; the others are skipped.
type sentinelReader struct {
	params Params
	stream []byte
	result Decoded
}

func decodeSentinel(p Params, stream []byte) Decoded {
	r := &sentinelReader{params: p, stream: stream}
	for r.frame() {
	}
	return r.result
}

// frame reads the frame at result.Consumed. It returns false when there is no
// further frame to read.
func (r *sentinelReader) frame() bool {
	octets := r.stream[r.result.Consumed:]
	if len(octets) == 0 {
		return false
	}
	r.result.InFrame = true
	if octets[0] == 0x00 {
		return r.text(octets)
	}
	if octets[0] < 0x80 {
		return r.skipToEnd(octets)
	}
	return r.sized(octets)
}

// text reads a text frame. The end octet never occurs in UTF-8, and what is no
// UTF-8 cannot escape it either.
func (r *sentinelReader) text(octets []byte) bool {
	r.result.InMessage = true
	m := message{kind: KindText, replace: true}
	for i := 1; i < len(octets); i++ {
		ended := octets[i] == 0xFF
		if ended {
			m.end()
		} else {
			m.add(octets[i])
		}
		if m.size() > r.params.Limit {
			return r.fail(TooLong, i+1)
		}
		if ended {
			r.result.InMessage = false
			r.finish(i + 1)
			r.report(Outcome{Kind: KindText, Data: string(m.data)})
			return true
		}
	}
	return false
}

// skipToEnd passes over a frame up to its end octet, however far that is.
func (r *sentinelReader) skipToEnd(octets []byte) bool {
	for i := 1; i < len(octets); i++ {
		if octets[i] == 0xFF {
			r.finish(i + 1)
			return true
		}
	}
	return false
}

// sized reads a frame with a length: seven bits in each octet, the greatest
// first, the top bit set in all but the last. Leading zeros are allowed.
func (r *sentinelReader) sized(octets []byte) bool {
	var length uint64
	head := 1
	for {
		if head == len(octets) {
			return false
		}
		b := octets[head]
		head++
		if length >= 1<<56 {
			return r.fail(Overflow, head) // seven more bits make it 2^63 at least
		}
		length = length<<7 | uint64(b&0x7F)
		if b < 0x80 {
			break
		}
	}
	if octets[0] == 0xFF && length == 0 && r.params.draft() == hixie76 {
		r.finish(head)
		r.report(Outcome{Kind: KindClose, Code: 1005})
		return false
	}
	if length > r.params.Limit {
		return r.fail(TooLong, head)
	}
	if uint64(len(octets)-head) < length {
		return false
	}
	r.finish(head + int(length))
	return true
}

// fail ends the stream with v, certain after n octets of the current frame.
func (r *sentinelReader) fail(v Violation, n int) bool {
	r.result.Violation = v
	r.result.Consumed += n
	r.result.InFrame = false
	r.result.InMessage = false
	return false
}

// finish ends a frame that takes size octets.
func (r *sentinelReader) finish(size int) {
	r.result.Consumed += size
	r.result.InFrame = false
}

// report adds an outcome that the frame just ended has completed.
func (r *sentinelReader) report(o Outcome) {
	o.End = r.result.Consumed
	r.result.Outcomes = append(r.result.Outcomes, o)
}

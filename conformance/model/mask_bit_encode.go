package model

// Frame is a frame of RFC 6455 §5.2. Every value can be encoded, also one that
// no endpoint may send.
type Frame struct {
	// Fin marks the last frame of a message.
	Fin bool
	// RSV holds the reserved bits in its low three bits: RSV1 is 4, RSV2 is 2,
	// RSV3 is 1. The others are not written.
	RSV byte
	// Opcode is written with its low four bits.
	Opcode byte
	// Masked tells whether the frame carries Key.
	Masked bool
	// Key is the masking key; it counts only with Masked.
	Key [4]byte
	// Payload is the payload as it is before masking.
	Payload string
	// Missing is added to len(Payload) in the length that the head announces,
	// for frames whose payload is cut off or never comes. 1<<63 sets the top bit
	// of a 64-bit length.
	Missing uint64
	// Width is the least width of the length field.
	Width Width
}

// Width says which of the three forms of a length is used at least. A length
// that does not fit takes the next form that holds it.
type Width int

// The forms. WidthMinimal is what the RFC asks for; the others force a form
// that may not be minimal.
const (
	WidthMinimal Width = iota
	Width16
	Width64
)

// WithKey returns f masked with key.
func (f Frame) WithKey(key [4]byte) Frame {
	f.Masked = true
	f.Key = key
	return f
}

// Unmasked returns f without its key: what remains comparable where keys are
// random.
func (f Frame) Unmasked() Frame {
	f.Masked = false
	f.Key = [4]byte{}
	return f
}

// Encode returns the octets of frames, one after the other.
func Encode(frames ...Frame) []byte {
	var out []byte
	for _, f := range frames {
		out = appendFrame(out, f)
	}
	return out
}

// appendFrame appends the octets of f to out.
func appendFrame(out []byte, f Frame) []byte {
	first := f.RSV&7<<4 | f.Opcode&0x0F
	if f.Fin {
		first |= 0x80
	}
	out = append(out, first)

	mask := byte(0)
	if f.Masked {
		mask = 0x80
	}
	length := uint64(len(f.Payload)) + f.Missing
	if length <= 125 && f.Width == WidthMinimal {
		out = append(out, mask|byte(length))
	} else if length <= 0xFFFF && f.Width != Width64 {
		out = append(out, mask|126, byte(length>>8), byte(length))
	} else {
		out = append(out, mask|127)
		for shift := 56; shift >= 0; shift -= 8 {
			out = append(out, byte(length>>shift))
		}
	}
	if !f.Masked {
		return append(out, f.Payload...)
	}
	out = append(out, f.Key[:]...)
	return append(out, xor([]byte(f.Payload), f.Key)...)
}

// MessageFrames returns the plain frames of a message of kind text or binary.
// Each of sizes is the payload length in bytes of one frame before the last,
// which takes the rest. A size that is negative counts as 0, one beyond what is
// left as all that is left. Any other kind panics.
func MessageFrames(kind Kind, payload string, sizes ...int) []Frame {
	var opcode byte
	switch kind {
	case KindText:
		opcode = OpText
	case KindBinary:
		opcode = OpBinary
	default:
		panic("model: not a kind of message: " + string(kind))
	}
	var frames []Frame
	for _, size := range sizes {
		size = min(max(size, 0), len(payload))
		frames = append(frames, Frame{Opcode: opcode, Payload: payload[:size]})
		payload = payload[size:]
		opcode = OpContinuation
	}
	return append(frames, Frame{Fin: true, Opcode: opcode, Payload: payload})
}

// CloseFrame returns the plain close frame with code and reason (§5.5.1). Code
// 1005 stands for none: the body is then empty and the reason unused. Code and
// reason are not checked.
func CloseFrame(code uint16, reason string) Frame {
	f := Frame{Fin: true, Opcode: OpClose}
	if code != 1005 {
		f.Payload = string([]byte{byte(code >> 8), byte(code)}) + reason
	}
	return f
}

// SplitFrames takes octets apart into frames without judging them, and returns
// the octets of an unfinished last frame as rest. It is the reverse of
// [Encode]: encoding what it returns gives octets without rest.
func SplitFrames(octets []byte) (frames []Frame, rest []byte) {
	for len(octets) >= 2 {
		length, head := frameLength(octets)
		f := Frame{
			Fin:    octets[0]&0x80 != 0,
			RSV:    octets[0] >> 4 & 7,
			Opcode: octets[0] & 0x0F,
			Masked: octets[1]&0x80 != 0,
			Width:  widthUsed(octets[1], length),
		}
		begin := head
		if f.Masked {
			begin += 4
		}
		if begin > len(octets) || uint64(len(octets)-begin) < length {
			return frames, octets
		}
		payload := octets[begin : begin+int(length)]
		if f.Masked {
			f.Key = [4]byte(octets[head:begin])
			payload = xor(payload, f.Key)
		}
		f.Payload = string(payload)
		frames = append(frames, f)
		octets = octets[begin+int(length):]
	}
	return frames, octets
}

// widthUsed returns the Width that makes length take the form that the second
// octet tells of.
func widthUsed(second byte, length uint64) Width {
	if second&0x7F == 126 && length <= 125 {
		return Width16
	}
	if second&0x7F == 127 && length <= 0xFFFF {
		return Width64
	}
	return WidthMinimal
}

package model

// Frame is a frame of any version. Every value can be encoded, also one that no
// endpoint may send; what a version has no place for is not written.
type Frame struct {
	// Fin marks the last frame of a message, whichever value of the bit says so.
	Fin bool
	// RSV holds the reserved bits in its low four bits: RSV1 is 4, RSV2 is 2,
	// RSV3 is 1, and up to hybi-06 RSV4 is 8. The others are not written.
	RSV byte
	// Opcode is written with its low four bits; in 75 and 76 it is the type, all
	// eight bits of it.
	Opcode byte
	// Masked tells whether the frame carries Key. Before hybi-04 there is none.
	Masked bool
	// Key is the masking key, or the four octets in front of a frame that is
	// masked as a whole; it counts only with Masked.
	Key [4]byte
	// Payload is the payload as it is before masking.
	Payload string
	// Missing is added to len(Payload) in the length that the head announces,
	// for frames whose payload is cut off or never comes. 1<<63 sets the top bit
	// of a 64-bit length. A frame that ends with an octet FF lacks that instead.
	Missing uint64
	// Width is the least width of the length field.
	Width Width
	// Padding is the number of zeros, written as 80, in front of a length of 75
	// and 76.
	Padding int
}

// Width says which of the three forms of a length is used at least, from hybi-01
// on. A length that does not fit takes the next form that holds it.
type Width int

// The forms. WidthMinimal is what hybi-14 and later ask for; the others force a
// form that may not be minimal.
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

// MessageFrames returns the plain frames of a message of kind text or binary.
// Each of sizes is the payload length in bytes of one frame before the last,
// which takes the rest. A size that is negative counts as 0, one beyond what is
// left as all that is left. Any other kind panics, and in 75 and 76 binary and
// sizes do.
func (p Params) MessageFrames(kind Kind, payload string, sizes ...int) []Frame {
	if kind != KindText && kind != KindBinary {
		panic("model: not a kind of message: " + string(kind))
	}
	opcode := p.Opcode(kind)
	var frames []Frame
	for _, size := range sizes {
		size = min(max(size, 0), len(payload))
		frames = append(frames, Frame{Opcode: opcode, Payload: payload[:size]})
		payload = payload[size:]
		opcode = p.Opcode(KindContinuation)
	}
	return append(frames, Frame{Fin: true, Opcode: opcode, Payload: payload})
}

// MessageFrames is [Params.MessageFrames] of RFC 6455.
func MessageFrames(kind Kind, payload string, sizes ...int) []Frame {
	return Params{}.MessageFrames(kind, payload, sizes...)
}

// Encode returns the octets of frames, one after the other. Whether a frame is
// masked is said by the frame, not by p's role.
func (p Params) Encode(frames ...Frame) []byte {
	var out []byte
	for _, f := range frames {
		if p.draft() <= hixie76 {
			out = appendSentinelFrame(out, f)
		} else {
			out = p.appendFrame(out, f)
		}
	}
	return out
}

// Encode is [Params.Encode] of RFC 6455.
func Encode(frames ...Frame) []byte {
	return Params{}.Encode(frames...)
}

// SplitFrames takes octets that p's role sent apart into frames without judging
// them, and returns the octets of an unfinished last frame as rest; a frame whose
// length is beyond 63 bits never ends. It is the reverse of [Params.Encode]:
// encoding what it returns gives octets without rest. Every frame is marked Fin
// in 75 and 76.
func (p Params) SplitFrames(octets []byte) (frames []Frame, rest []byte) {
	p.mustRead()
	for len(octets) > 0 {
		var f Frame
		var size int
		if p.draft() <= hixie76 {
			f, size = splitSentinelFrame(octets)
		} else {
			f, size = p.splitFrame(octets)
		}
		if size == 0 {
			return frames, octets
		}
		frames = append(frames, f)
		octets = octets[size:]
	}
	return frames, octets
}

// SplitFrames is [Params.SplitFrames] of RFC 6455, for either role.
func SplitFrames(octets []byte) (frames []Frame, rest []byte) {
	return Params{Role: Server}.SplitFrames(octets)
}

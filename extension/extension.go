package extension

// Bits are reserved bits of a frame head (RFC 6455 §5.2).
type Bits uint8

// The reserved bits.
const (
	RSV1 Bits = 4
	RSV2 Bits = 2
	RSV3 Bits = 1
)

// Scope says what a session codes as one.
type Scope uint8

// The scopes of a session.
const (
	// PerMessage: a message. The bits are set on its first frame only.
	PerMessage Scope = iota
	// PerFrame: the payload of each data frame by itself. The bits may be set on
	// each of them.
	PerFrame
)

// Position says which part of a message is encoded.
type Position uint8

// The parts of a message. With PerFrame each frame is Whole.
const (
	Whole  Position = iota // all of it
	First                  // its first fragment, more to follow
	Middle                 // one that is neither the first nor the last
	Last                   // its last fragment
)

// Extension is an extension with its configuration, ready to be negotiated. It
// is used by many connections at once and must not change.
type Extension interface {
	// Name is the token that it is negotiated under, compared with case.
	Name() string
	// Offers are what a client offers: a list of parameters for each
	// alternative, the preferred one first. None: the client does not offer it.
	Offers() [][]Parameter
	// Answer is for the server: it chooses among the client's offers of this
	// name, which come in the client's order, and gives the parameters of the
	// answer. A nil session declines all of them.
	Answer(offers [][]Parameter) ([]Parameter, *Session)
	// Accept is for the client: it checks the parameters of the server's
	// answer. An error fails the connection.
	Accept(answer []Parameter) (*Session, error)
}

// Required is what an Extension implements if a client may insist on it.
type Required interface {
	// Required reports whether a client ends the connection, with close code
	// 1010 (RFC 6455 §7.4.1), when the server has not agreed to the extension.
	Required() bool
}

// Session is what an extension does on one connection.
type Session struct {
	// Bits are the reserved bits that the session owns. A message, or a frame,
	// is coded if and only if one of them is set. A session without bits
	// concerns all of them.
	Bits Bits
	// Scope says what is coded as one.
	Scope Scope
	// Encoder codes what is sent. Nil: everything is sent as it is.
	Encoder Encoder
	// Alike is not nil if the encoder keeps nothing from message to message: a
	// comparable value, equal for sessions whose encoders give the same octets
	// for a whole message. A message for many connections is then encoded once.
	Alike any
	// Decoder decodes what comes. Nil: what is coded cannot be decoded.
	Decoder Decoder
}

// Release releases the encoder and the decoder.
func (s *Session) Release() {
	if s.Encoder != nil {
		s.Encoder.Release()
	}
	if s.Decoder != nil {
		s.Decoder.Release()
	}
}

// Encoder codes what is sent on one connection.
type Encoder interface {
	// Encode appends the coding of p to dst and returns the extended slice.
	// With PerMessage, p is a message or, in order, a part of one; with PerFrame
	// always Whole. With Whole or First, bits are those of Session.Bits to be
	// set, at least one if there are any; coded is false if the message (or
	// frame) is better sent as it is: then what was appended is dropped, and
	// Encode is not called for the rest of the message. p must not be changed or
	// kept.
	Encode(dst, p []byte, at Position) (out []byte, bits Bits, coded bool)
	// Release says that the connection has ended, to give back buffers. Nothing
	// is called after that.
	Release()
}

// Decoder undoes, on one connection, what the peer's encoder did. An error of
// Decode or End that wraps ErrTooLong fails the connection with close code 1009,
// any other with 1007. It is the Cause of the driver's error.
type Decoder interface {
	// Begin says that a coded message (or frame) begins, and which of
	// Session.Bits are set.
	Begin(bits Bits)
	// Decode appends the decoding of src to dst, at most room octets (at least
	// one), and returns the extended slice and how many octets of src it took.
	// It must take all of them unless it stops for want of room; then it leaves
	// at least one, and is called again with what it left. It must not write to
	// src nor keep it.
	Decode(dst, src []byte, room int) (out []byte, n int, err error)
	// End says that the message (or frame) is complete and appends what is left
	// of it. If it stops for want of room, done is false and it is called again.
	End(dst []byte, room int) (out []byte, done bool, err error)
	// Release says that the connection has ended, to give back buffers, perhaps
	// inside a message. Nothing is called after that.
	Release()
}

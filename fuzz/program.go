package fuzz

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm"
)

// Version is the newest version of the format: the first octet of a program.
// Decode reads it and version 1, whose programs are played on RFC 6455; Encode
// writes those in version 1.
const Version = 2

// Limits of a program.
const (
	MaxOps    = 1024    // operations
	MaxOctets = 1 << 17 // octets of all operations together, inclusive
	// maxNumber is the greatest number that the format can write.
	maxNumber = 1<<21 - 1
)

// Program is a sequence of operations on one driver.
type Program struct {
	Options Options
	Ops     []Op
}

// Options say how a program is played.
type Options struct {
	// Version is the version of the protocol, by name; empty for RFC 6455.
	Version     string
	Handshake   bool // the operations begin before the opening handshake
	AutoStart   bool // as in wsfsm.Options; without Handshake always
	Pieces      bool // messages are delivered in pieces; to the second driver if not
	KeepReading bool // as in wsfsm.Options
	Echo        bool // each message is answered with itself as soon as it comes
	Hold        bool // output is written by OpSent only; otherwise after each operation
	Lazy        bool // events are taken by OpNext only; otherwise after each operation
	// Subprotocols: the endpoint speaks "chat" and "superchat", otherwise none.
	Subprotocols bool
	// Limits, as in wsfsm.Options: 0 the default, wsfsm.NoLimit none.
	MaxMessage, MaxOutput, MaxHead, MaxLine, MaxFields int
	// Cut is the seed by which the second driver's input is cut; 0: octet by octet.
	Cut int
}

// OpKind is the kind of an operation, as in the format.
type OpKind uint8

// The kinds of operations.
const (
	OpLiteral OpKind = iota
	OpFrame
	OpBroken
	OpCut
	OpText
	OpBinary
	OpBegin
	OpAppend
	OpEnd
	OpPing
	OpPong
	OpClose
	OpLend
	OpSent
	OpDrop
	OpNext
	OpEOF
	OpExpire
	OpStart
	OpReject
	OpDetach
	OpChoose
	OpHead
	opKinds // how many there are
)

// FrameType is the type of a frame of OpFrame and OpBroken.
type FrameType uint8

// The types of frames.
const (
	FrameText FrameType = iota
	FrameBinary
	FrameContinuation
	FrameClose
	FramePing
	FramePong
	frameTypes
)

// Op is one operation. Fields that its kind does not mention are zero.
type Op struct {
	Kind  OpKind
	Octet Octets // literal, payload, reason, body or name
	// N is the number of OpCut, OpSent, OpNext, OpClose (code), OpReject
	// (status) and OpHead (place in the list, modulo its length).
	N        int
	Type     FrameType // OpFrame, OpBroken
	More     bool      // OpFrame, OpBroken: FIN is not set
	Key      byte      // OpFrame, OpBroken: what the masking key is made of
	Defect   Defect    // OpBroken
	IsBinary bool      // OpBegin, OpLend
	Reset    bool      // OpEOF: the transport has ended by an error
	AtOnce   bool      // OpEOF: also while input is pending
}

// Octets stands for Size octets: Data again and again, or the letter a if Data
// is empty.
type Octets struct {
	Data []byte // no longer than Size
	Size int
}

// Plain returns p as Octets.
func Plain[T string | []byte](p T) Octets {
	if len(p) == 0 {
		return Octets{}
	}
	return Octets{Data: []byte(p), Size: len(p)}
}

// Bytes returns the octets in a slice of their own.
func (o Octets) Bytes() []byte {
	data := o.Data
	if len(data) == 0 {
		data = []byte("a")
	}
	return bytes.Repeat(data, o.Size/len(data)+1)[:o.Size:o.Size]
}

// String writes the octets for a reader, long ones in short.
func (o Octets) String() string {
	const most = 40
	if o.Size <= most {
		return fmt.Sprintf("%q", o.Bytes())
	}
	return fmt.Sprintf("%q… (%d octets)", Octets{o.Data, most}.Bytes(), o.Size)
}

// String writes the program for a reader: its options, then an operation a line.
func (p Program) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%+v\n", p.Options)
	for i, op := range p.Ops {
		fmt.Fprintf(&s, "%3d %v\n", i, op)
	}
	return s.String()
}

// String returns the kind's name.
func (k OpKind) String() string {
	names := [opKinds]string{"literal", "frame", "broken", "cut", "text", "binary", "begin", "append", "end", "ping", "pong", "close",
		"lend", "sent", "drop", "next", "eof", "expire", "start", "reject", "detach", "choose", "head"}
	if k >= opKinds {
		return fmt.Sprintf("OpKind(%d)", uint8(k))
	}
	return names[k]
}

// String returns the type's name.
func (t FrameType) String() string {
	names := [frameTypes]string{"text", "binary", "continuation", "close", "ping", "pong"}
	if t >= frameTypes {
		return fmt.Sprintf("FrameType(%d)", uint8(t))
	}
	return names[t]
}

// String writes the operation for a reader.
func (o Op) String() string {
	words := []string{o.Kind.String()}
	add := func(yes bool, format string, args ...any) {
		if yes {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	isFrame := o.Kind == OpFrame || o.Kind == OpBroken
	add(isFrame, "%v", o.Type)
	add(o.More, "more")
	add(isFrame, "key %d", o.Key)
	add(o.Kind == OpBroken, "%v", o.Defect)
	add(o.IsBinary, "binary")
	add(o.Reset, "reset")
	add(o.AtOnce, "at-once")
	form := forms[o.Kind%opKinds]
	add(form.number, "%d", o.N)
	add(form.octets, "%v", o.Octet)
	return strings.Join(words, " ")
}

// message returns the kind of the message that the operation sends.
func (o Op) message() wsfsm.MessageKind {
	if o.IsBinary || o.Kind == OpBinary {
		return wsfsm.Binary
	}
	return wsfsm.Text
}

// isInput reports whether the operation is octets from the transport.
func (o Op) isInput() bool {
	switch o.Kind {
	case OpLiteral, OpFrame, OpBroken, OpHead:
		return true
	}
	return false
}

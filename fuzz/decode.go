package fuzz

import "github.com/wsfsm/wsfsm"

// form says what of an operation is written behind its first octet, in the
// order of the fields.
type form struct {
	frame  bool // type and key
	number bool
	octets bool
	defect bool
}

// forms are the forms of the operations, by kind.
var forms = [opKinds]form{
	OpLiteral: {octets: true},
	OpFrame:   {frame: true, octets: true},
	OpBroken:  {frame: true, octets: true, defect: true},
	OpCut:     {number: true},
	OpText:    {octets: true},
	OpBinary:  {octets: true},
	OpBegin:   {octets: true},
	OpAppend:  {octets: true},
	OpEnd:     {octets: true},
	OpPing:    {octets: true},
	OpPong:    {octets: true},
	OpClose:   {number: true, octets: true},
	OpLend:    {octets: true},
	OpSent:    {number: true},
	OpNext:    {number: true},
	OpReject:  {number: true, octets: true},
	OpChoose:  {octets: true},
	OpHead:    {number: true},
}

// Bits of an operation's first octet.
const (
	kindBits  = 0x1F
	firstBit  = 0x20 // FIN is not set; binary; reset
	secondBit = 0x40 // at once
)

// Bits of the flags.
const (
	flagHandshake = 1 << iota
	flagAutoStart
	flagPieces
	flagKeepReading
	flagEcho
	flagHold
	flagLazy
	flagSubprotocols
)

// Decode reads a program. It returns false if the octets are of no version that
// it knows; otherwise any octets are a program. The program does not share
// memory with p.
func Decode(p []byte) (Program, bool) {
	if len(p) == 0 || p[0] == 0 || p[0] > Version {
		return Program{}, false
	}
	d := decoder{rest: p[1:], room: MaxOctets}
	version := ""
	if p[0] == Version {
		version = versionNamed(d.octet())
	}
	program := Program{Options: d.options()}
	program.Options.Version = version
	for len(d.rest) > 0 && len(program.Ops) < MaxOps {
		if op, ok := d.op(); ok {
			program.Ops = append(program.Ops, op)
		}
	}
	return program, true
}

type decoder struct {
	rest []byte
	room int // octets that operations may still stand for
}

func (d *decoder) octet() byte {
	if len(d.rest) == 0 {
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoder) number() (n int) {
	for shift := 0; shift < 21; shift += 7 {
		b := d.octet()
		n |= int(b&0x7F) << shift
		if b < 0x80 {
			break
		}
	}
	return n
}

func (d *decoder) octets() Octets {
	size := min(d.number(), d.room)
	d.room -= size
	n := min(d.number(), len(d.rest))
	o := Octets{Size: size}
	o.Data = append(o.Data, d.rest[:min(n, size)]...)
	d.rest = d.rest[n:]
	return o
}

// limit reads a limit of the options.
func (d *decoder) limit() int {
	switch n := d.number(); n {
	case 0:
		return 0
	case 1:
		return wsfsm.NoLimit
	default:
		return n - 1
	}
}

func (d *decoder) options() Options {
	flags := d.octet()
	return Options{
		Handshake:    flags&flagHandshake != 0,
		AutoStart:    flags&flagAutoStart != 0,
		Pieces:       flags&flagPieces != 0,
		KeepReading:  flags&flagKeepReading != 0,
		Echo:         flags&flagEcho != 0,
		Hold:         flags&flagHold != 0,
		Lazy:         flags&flagLazy != 0,
		Subprotocols: flags&flagSubprotocols != 0,
		MaxMessage:   d.limit(),
		MaxOutput:    d.limit(),
		MaxHead:      d.limit(),
		MaxLine:      d.limit(),
		MaxFields:    d.limit(),
		Cut:          d.number(),
	}
}

func (d *decoder) op() (Op, bool) {
	first := d.octet()
	op := Op{Kind: OpKind(first & kindBits)}
	if op.Kind >= opKinds {
		return op, false
	}
	switch op.Kind {
	case OpFrame, OpBroken:
		op.More = first&firstBit != 0
	case OpBegin, OpLend:
		op.IsBinary = first&firstBit != 0
	case OpEOF:
		op.Reset = first&firstBit != 0
		op.AtOnce = first&secondBit != 0
	}
	form := forms[op.Kind]
	if form.frame {
		op.Type = FrameType(d.octet() % uint8(frameTypes))
		op.Key = d.octet()
	}
	if form.number {
		op.N = d.number()
	}
	if op.Kind == OpClose {
		op.N &= 0xFFFF
	}
	if form.octets {
		op.Octet = d.octets()
	}
	if form.defect {
		op.Defect = Defect(d.octet() % uint8(defects))
	}
	return op, true
}

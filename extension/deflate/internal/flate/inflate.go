package flate

import (
	"encoding/binary"
	"slices"
)

// stage is what the inflater reads next.
type stage uint8

const (
	atHeader stage = iota
	inStoredLength
	inStored
	inCounts
	inPreLengths
	inLengths
	inSymbols
	inDistance
	inCopy
)

// stop says why the inflater stopped.
type stop uint8

const (
	goOn      stop = iota
	needInput      // all octets are taken
	needRoom       // there is no room for the next octet
	failed         // fault says why
)

// emptyBlocks is how many blocks without output a message may have beyond one for
// each octet of output.
const emptyBlocks = 4096

// Inflater decodes a stream that may stop at any octet.
type Inflater struct {
	fixed *FixedTables
	win   *Window

	// input and output of the call
	src  []byte
	at   int
	out  []byte
	pos  int
	held int // octets of the next input that are in acc already

	acc uint64 // bits read and not used, the lowest first
	n   uint   // how many

	stage    stage
	final    bool // the block is, or the last one was, marked as final
	fault    error
	lit      *[litTable]entry
	dist     *[distTable]entry
	length   int // octets to copy
	distance int
	stored   int // octets of a stored block still to come

	produced int64 // octets of output of the message
	began    int64 // of them, those before the block
	empty    int64 // blocks without output

	// the head of a dynamic block
	nLit, nDist, nPre, have int
	lengths                 [maxLit + 2 + 32]uint8
	builder                 builder
	pre                     [1 << preBits]entry
	ownLit                  [litTable]entry
	ownDist                 [distTable]entry
}

// NewInflater returns an inflater that Begin makes ready.
func NewInflater(fixed *FixedTables) *Inflater { return &Inflater{fixed: fixed} }

// Begin begins a message, or a stream, that refers back to the octets of w. The
// decoded octets are appended to w.
func (f *Inflater) Begin(w *Window) {
	f.win = w
	f.acc, f.n, f.held = 0, 0, 0
	f.stage, f.final, f.fault = atHeader, false, nil
	f.produced, f.began, f.empty = 0, 0, 0
}

// Drop forgets the window.
func (f *Inflater) Drop() { f.win, f.src, f.out, f.lit, f.dist = nil, nil, nil, nil, nil }

// AtBoundary reports whether the octets so far end with a whole block that ends
// with an octet; final, whether it is marked as final.
func (f *Inflater) AtBoundary() (boundary, final bool) {
	boundary = f.stage == atHeader && f.n == 0
	return boundary, boundary && f.final
}

// Inflate appends what src decodes to, at most room octets, and returns how many
// octets of src it took: all unless it stopped for want of room; then at least one
// is left, and the next src must begin with those that are. After an error nothing
// more can be decoded.
func (f *Inflater) Inflate(dst, src []byte, room int) (out []byte, n int, err error) {
	if f.fault != nil {
		return dst, len(src), f.fault
	}
	dst = slices.Grow(dst, room)
	start := len(dst)
	f.src, f.at, f.held = src, f.held, 0
	f.out, f.pos = dst[start:start+room], 0
	why := f.run()
	dst = dst[:start+f.pos]
	f.win.Append(f.out[:f.pos])
	f.produced += int64(f.pos)
	n = f.at
	f.src, f.out, f.pos = nil, nil, 0
	if why == needRoom && n == len(src) {
		n--
		f.held = 1
	}
	return dst, n, f.fault
}

// run goes from stage to stage until it has to stop.
func (f *Inflater) run() (why stop) {
	for why == goOn {
		switch f.stage {
		case atHeader:
			why = f.header()
		case inStoredLength:
			why = f.storedLength()
		case inStored:
			why = f.copyStored()
		case inCounts:
			why = f.counts()
		case inPreLengths:
			why = f.preLengths()
		case inLengths:
			why = f.codeLengths()
		case inSymbols:
			f.fast()
			why = f.symbol()
		case inDistance:
			why = f.readDistance()
		case inCopy:
			why = f.copyMatch()
		}
	}
	return why
}

func (f *Inflater) fail(err error) stop {
	f.fault = err
	return failed
}

// more reads an octet into acc, or as many as there is room for.
func (f *Inflater) more() bool {
	if len(f.src)-f.at >= 8 {
		f.acc |= binary.LittleEndian.Uint64(f.src[f.at:]) << f.n
		f.at += int((63 - f.n) >> 3)
		f.n |= 56
		f.acc &= 1<<f.n - 1
		return true
	}
	if f.at == len(f.src) {
		return false
	}
	f.acc |= uint64(f.src[f.at]) << f.n
	f.at++
	f.n += 8
	return true
}

// need sees to it that acc has k bits.
func (f *Inflater) need(k uint) bool {
	for f.n < k {
		if !f.more() {
			return false
		}
	}
	return true
}

// take uses k bits, which acc must have.
func (f *Inflater) take(k uint) int {
	v := f.acc & (1<<k - 1)
	f.acc >>= k
	f.n -= k
	return int(v)
}

// header reads the head of a block (RFC 1951 §3.2.3).
func (f *Inflater) header() stop {
	if !f.need(3) {
		return needInput
	}
	f.began = f.produced + int64(f.pos)
	f.final = f.take(1) == 1
	switch f.take(2) {
	case 0:
		f.take(f.n & 7)
		f.stage = inStoredLength
	case 1:
		f.lit, f.dist = &f.fixed.lit, &f.fixed.dist
		f.stage = inSymbols
	case 2:
		f.stage = inCounts
	default:
		return f.fail(ErrCorrupt)
	}
	return goOn
}

// endBlock ends a block. Behind a final one the next begins with an octet (RFC
// 7692 §7.2.3.4).
func (f *Inflater) endBlock() stop {
	if f.final {
		f.take(f.n & 7)
	}
	if produced := f.produced + int64(f.pos); produced == f.began {
		if f.empty++; f.empty > emptyBlocks+produced {
			return f.fail(ErrEmptyBlocks)
		}
	}
	f.stage = atHeader
	return goOn
}

func (f *Inflater) storedLength() stop {
	if !f.need(32) {
		return needInput
	}
	f.stored = f.take(16)
	if f.take(16) != f.stored^0xFFFF {
		return f.fail(ErrCorrupt)
	}
	f.stage = inStored
	return goOn
}

func (f *Inflater) copyStored() stop {
	for f.stored > 0 {
		switch {
		case f.n == 0 && f.at == len(f.src):
			return needInput
		case f.pos == len(f.out):
			return needRoom
		case f.n > 0: // whole octets
			f.out[f.pos] = byte(f.take(8))
			f.pos++
			f.stored--
		default:
			k := min(f.stored, len(f.src)-f.at, len(f.out)-f.pos)
			copy(f.out[f.pos:], f.src[f.at:f.at+k])
			f.at, f.pos, f.stored = f.at+k, f.pos+k, f.stored-k
		}
	}
	return f.endBlock()
}

// unread gives whole octets in acc back to src, so that no more is taken than
// needed.
func (f *Inflater) unread() {
	k := min(f.n>>3, uint(f.at))
	f.at -= int(k)
	f.n -= 8 * k
	f.acc &= 1<<f.n - 1
}

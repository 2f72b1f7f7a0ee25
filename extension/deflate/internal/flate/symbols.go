package flate

import "encoding/binary"

// code looks the next code up; false if more bits are needed. An entry of 0 means
// that there is no such code.
func (f *Inflater) code(table []entry, first uint) (entry, bool) {
	for {
		e := table[f.acc&(1<<first-1)]
		if e&kindMask == kindLink {
			e = table[uint64(e>>16)+f.acc>>first&(1<<extraBits(e)-1)]
		}
		if e != 0 && codeLength(e) <= f.n || e == 0 && f.n >= 15 {
			return e, true
		}
		if !f.more() {
			return 0, false
		}
	}
}

// value is the base of a code and its extra bits, which acc must have.
func (f *Inflater) value(e entry) int {
	f.take(codeLength(e))
	return int(e>>16) + f.take(extraBits(e))
}

// symbol decodes one literal, length or end of block.
func (f *Inflater) symbol() stop {
	e, ok := f.code(f.lit[:], litBits)
	if !ok {
		return needInput
	}
	switch e & kindMask {
	case kindLiteral:
		if f.pos == len(f.out) {
			return needRoom
		}
		f.take(codeLength(e))
		f.out[f.pos] = byte(e >> 16)
		f.pos++
	case kindBase:
		if !f.need(codeLength(e) + extraBits(e)) {
			return needInput
		}
		f.length = f.value(e)
		f.stage = inDistance
	case kindEnd:
		f.take(codeLength(e))
		return f.endBlock()
	default:
		return f.fail(ErrCorrupt)
	}
	return goOn
}

func (f *Inflater) readDistance() stop {
	e, ok := f.code(f.dist[:], distBits)
	switch {
	case !ok:
		return needInput
	case e == 0:
		return f.fail(ErrCorrupt)
	case !f.need(codeLength(e) + extraBits(e)):
		return needInput
	}
	if f.distance = f.value(e); !f.reaches(f.distance) {
		return f.fail(ErrDistance)
	}
	f.stage = inCopy
	return goOn
}

// Octets that one round of fast may take, and give.
const (
	fastInput  = 8
	fastOutput = maxMatch + 3 + 8
)

// fast decodes symbols while there is plenty of input and room, without looking
// at either within a round. It stops before what it leaves to the slow path.
func (f *Inflater) fast() {
	src, out := f.src, f.out
	at, pos, acc, n := f.at, f.pos, f.acc, f.n
	lit, dist := f.lit, f.dist
	filled, size := f.win.filled, len(f.win.ring)
	if len(src)-at < fastInput || len(out)-pos < fastOutput {
		return
	}
	for len(src)-at >= fastInput && len(out)-pos >= fastOutput {
		acc |= binary.LittleEndian.Uint64(src[at:]) << n
		at += int((63 - n) >> 3)
		n |= 56
		e := lit[acc&(1<<litBits-1)]
		if e&kindMask == kindLiteral { // a literal of the first level: three fit into one load
			acc >>= e & 31
			n -= uint(e & 31)
			out[pos] = byte(e >> 16)
			pos++
			e = lit[acc&(1<<litBits-1)]
			if e&kindMask == kindLiteral {
				acc >>= e & 31
				n -= uint(e & 31)
				out[pos] = byte(e >> 16)
				pos++
				e = lit[acc&(1<<litBits-1)]
				if e&kindMask == kindLiteral {
					acc >>= e & 31
					n -= uint(e & 31)
					out[pos] = byte(e >> 16)
					pos++
					continue
				}
			}
			if n < 48 { // a length and a distance may have more
				continue
			}
		}
		if e&kindMask == kindLink {
			e = lit[(e>>16+uint32(acc>>litBits)&(1<<(e>>8&31)-1))&(litTable-1)]
			if e&kindMask == kindLiteral {
				acc >>= e & 31
				n -= uint(e & 31)
				out[pos] = byte(e >> 16)
				pos++
				continue
			}
		}
		if e&kindMask != kindBase {
			break // the end of the block, or no code
		}
		saved, savedN := acc, n
		acc >>= e & 31
		length := int(e>>16) + int(acc&(1<<(e>>8&31)-1))
		acc >>= e >> 8 & 31
		n -= uint(e&31 + e>>8&31)
		d := dist[acc&(1<<distBits-1)]
		if d&kindMask == kindLink {
			d = dist[(d>>16+uint32(acc>>distBits)&(1<<(d>>8&31)-1))&(distTable-1)]
		}
		acc >>= d & 31
		distance := int(d>>16) + int(acc&(1<<(d>>8&31)-1))
		acc >>= d >> 8 & 31
		n -= uint(d&31 + d>>8&31)
		if d == 0 || distance > pos+filled || distance > size {
			acc, n = saved, savedN // the slow path finds what is wrong
			break
		}
		switch {
		case distance > pos:
			pos = f.copyBack(out, pos, distance, length)
		case distance >= 8:
			for end := pos + length; ; {
				binary.LittleEndian.PutUint64(out[pos:], binary.LittleEndian.Uint64(out[pos-distance:]))
				if pos += 8; pos >= end {
					pos = end
					break
				}
			}
		default:
			copyWithin(out, pos, distance, length)
			pos += length
		}
	}
	f.at, f.pos, f.acc, f.n = at, pos, acc, n
	f.unread()
}

package flate

import "encoding/binary"

// counts begins the head of a dynamic block (RFC 1951 §3.2.7).
func (f *Inflater) counts() stop {
	if !f.need(14) {
		return needInput
	}
	f.nLit, f.nDist, f.nPre = f.take(5)+257, f.take(5)+1, f.take(4)+4
	if f.nLit > maxLit || f.nDist > maxDist {
		return f.fail(ErrCorrupt)
	}
	f.have = 0
	clear(f.lengths[:numPre])
	f.stage = inPreLengths
	return goOn
}

// preLengths reads the lengths of the codes that code the lengths.
func (f *Inflater) preLengths() stop {
	for ; f.have < f.nPre; f.have++ {
		if !f.need(3) {
			return needInput
		}
		f.lengths[preOrder()[f.have]] = uint8(f.take(3))
	}
	if !f.builder.build(f.pre[:], preBits, f.lengths[:numPre], f.fixed.pre[:]) {
		return f.fail(ErrCorrupt)
	}
	f.have = 0
	f.stage = inLengths
	return goOn
}

// codeLengths reads the lengths of all codes and makes the tables.
func (f *Inflater) codeLengths() stop {
	for total := f.nLit + f.nDist; f.have < total; {
		if f.fastLengths(total); f.have == total {
			break
		}
		e, ok := f.code(f.pre[:], preBits)
		switch {
		case !ok:
			return needInput
		case e == 0:
			return f.fail(ErrCorrupt)
		case !f.need(codeLength(e) + extraBits(e)):
			return needInput
		}
		f.take(codeLength(e))
		if !f.repeat(int(e>>16), f.take(extraBits(e)), total) {
			return f.fail(ErrCorrupt)
		}
	}
	lit, dist := f.lengths[:f.nLit], f.lengths[f.nLit:f.nLit+f.nDist]
	mean := &f.fixed.meanings
	if lit[endOfBlock] == 0 || !f.builder.build(f.ownLit[:], litBits, lit, mean.lit[:]) || !f.builder.build(f.ownDist[:], distBits, dist, mean.dist[:]) {
		return f.fail(ErrCorrupt)
	}
	f.lit, f.dist = &f.ownLit, &f.ownDist
	f.stage = inSymbols
	return goOn
}

// fastLengths reads lengths while there is plenty of input, and leaves what is
// wrong to the slow path.
func (f *Inflater) fastLengths(total int) {
	acc, n, at := f.acc, f.n, f.at
	for ok := true; ok && f.have < total && len(f.src)-at >= 8; {
		acc |= binary.LittleEndian.Uint64(f.src[at:at+8]) << n
		at += int((63 - n) >> 3)
		n |= 56
		for ok && f.have < total && n >= 14 {
			e := f.pre[acc&(1<<preBits-1)]
			behind, extra := acc>>codeLength(e), extraBits(e)
			if ok = e != 0 && f.repeat(int(e>>16), int(behind&(1<<extra-1)), total); ok {
				acc = behind >> extra
				n -= codeLength(e) + extra
			}
		}
	}
	f.acc, f.n, f.at = acc, n, at
	f.unread()
}

// repeat adds what a symbol of the code length code and its extra bits stand for.
// It returns false if there is no length before, or if there are more than total.
func (f *Inflater) repeat(symbol, extra, total int) bool {
	times, length := 1, uint8(symbol)
	switch symbol {
	case 16:
		if f.have == 0 {
			return false
		}
		times, length = 3+extra, f.lengths[f.have-1]
	case 17:
		times, length = 3+extra, 0
	case 18:
		times, length = 11+extra, 0
	}
	if times > total-f.have {
		return false
	}
	for i := range times {
		f.lengths[f.have+i] = length
	}
	f.have += times
	return true
}

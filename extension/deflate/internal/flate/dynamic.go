package flate

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
	if !build(f.pre[:], preBits, f.lengths[:numPre], preEntry) {
		return f.fail(ErrCorrupt)
	}
	f.have = 0
	f.stage = inLengths
	return goOn
}

// codeLengths reads the lengths of all codes and makes the tables.
func (f *Inflater) codeLengths() stop {
	for f.have < f.nLit+f.nDist {
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
		symbol, repeat, value := int(e>>16), 1, uint8(e>>16)
		if symbol >= 16 {
			if symbol == 16 && f.have == 0 {
				return f.fail(ErrCorrupt)
			}
			repeat, value = f.take(extraBits(e))+3, 0
			switch symbol {
			case 16:
				value = f.lengths[f.have-1]
			case 18:
				repeat += 8
			}
		}
		if f.have+repeat > f.nLit+f.nDist {
			return f.fail(ErrCorrupt)
		}
		for ; repeat > 0; repeat-- {
			f.lengths[f.have] = value
			f.have++
		}
	}
	lit, dist := f.lengths[:f.nLit], f.lengths[f.nLit:f.nLit+f.nDist]
	if lit[endOfBlock] == 0 || !build(f.ownLit[:], litBits, lit, litEntry) || !build(f.ownDist[:], distBits, dist, distEntry) {
		return f.fail(ErrCorrupt)
	}
	f.lit, f.dist = &f.ownLit, &f.ownDist
	f.stage = inSymbols
	return goOn
}

package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func writeScanAVX2(s *scan) {
	s.unless(s.width, "done")
	s.fault(s.first(), "done")
	s.ADDQ(operand.U32(s.width), s.i)
	s.loop(s.cleanAVX2)

	s.Label("one")
	s.unless(s.width, "rest")
	s.fault(s.block(0), "done")
	s.ADDQ(operand.U32(s.width), s.i)
	s.JMP(operand.LabelRef("one"))

	// The last block overlaps the one before, which needs three octets more; one
	// or two octets behind a single block are left over.
	s.Label("rest")
	s.CMPQ(s.i, s.n)
	s.JE(operand.LabelRef("done"))
	s.CMPQ(s.n, operand.U32(s.width+3))
	s.JL(operand.LabelRef("done"))
	begun := s.GP64()
	s.MOVQ(s.i, begun)
	s.LEAQ(at(s.n, -s.width), s.i)
	faults := s.block(0)
	s.MOVQ(begun, s.i)
	s.fault(faults, "done")
	s.MOVQ(s.n, s.i)
	s.ends()
}

// first returns the faults of the first block, before which there is nothing.
func (s *scan) first() reg.VecVirtual {
	current := s.load(at(s.p, 0))
	shifted := s.register()
	s.VPERM2I128(operand.Imm(0x08), current, current, shifted) // zeros, then the low half
	var back [3]reg.VecVirtual
	for n := range back {
		back[n] = s.register()
		s.VPALIGNR(operand.Imm(uint64(15-n)), shifted, current, back[n])
	}
	return s.faults(current, back)
}

// cleanAVX2 jumps to label if r is zero, or if its high bits are.
func (s *scan) cleanAVX2(r reg.VecVirtual, highBits bool, label string) {
	if highBits {
		s.VPTEST(s.highBit, r)
	} else {
		s.VPTEST(r, r)
	}
	s.JZ(operand.LabelRef(label))
}

// fault jumps to label if r is not zero.
func (s *scan) fault(r reg.VecVirtual, label string) {
	s.VPTEST(r, r)
	s.JNZ(operand.LabelRef(label))
}

package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func writeScanAVX512(s *scan) {
	all := s.GP64()
	s.MOVQ(operand.I32(-1), all)

	// The first block: before it there is nothing.
	lanes := s.lanes(all)
	s.partly(lanes, func(n int) reg.OpmaskVirtual {
		before := s.GP64()
		s.MOVQ(lanes, before)
		s.SHRQ(operand.Imm(uint64(n)), before)
		s.SHLQ(operand.Imm(uint64(n)), before)
		return s.opmask(before)
	})
	s.loop(s.cleanAVX512)

	s.Label("one")
	s.CMPQ(s.i, s.n)
	s.JGE(operand.LabelRef("all"))
	lanes = s.lanes(all)
	k := s.opmask(lanes)
	s.partly(lanes, func(int) reg.OpmaskVirtual { return k })
	s.JMP(operand.LabelRef("one"))

	s.Label("all")
	s.MOVQ(s.n, s.i)
	s.ends()
}

// lanes returns a bit for each octet of the next block that belongs to the text.
func (s *scan) lanes(all reg.Register) reg.Register {
	left, lanes := s.GP64(), s.GP64()
	s.MOVQ(s.n, left)
	s.SUBQ(s.i, left)
	// BZHI looks at eight bits of the count, so that more than 64 must be cut.
	limit := s.GP64()
	s.MOVQ(operand.U32(64), limit)
	s.CMPQ(left, limit)
	s.CMOVQGT(limit, left)
	s.BZHIQ(left, all, lanes)
	return lanes
}

func (s *scan) opmask(bits reg.Register) reg.OpmaskVirtual {
	k := s.K()
	s.KMOVQ(bits, k)
	return k
}

// partly looks at the next block's lanes and goes on behind it unless one is at
// fault. back gives those that the octets n before them are loaded for. Masked
// loads touch nothing outside the text.
func (s *scan) partly(lanes reg.Register, back func(n int) reg.OpmaskVirtual) {
	k := s.opmask(lanes)
	load := func(n int, k reg.OpmaskVirtual) reg.VecVirtual {
		r := s.register()
		s.VMOVDQU8_Z(indexed(s.p, s.i, -n), k, r)
		return r
	}
	faults := s.faults(load(0, k), [3]reg.VecVirtual{load(1, back(1)), load(2, back(2)), load(3, back(3))})
	bad := s.K()
	s.VPTESTMB(faults, faults, k, bad)
	s.KORTESTQ(bad, bad)
	s.JNZ(operand.LabelRef("done"))
	s.ADDQ(operand.U32(s.width), s.i)
}

// cleanAVX512 jumps to label if r is zero, or if its high bits are.
func (s *scan) cleanAVX512(r reg.VecVirtual, highBits bool, label string) {
	bits := s.K()
	if highBits {
		s.VPMOVB2M(r, bits)
	} else {
		s.VPTESTMB(r, r, bits)
	}
	s.KORTESTQ(bits, bits)
	s.JZ(operand.LabelRef(label))
}

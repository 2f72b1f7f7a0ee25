package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vector writes instructions for registers of one width, for what AVX2 and
// AVX-512 name differently.
type vector struct {
	*build.Context
	width int // octets of a register: 32 with AVX2, 64 with AVX-512
}

func (v vector) wide() bool { return v.width == 64 }

func (v vector) register() reg.VecVirtual {
	if v.wide() {
		return v.ZMM()
	}
	return v.YMM()
}

// move loads or stores.
func (v vector) move(from, to operand.Op) {
	if v.wide() {
		v.VMOVDQU64(from, to)
	} else {
		v.VMOVDQU(from, to)
	}
}

// load returns a new register with what is in memory.
func (v vector) load(from operand.Mem) reg.VecVirtual {
	to := v.register()
	v.move(from, to)
	return to
}

// xor sets to to a XOR b; a may be in memory.
func (v vector) xor(a, b, to operand.Op) {
	if v.wide() {
		v.VPXORQ(a, b, to)
	} else {
		v.VPXOR(a, b, to)
	}
}

// and sets to to a AND b; a may be in memory.
func (v vector) and(a, b, to operand.Op) {
	if v.wide() {
		v.VPANDQ(a, b, to)
	} else {
		v.VPAND(a, b, to)
	}
}

// or sets to to a OR b; a may be in memory.
func (v vector) or(a, b, to operand.Op) {
	if v.wide() {
		v.VPORQ(a, b, to)
	} else {
		v.VPOR(a, b, to)
	}
}

// highBits returns a register that is 0 if no octet of r has its high bit set.
func (v vector) highBits(r reg.VecVirtual) reg.Register {
	bits := v.GP32()
	half := r.AsY()
	if v.wide() {
		upper := v.YMM()
		v.VEXTRACTI64X4(operand.Imm(1), r, upper)
		v.VPOR(upper, half, half)
	}
	v.VPMOVMSKB(half, bits)
	return bits
}

// broadcast returns a register with 16 octets of memory in each of its lanes.
func (v vector) broadcast(from operand.Mem) reg.VecVirtual {
	r := v.register()
	if v.wide() {
		v.VBROADCASTI32X4(from, r)
	} else {
		v.VBROADCASTI128(from, r)
	}
	return r
}

// function begins an assembly function that needs no stack.
func function(ctx *build.Context, name, signature string, doc ...string) {
	ctx.Function(name)
	ctx.Attributes(attr.NOSPLIT)
	ctx.SignatureExpr(signature)
	ctx.Doc(doc...)
	ctx.Pragma("noescape")
}

// at is the memory at an offset from a register.
func at(base reg.Register, offset int) operand.Mem {
	return operand.Mem{Base: base, Disp: offset}
}

// indexed is the memory at an index and an offset from a register.
func indexed(base, index reg.Register, offset int) operand.Mem {
	return operand.Mem{Base: base, Index: index, Scale: 1, Disp: offset}
}

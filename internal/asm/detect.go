package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Bits of CPUID and XCR0 (Intel 64 and IA-32 Architectures Software Developer's
// Manual, volume 2A, CPUID, and volume 1, §13.3).
const (
	osxsaveAndAVX = 1<<27 | 1<<28 // leaf 1, ECX

	// Leaf 7, EBX: BMI1, AVX2 and BMI2; AVX-512 F, DQ, BW and VL.
	avx2Bits   = 1<<3 | 1<<5 | 1<<8
	avx512Bits = 1<<16 | 1<<17 | 1<<30 | 1<<31

	// Leaf 7, ECX: AVX-512 VBMI. It is not used; processors that lack it lower
	// their frequency for wide registers.
	vbmiBit = 1 << 1

	stateAVX    = 1<<1 | 1<<2       // XMM and YMM
	stateAVX512 = stateAVX | 0x7<<5 // opmask, upper ZMM, more ZMM
)

// writeDetect writes the function that finds out what processor and operating
// system can do.
func writeDetect(ctx *build.Context) {
	function(ctx, "detect", "func() int",
		"detect returns 2 if AVX-512 may be used, 1 if AVX2 may, or 0.")
	result, state, features := ctx.GP64(), ctx.GP32(), ctx.GP32()
	ctx.XORQ(result, result)

	ctx.XORL(reg.EAX, reg.EAX)
	ctx.CPUID()
	ctx.CMPL(reg.EAX, operand.Imm(7))
	ctx.JB(operand.LabelRef("done"))

	ctx.MOVL(operand.U32(1), reg.EAX)
	ctx.XORL(reg.ECX, reg.ECX)
	ctx.CPUID()
	needs(ctx, reg.ECX, osxsaveAndAVX)

	ctx.XORL(reg.ECX, reg.ECX)
	ctx.XGETBV()
	ctx.MOVL(reg.EAX, state)
	ctx.MOVL(operand.U32(7), reg.EAX)
	ctx.XORL(reg.ECX, reg.ECX)
	ctx.CPUID()
	ctx.MOVL(reg.ECX, features)

	ctx.MOVL(state, reg.EAX)
	needs(ctx, reg.EAX, stateAVX)
	ctx.MOVL(reg.EBX, reg.EAX)
	needs(ctx, reg.EAX, avx2Bits)
	ctx.INCQ(result)

	needs(ctx, state, stateAVX512)
	needs(ctx, reg.EBX, avx512Bits)
	needs(ctx, features, vbmiBit)
	ctx.INCQ(result)

	ctx.Label("done")
	ctx.Store(result, ctx.ReturnIndex(0))
	ctx.RET()
}

// needs ends the detection unless all bits are set in r, which it changes.
func needs(ctx *build.Context, r reg.Register, bits uint32) {
	ctx.ANDL(operand.U32(bits), r)
	ctx.CMPL(r, operand.U32(bits))
	ctx.JNE(operand.LabelRef("done"))
}

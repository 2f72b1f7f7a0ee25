package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func writeMask(ctx *build.Context) {
	writeXOR(vector{ctx, 32}, "xorAVX2")
	writeXOR(vector{ctx, 64}, "xorAVX512")
}

// writeXOR writes a routine that masks while it copies. The first and the last
// register are loaded before anything is stored and stored after everything
// else, so that source and destination may be the same, and so that what lies
// between begins at an aligned destination and ends with a whole register.
func writeXOR(v vector, name string) {
	function(v.Context, name, "func(dst, src *byte, n int, key uint32)",
		fmt.Sprintf("%s sets n octets at dst to those at src XOR the key, whose lowest octet", name),
		fmt.Sprintf("belongs to the first. n is at least %d; dst is src, or they do not overlap.", 2*v.width))
	dst, src := v.Load(v.Param("dst"), v.GP64()), v.Load(v.Param("src"), v.GP64())
	n := v.Load(v.Param("n"), v.GP64())
	key := v.Load(v.Param("key"), v.GP32())

	head, tail := v.register(), v.register()
	v.xor(at(src, 0), keyAt(v, key, nil), head)
	v.xor(indexed(src, n, -v.width), keyAt(v, key, n), tail)

	last, i := v.GP64(), v.GP64()
	v.MOVQ(dst, i)
	v.NEGQ(i)
	v.ANDQ(operand.Imm(uint64(v.width-1)), i)
	keys := keyAt(v, key, i)
	v.LEAQ(at(n, -v.width), last)

	unrolled := 8
	blocks(v, "unrolled", i, last, unrolled, dst, src, keys)
	blocks(v, "single", i, last, 1, dst, src, keys)

	v.move(tail, indexed(dst, n, -v.width))
	v.move(head, at(dst, 0))
	v.VZEROUPPER()
	v.RET()
}

// keyAt returns a register full of the key, rotated for payload octet number n.
func keyAt(v vector, key, n reg.Register) reg.VecVirtual {
	rotated := v.GP32()
	v.MOVL(key, rotated)
	if n != nil {
		v.MOVL(n.(reg.GP).As32(), reg.ECX)
		v.SHLL(operand.Imm(3), reg.ECX) // RORL takes the count modulo 32
		v.RORL(reg.CL, rotated)
	}
	keys, low := v.register(), v.XMM()
	v.VMOVD(rotated, low)
	v.VPBROADCASTD(low, keys)
	return keys
}

// blocks masks count registers at a time while as many begin before last.
func blocks(v vector, label string, i, last reg.Register, count int, dst, src reg.Register, keys reg.VecVirtual) {
	end := v.GP64()
	v.LEAQ(at(last, -(count-1)*v.width), end)
	v.CMPQ(i, end)
	v.JGE(operand.LabelRef(label + "End"))
	v.Label(label)
	var masked []reg.VecVirtual
	for b := range count {
		r := v.register()
		v.xor(indexed(src, i, b*v.width), keys, r)
		masked = append(masked, r)
	}
	for b, r := range masked {
		v.move(r, indexed(dst, i, b*v.width))
	}
	v.ADDQ(operand.U32(count*v.width), i)
	v.CMPQ(i, end)
	v.JL(operand.LabelRef(label))
	v.Label(label + "End")
}

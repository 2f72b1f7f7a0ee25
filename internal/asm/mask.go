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
	writePattern(vector{ctx, 32}, "patternAVX2")
}

// writePattern writes a routine that masks by a pattern of five registers.
func writePattern(v vector, name string) {
	const registers = 5
	function(v.Context, name, "func(p *byte, n int, pattern *byte)",
		fmt.Sprintf("%s sets n octets at p, a multiple of %d, to themselves XOR the %d octets at", name, registers*v.width, registers*v.width),
		"pattern, again and again.")
	p, n := v.Load(v.Param("p"), v.GP64()), v.Load(v.Param("n"), v.GP64())
	pattern := v.Load(v.Param("pattern"), v.GP64())
	var keys []reg.VecVirtual
	for r := range registers {
		keys = append(keys, v.load(at(pattern, r*v.width)))
	}
	end := v.GP64()
	v.LEAQ(indexed(p, n, 0), end)
	v.Label("loop")
	v.CMPQ(p, end)
	v.JAE(operand.LabelRef("done"))
	var masked []reg.VecVirtual
	for r, key := range keys {
		m := v.register()
		v.xor(at(p, r*v.width), key, m)
		masked = append(masked, m)
	}
	for r, m := range masked {
		v.move(m, at(p, r*v.width))
	}
	v.ADDQ(operand.U32(registers*v.width), p)
	v.JMP(operand.LabelRef("loop"))
	v.Label("done")
	v.VZEROUPPER()
	v.RET()
}

// writeXOR writes a routine that masks while it copies. What lies at the ends is
// loaded before anything is stored and stored after everything else, so that source
// and destination may be the same, and so that what lies between begins at an
// aligned destination and ends with a whole register.
func writeXOR(v vector, name string) {
	function(v.Context, name, "func(dst, src *byte, n int, key uint32) (high uint32)",
		fmt.Sprintf("%s sets n octets at dst to those at src XOR the key, whose lowest octet", name),
		fmt.Sprintf("belongs to the first. n is at least %d; dst is src or begins before it, or they do not overlap. It", v.width),
		"returns 0 if none of the octets at dst has its high bit set then.")
	m := &masking{vector: v, dst: v.Load(v.Param("dst"), v.GP64()), src: v.Load(v.Param("src"), v.GP64()), n: v.Load(v.Param("n"), v.GP64())}
	key := v.Load(v.Param("key"), v.GP32())
	first, last := keyAt(v, key, nil), keyAt(v, key, m.n)

	head, tail := m.masked(at(m.src, 0), first), m.masked(indexed(m.src, m.n, -v.width), last)
	m.high = v.register()
	v.or(head, tail, m.high)
	v.CMPQ(m.n, operand.U32(4*v.width))
	v.JG(operand.LabelRef("long"))

	// Two registers from either end, or one, are all; they may overlap.
	v.CMPQ(m.n, operand.U32(2*v.width))
	v.JLE(operand.LabelRef("ends"))
	behind, before := m.masked(at(m.src, v.width), first), m.masked(indexed(m.src, m.n, -2*v.width), last)
	m.store(behind, at(m.dst, v.width))
	m.store(before, indexed(m.dst, m.n, -2*v.width))
	v.JMP(operand.LabelRef("ends"))

	v.Label("long")
	i, end := v.GP64(), v.GP64()
	v.MOVQ(m.dst, i)
	v.NEGQ(i)
	v.ANDQ(operand.Imm(uint64(v.width-1)), i)
	keys := keyAt(v, key, i)
	v.LEAQ(at(m.n, -v.width), end)
	m.blocks("unrolled", i, end, 8, keys)
	m.blocks("single", i, end, 1, keys)

	v.Label("ends")
	v.move(tail, indexed(m.dst, m.n, -v.width))
	v.move(head, at(m.dst, 0))
	v.Store(v.highBits(m.high), v.Return("high"))
	v.VZEROUPPER()
	v.RET()
}

// masking is what a routine works with.
type masking struct {
	vector
	dst, src, n reg.Register
	high        reg.VecVirtual // all that is masked, by OR
}

// masked returns a new register with what is in memory XOR keys.
func (m *masking) masked(from operand.Mem, keys reg.VecVirtual) reg.VecVirtual {
	r := m.register()
	m.xor(from, keys, r)
	return r
}

// store stores what is masked.
func (m *masking) store(masked reg.VecVirtual, to operand.Mem) {
	m.or(masked, m.high, m.high)
	m.move(masked, to)
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
func (m *masking) blocks(label string, i, last reg.Register, count int, keys reg.VecVirtual) {
	end := m.GP64()
	m.LEAQ(at(last, -(count-1)*m.width), end)
	m.CMPQ(i, end)
	m.JGE(operand.LabelRef(label + "End"))
	m.Label(label)
	var masked []reg.VecVirtual
	for b := range count {
		masked = append(masked, m.masked(indexed(m.src, i, b*m.width), keys))
	}
	for b, r := range masked {
		m.store(r, indexed(m.dst, i, b*m.width))
	}
	m.ADDQ(operand.U32(count*m.width), i)
	m.CMPQ(i, end)
	m.JL(operand.LabelRef(label))
	m.Label(label + "End")
}

package main

import (
	"encoding/binary"
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// What can be wrong with two octets that follow each other. An error is where
// the high nibble of the first, its low nibble and the high nibble of the second
// agree (J. Keiser, D. Lemire: Validating UTF-8 in less than one instruction per
// byte, 2021, §6).
const (
	tooShort     = 1 << iota // a lead octet, then no continuation
	tooLong                  // ASCII, then a continuation
	overlong3                // E0 and less than A0
	tooLarge                 // F4 and more than 8F, or F5 and more
	surrogate                // ED and more than 9F
	overlong2                // C0 or C1
	tooLarge1000             // F5 and more
	twoConts                 // two continuations: right behind E0 and more only

	overlong4 = tooLarge1000 // F0 and less than 90
	anyLow    = tooShort | tooLong | twoConts
	above     = anyLow | tooLarge | tooLarge1000
)

var (
	firstHigh = [16]byte{
		tooLong, tooLong, tooLong, tooLong, tooLong, tooLong, tooLong, tooLong,
		twoConts, twoConts, twoConts, twoConts,
		tooShort | overlong2, tooShort, tooShort | overlong3 | surrogate, tooShort | tooLarge | tooLarge1000 | overlong4,
	}
	firstLow = [16]byte{
		anyLow | overlong2 | overlong3 | overlong4, anyLow | overlong2, anyLow, anyLow,
		anyLow | tooLarge, above, above, above,
		above, above, above, above,
		above, above | surrogate, above, above,
	}
	secondHigh = [16]byte{
		tooShort, tooShort, tooShort, tooShort, tooShort, tooShort, tooShort, tooShort,
		tooLong | twoConts | overlong2 | overlong3 | tooLarge1000 | overlong4,
		tooLong | twoConts | overlong2 | overlong3 | tooLarge,
		tooLong | twoConts | overlong2 | surrogate | tooLarge,
		tooLong | twoConts | overlong2 | surrogate | tooLarge,
		tooShort, tooShort, tooShort, tooShort,
	}
)

// scanDoc is what holds for all routines.
func scanDoc(name string, width int) []string {
	return []string{
		fmt.Sprintf("%s returns how many octets at the beginning of p, which begins a", name),
		"character, were found to be UTF-8, whose last character may go on behind them.",
		fmt.Sprintf("It looks at blocks of %d octets and stops before the first in which an octet", width),
		"cannot follow those before it; so the last octet counted may be at fault too.",
	}
}

func writeUTF8(ctx *build.Context) {
	tables := map[string]operand.Mem{}
	for _, t := range []struct {
		name   string
		values [16]byte
	}{
		{"firstHigh", firstHigh},
		{"firstLow", firstLow},
		{"secondHigh", secondHigh},
		{"lowNibble", repeated(0x0F)},
		{"beforeE0", repeated(0xE0 - 0x80)},
		{"beforeF0", repeated(0xF0 - 0x80)},
		{"highBit", repeated(0x80)},
	} {
		tables[t.name] = table(ctx, t.name, t.values)
	}
	writeScanAVX2(newScan(ctx, 32, "scanAVX2", tables))
	writeScanAVX512(newScan(ctx, 64, "scanAVX512", tables))
}

func repeated(octet byte) (t [16]byte) {
	for i := range t {
		t[i] = octet
	}
	return t
}

func table(ctx *build.Context, name string, values [16]byte) operand.Mem {
	m := ctx.StaticGlobal(name)
	ctx.DataAttributes(attr.RODATA | attr.NOPTR)
	ctx.AppendDatum(operand.U64(binary.LittleEndian.Uint64(values[:8])))
	ctx.AppendDatum(operand.U64(binary.LittleEndian.Uint64(values[8:])))
	return m
}

// scan writes a routine.
type scan struct {
	vector
	p, n, i reg.Register // the text, its length, where the next block begins

	firstHigh, firstLow, secondHigh        reg.VecVirtual
	lowNibble, beforeE0, beforeF0, highBit reg.VecVirtual
}

// newScan begins a routine and loads its tables.
func newScan(ctx *build.Context, width int, name string, tables map[string]operand.Mem) *scan {
	function(ctx, name, "func(p []byte) int", scanDoc(name, width)...)
	v := vector{ctx, width}
	s := &scan{
		vector: v,
		p:      ctx.Load(ctx.Param("p").Base(), ctx.GP64()),
		n:      ctx.Load(ctx.Param("p").Len(), ctx.GP64()),
		i:      ctx.GP64(),
	}
	ctx.XORQ(s.i, s.i)
	s.firstHigh = v.broadcast(tables["firstHigh"])
	s.firstLow = v.broadcast(tables["firstLow"])
	s.secondHigh = v.broadcast(tables["secondHigh"])
	s.lowNibble = v.broadcast(tables["lowNibble"])
	s.beforeE0 = v.broadcast(tables["beforeE0"])
	s.beforeF0 = v.broadcast(tables["beforeF0"])
	s.highBit = v.broadcast(tables["highBit"])
	return s
}

// faults returns a register that is not zero where an octet is at fault. back
// holds the octets one, two and three before those of current.
func (s *scan) faults(current reg.VecVirtual, back [3]reg.VecVirtual) reg.VecVirtual {
	pair := s.look(s.firstHigh, s.high(back[0]))
	low := s.register()
	s.and(back[0], s.lowNibble, low)
	s.and(s.look(s.firstLow, low), pair, pair)
	s.and(s.look(s.secondHigh, s.high(current)), pair, pair)

	// Two and three octets behind a lead octet there must be two continuations,
	// elsewhere there must not.
	third, fourth := s.register(), s.register()
	s.VPSUBUSB(s.beforeE0, back[1], third)
	s.VPSUBUSB(s.beforeF0, back[2], fourth)
	s.or(third, fourth, third)
	s.and(s.highBit, third, third)
	s.xor(third, pair, pair)
	return pair
}

func (s *scan) look(table, index reg.VecVirtual) reg.VecVirtual {
	found := s.register()
	s.VPSHUFB(index, table, found)
	return found
}

// high returns the high nibbles.
func (s *scan) high(r reg.VecVirtual) reg.VecVirtual {
	nibbles := s.register()
	s.VPSRLW(operand.Imm(4), r, nibbles)
	s.and(s.lowNibble, nibbles, nibbles)
	return nibbles
}

// block returns the faults of the block at an offset from where the next one
// begins; three octets at least must lie before it.
func (s *scan) block(offset int) reg.VecVirtual {
	return s.faults(s.load(indexed(s.p, s.i, offset)), [3]reg.VecVirtual{
		s.load(indexed(s.p, s.i, offset-1)),
		s.load(indexed(s.p, s.i, offset-2)),
		s.load(indexed(s.p, s.i, offset-3)),
	})
}

// four returns the faults of four blocks.
func (s *scan) four() reg.VecVirtual {
	all := s.block(0)
	for b := 1; b < 4; b++ {
		s.or(s.block(b*s.width), all, all)
	}
	return all
}

// notASCII returns a register in which high bits are set if the next four blocks
// and the three octets before them are not all ASCII. A character that ends
// before the blocks must have ended for them to be ASCII.
func (s *scan) notASCII() reg.VecVirtual {
	all := s.load(indexed(s.p, s.i, -3))
	for b := range 4 {
		s.or(indexed(s.p, s.i, b*s.width), all, all)
	}
	return all
}

// ends writes the end of the routine.
func (s *scan) ends() {
	s.Label("done")
	s.Store(s.i, s.ReturnIndex(0))
	s.VZEROUPPER()
	s.RET()
}

// unless jumps to label if fewer octets are left.
func (s *scan) unless(octets int, label string) {
	end := s.GP64()
	s.LEAQ(at(s.i, octets), end)
	s.CMPQ(end, s.n)
	s.JG(operand.LabelRef(label))
}

// loop writes the loop over four blocks at a time. zero jumps to a label if a
// register is zero, in its high bits alone or in all.
func (s *scan) loop(clean func(r reg.VecVirtual, highBits bool, label string)) {
	s.Label("four")
	s.unless(4*s.width, "one")
	clean(s.notASCII(), true, "fourDone")
	clean(s.four(), false, "fourDone")
	s.JMP(operand.LabelRef("done"))
	s.Label("fourDone")
	s.ADDQ(operand.U32(4*s.width), s.i)
	s.JMP(operand.LabelRef("four"))
}

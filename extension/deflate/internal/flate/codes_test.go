package flate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// fewer is n, or with -short a tenth.
func fewer(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// A code that the coder made of random frequencies is read by the table that the
// decoder made of its lengths, whatever follows.
func TestCodesAndTablesAgree(t *testing.T) {
	fixed, b, c := NewFixedTables(), &builder{}, &coder{}
	table := make([]entry, litTable)
	f := &Inflater{}
	for seed := range uint64(fewer(2000)) {
		r := rand.New(rand.NewPCG(seed, 1))
		frequencies := make([]uint32, maxLit)
		for range r.IntN(400) { // the higher, the rarer, by a factor that makes codes of up to 15 bits
			at := r.IntN(maxLit)
			frequencies[at] = 1 + uint32(r.Uint64()&0xFFFE>>r.IntN(16))
		}
		book := &codeBook{}
		c.make(book, frequencies, 15, nil)
		lengths := make([]uint8, maxLit)
		used := 0
		for symbol := range lengths {
			lengths[symbol] = book.length(symbol)
			if (lengths[symbol] > 0) != (frequencies[symbol] > 0) {
				t.Fatalf("seed %d: symbol %d comes %d times, length %d", seed, symbol, frequencies[symbol], lengths[symbol])
			}
			used += int(min(lengths[symbol], 1))
		}
		if !b.build(table, litBits, lengths, fixed.meanings.lit[:]) {
			t.Fatalf("seed %d: the table of %d codes is refused", seed, used)
		}
		for symbol, l := range lengths {
			if l == 0 {
				continue
			}
			f.acc, f.n = uint64(book.codes[symbol]>>16)|r.Uint64()<<l, 64
			e, ok := f.code(table, litBits)
			if want := litEntry(symbol) | entry(l); !ok || e != want {
				t.Fatalf("seed %d: symbol %d of %d bits: entry %x, want %x", seed, symbol, l, e, want)
			}
		}
	}
}

func TestWhatIsNoCodeIsRefused(t *testing.T) {
	fixed, b := NewFixedTables(), &builder{}
	for _, c := range []struct {
		lengths []uint8
		ok      bool
	}{
		{nil, true},
		{[]uint8{0, 0, 1}, true},
		{[]uint8{1, 1}, true},
		{[]uint8{2, 2, 2, 2}, true},
		{[]uint8{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15}, true},
		{[]uint8{2}, false},
		{[]uint8{1, 2}, false},
		{[]uint8{1, 1, 1}, false},
		{[]uint8{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, false},
		{[]uint8{2, 2, 2, 2, 15}, false},
	} {
		if ok := b.build(make([]entry, distTable), distBits, c.lengths, fixed.meanings.dist[:]); ok != c.ok {
			t.Errorf("%v: %v", c.lengths, ok)
		}
	}
	table := make([]entry, distTable)
	if b.build(table, distBits, []uint8{0, 1}, fixed.meanings.dist[:]); table[0] != distEntry(1)|1 || table[1] != 0 {
		t.Errorf("a single code: %x", table[:2])
	}
}

// What a deflater has coded before changes nothing.
func TestDeflaterForgets(t *testing.T) {
	w, text := NewWork(), samples()["text"]
	for bits := 8; bits <= 15; bits++ {
		for _, depth := range []int{1, 16} {
			r := rand.New(rand.NewPCG(uint64(bits), uint64(depth)))
			old := NewDeflater(bits, depth)
			for context := range fewer(100) {
				fresh := NewDeflater(bits, depth)
				messages := 1
				old.Forget()
				if r.IntN(4) == 0 {
					old.Reset()
					messages = 4
				}
				for message := range messages {
					from := r.IntN(len(text) / 2)
					p := text[from : from+r.IntN(1<<r.IntN(17))]
					got, want := old.Deflate(w, nil, p, true), fresh.Deflate(w, nil, p, true)
					if !bytes.Equal(got, want) {
						t.Fatalf("%d bits, depth %d, context %d, message %d of %d octets: %d octets, a new one %d",
							bits, depth, context, message, len(p), len(got), len(want))
					}
					if r.IntN(4) > 0 {
						old.Commit(p)
						fresh.Commit(p)
					}
				}
			}
		}
	}
}

func TestMatchesOfAnyLength(t *testing.T) {
	d, w, fixed := NewDeflater(15, 1), NewWork(), NewFixedTables()
	for n := 1; n < 1100; n += 1100 / fewer(1100) {
		for _, end := range []string{"", "end", "some more octets"} {
			p := append(bytes.Repeat([]byte("x"), n), end...)
			d.Reset()
			got, err := inflate(NewInflater(fixed), NewWindow(15), d.Deflate(w, nil, p, false), 1<<10, 1<<10)
			if err != nil || !bytes.Equal(got, p) {
				t.Fatalf("%d, %q: %v", n, end, err)
			}
			for i, s := range w.sequences[:max(len(w.sequences)-3, 0)] {
				if s.match.length() != maxMatch {
					t.Errorf("%d, %q: match %d is of %d octets", n, end, i, s.match.length())
				}
			}
		}
	}
}

// What has neither matches nor frequent octets is stored; what has either is not.
func TestStoredOnlyIfItIsNoUse(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct {
		octets int // different ones
		repeat bool
		most   int // size of the coding of 60,000
	}{
		{256, false, 60_000 + 6}, {256, true, 60_000 - 800}, {200, false, 58_000}, {128, false, 53_000}, {2, false, 13_000},
	} {
		p := make([]byte, 60_000)
		for i := range p {
			p[i] = byte(r.IntN(c.octets))
		}
		if c.repeat {
			copy(p[1000:2000], p)
		}
		got := NewDeflater(15, 1).Deflate(NewWork(), nil, p, true)
		if len(got) > c.most {
			t.Errorf("%+v: %d octets", c, len(got))
		}
		if stored := bytes.Contains(got, p); stored != (c.octets == 256 && !c.repeat) {
			t.Errorf("%+v: stored: %v", c, stored)
		}
	}
}

// What is noise for long does not hide what comes behind it.
func TestTextBehindNoise(t *testing.T) {
	all := samples()
	for _, n := range []int{100, 1000, 10_000, 50_000} {
		w, text := NewWork(), all["text"][:10_000]
		alone := len(NewDeflater(15, 1).Deflate(w, nil, text, true))
		both := len(NewDeflater(15, 1).Deflate(w, nil, append(bytes.Clone(all["noise"][:n]), text...), true))
		if both > n+alone*3/2+200 {
			t.Errorf("%s", fmt.Sprint(n, " octets of noise and text of ", alone, ": ", both))
		}
	}
}

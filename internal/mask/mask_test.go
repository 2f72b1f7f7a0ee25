package mask

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// routine is an implementation.
type routine struct {
	name string
	from int // octets that it needs
	xor  func(dst, src []byte, k Key) (ascii bool)
}

// exported is what users call: it chooses a routine.
var exported = routine{"XORTo", 0, XORTo}

var portable = routine{"portable", 0, func(dst, src []byte, k Key) bool { return xorWords(dst, src, k)&highBits == 0 }}

// slow is RFC 6455 §5.3 word for word.
func slow(key [4]byte, pos int, p []byte) []byte {
	out := make([]byte, len(p))
	for i, b := range p {
		out[i] = b ^ key[(pos+i)%4]
	}
	return out
}

func keyOf(key [4]byte) Key { return Key(binary.LittleEndian.Uint32(key[:])) }

// guard is what lies around slices and must stay.
const guard = 64

// check masks src by a routine into a place at an alignment of 64, and in place,
// and compares with slow.
func check(t testing.TB, r routine, key [4]byte, pos, alignment int, src []byte) {
	t.Helper()
	want := slow(key, pos, src)
	around := bytes.Repeat([]byte{0xA5}, 2*guard)
	for _, inPlace := range []bool{true, false} {
		from := src
		room := make([]byte, len(src)+4*guard)
		place := room[guard+alignment:][:len(src):len(src)]
		for i := range room {
			room[i] = 0xA5
		}
		if inPlace {
			copy(place, src)
			from = place
		}
		kept := bytes.Clone(from)
		ascii := r.xor(place, from, keyOf(key).At(pos))
		if !bytes.Equal(place, want) {
			t.Fatalf("%s, %d octets, alignment %d, key offset %d, in place %v:\n% x, want\n% x", r.name, len(src), alignment, pos, inPlace, place, want)
		}
		if want := !slices.ContainsFunc(want, func(b byte) bool { return b >= 0x80 }); ascii != want {
			t.Fatalf("%s, %d octets, alignment %d, key offset %d, in place %v: ASCII %v, want %v", r.name, len(src), alignment, pos, inPlace, ascii, want)
		}
		if !inPlace && !bytes.Equal(from, kept) {
			t.Fatalf("%s, %d octets: the source has changed", r.name, len(src))
		}
		before, after := room[:guard+alignment], room[guard+alignment+len(src):]
		if !bytes.Equal(before, around[:len(before)]) || !bytes.Equal(after[:guard], around[:guard]) {
			t.Fatalf("%s, %d octets, alignment %d, in place %v: something around is overwritten", r.name, len(src), alignment, inPlace)
		}
	}
}

func randomOctets(r *rand.Rand, n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(r.Uint32())
	}
	return p
}

func TestEveryLengthAlignmentAndKeyOffset(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 7
	}
	for _, r := range append(routines(), exported) {
		t.Run(r.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			for n := r.from; n <= 300; n++ {
				src := randomOctets(random, n+64)
				for alignment := n % step; alignment < 64; alignment += step {
					for pos := range 4 {
						key := [4]byte(randomOctets(random, 4))
						check(t, r, key, pos, alignment, src[(alignment*7+pos)%64:][:n])
					}
				}
			}
		})
	}
}

func TestLongPayloads(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, r := range append(routines(), exported) {
		for _, n := range []int{1000, 1023, 1024, 1025, 4096, 65535, 65536, 1<<20 + 3} {
			check(t, r, [4]byte(randomOctets(random, 4)), n, n%64, randomOctets(random, n))
		}
	}
}

// TestMovesDown masks into a place that begins before the source and may overlap it.
func TestMovesDown(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, r := range append(routines(), exported) {
		for n := r.from; n <= 1200; n += 1 + n/100 {
			for gap := range 80 {
				key, room := [4]byte(randomOctets(random, 4)), randomOctets(random, 64+n+gap)
				room = room[random.IntN(64):][:n+gap]
				want, before := slow(key, gap, room[gap:]), bytes.Clone(room)
				r.xor(room[:n], room[gap:], keyOf(key).At(gap))
				if !bytes.Equal(room[:n], want) || !bytes.Equal(room[max(n, gap):], before[max(n, gap):]) {
					t.Fatalf("%s, %d octets moved by %d:\n% x, want\n% x", r.name, n, gap, room[:n], want)
				}
			}
		}
	}
}

// TestASCII masks what becomes ASCII, and what becomes ASCII but for one octet.
func TestASCII(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, r := range append(routines(), exported) {
		for n := r.from; n <= 600; n++ {
			key := [4]byte(randomOctets(random, 4))
			text := randomOctets(random, n)
			for i := range text {
				text[i] &= 0x7F
			}
			check(t, r, key, 0, n%64, slow(key, 0, text))
			for range 1 + 40/(1+n/40) {
				if n > 0 {
					i := random.IntN(n)
					text[i] |= 0x80
					check(t, r, key, 0, n%64, slow(key, 0, text))
					text[i] &= 0x7F
				}
			}
		}
	}
	if !XOR(1, []byte("abc")) || XOR(1<<7, []byte("abc")) || XOR(0, []byte("abc")) {
		t.Error("XOR does not hand on what XORTo says, or vouches for what it has not seen")
	}
}

// TestKeyGoesOn masks a payload in pieces.
func TestKeyGoesOn(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		key := [4]byte(randomOctets(random, 4))
		p := randomOctets(random, 1000)
		want := slow(key, 0, p)
		k := keyOf(key)
		for rest := p; len(rest) > 0; {
			n := 1 + random.IntN(len(rest))
			XOR(k, rest[:n])
			k, rest = k.At(n), rest[n:]
		}
		if !bytes.Equal(p, want) {
			t.Fatal("the pieces differ from the whole")
		}
	}
}

func TestZeroKeyCopies(t *testing.T) {
	dst := make([]byte, 3)
	XORTo(dst, []byte("abc"), 0)
	if string(dst) != "abc" {
		t.Fatalf("got %q", dst)
	}
	XOR(0, dst)
	if string(dst) != "abc" {
		t.Fatalf("got %q", dst)
	}
}

func TestShortDestinationIsRefused(t *testing.T) {
	for _, n := range []int{1, 20, 200} {
		func() {
			dst := make([]byte, n-1)
			defer func() {
				if recover() == nil {
					t.Errorf("%d octets went into %d", n, n-1)
				}
			}()
			XORTo(dst[:n-1:n-1], make([]byte, n), 1)
		}()
	}
}

func FuzzXOR(f *testing.F) {
	f.Add([]byte("Hello"), uint32(0x3d21fa37), 0, 0)
	f.Add(bytes.Repeat([]byte("0123456789"), 50), uint32(1), 3, 17)
	f.Fuzz(func(t *testing.T, src []byte, k uint32, pos, alignment int) {
		var key [4]byte
		binary.LittleEndian.PutUint32(key[:], k)
		for _, r := range append(routines(), exported) {
			if len(src) >= r.from {
				check(t, r, key, pos&3, alignment&63, src)
			}
		}
	})
}

// BenchmarkXOR masks in place at the offset of a payload in a buffer, 14 octets
// behind its start.
func BenchmarkXOR(b *testing.B) {
	for _, n := range []int{0, 16, 40, 125, 128, 256, 1 << 10, 16 << 10, 64 << 10, 1 << 20} {
		p := make([]byte, 14+n)[14:]
		for _, r := range append(routines(), exported) {
			if n < r.from {
				continue
			}
			b.Run(fmt.Sprint(n, "/", r.name), func(b *testing.B) {
				b.SetBytes(int64(n))
				for b.Loop() {
					r.xor(p, p, 0x3d21fa37)
				}
			})
		}
	}
}

// BenchmarkXORTo masks while it copies, as clients do.
func BenchmarkXORTo(b *testing.B) {
	for _, n := range []int{0, 16, 40, 125, 1 << 10, 64 << 10, 1 << 20} {
		dst, src := make([]byte, 14+n)[14:], make([]byte, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(n))
			for b.Loop() {
				XORTo(dst, src, 0x3d21fa37)
			}
		})
	}
}

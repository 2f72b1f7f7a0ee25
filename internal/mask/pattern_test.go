package mask

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestPattern(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for n := range 4*PatternSize + 7 {
		pattern := [PatternSize]byte(randomOctets(random, PatternSize))
		src := randomOctets(random, n)
		want := make([]byte, n)
		for i := range want {
			want[i] = src[i] ^ pattern[i%PatternSize]
		}
		room := bytes.Repeat([]byte{0xA5}, n+2*guard)
		p := room[guard:][:n:n]
		copy(p, src)
		XORPattern(p, &pattern)
		if !bytes.Equal(p, want) {
			t.Fatalf("%d octets:\n% x, want\n% x", n, p, want)
		}
		if bytes.Count(room[:guard], []byte{0xA5}) != guard || bytes.Count(room[guard+n:], []byte{0xA5}) != guard {
			t.Fatalf("%d octets: something around is overwritten", n)
		}
	}
}

func BenchmarkPattern(b *testing.B) {
	var pattern [PatternSize]byte
	for _, n := range []int{160, 1 << 10, 16 << 10, 64 << 10} {
		p := make([]byte, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(n))
			for b.Loop() {
				XORPattern(p, &pattern)
			}
		})
	}
}

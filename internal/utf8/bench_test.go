package utf8

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// kinds of text, by the characters that they are drawn from.
var kinds = []struct {
	name string
	draw func(*rand.Rand) rune
}{
	{"ASCII", func(r *rand.Rand) rune { return ' ' + r.Int32N(95) }},
	{"mixed", func(r *rand.Rand) rune {
		low := []rune{' ', 0xA0, 0x800, 0x10000}[r.IntN(4)]
		return low + r.Int32N(95)
	}},
	{"CJK", func(r *rand.Rand) rune { return 0x4E00 + r.Int32N(0x5000) }},
}

// randomText is text of n octets; what a character would exceed is ASCII.
func randomText(r *rand.Rand, draw func(*rand.Rand) rune, n int) []byte {
	p := make([]byte, 0, n)
	for len(p) < n {
		c := draw(r)
		if utf8.RuneLen(c) > n-len(p) {
			c = 'z'
		}
		p = utf8.AppendRune(p, c)
	}
	return p
}

// BenchmarkValid checks one text after another out of 8 MiB, so that branch
// predictors learn none of them.
func BenchmarkValid(b *testing.B) {
	for _, kind := range kinds {
		for _, n := range []int{0, 16, 40, 125, 1024, 16 << 10, 64 << 10, 1 << 20} {
			texts := make([][]byte, min(1<<14, 8<<20/max(n, 1)))
			r := rand.New(rand.NewPCG(uint64(n), 1))
			for i := range texts {
				texts[i] = randomText(r, kind.draw, n)
			}
			for name := range levels {
				b.Run(fmt.Sprint(kind.name, "/", n, "/", name), func(b *testing.B) {
					b.SetBytes(int64(n))
					i := 0
					for b.Loop() {
						if !Valid(texts[i]) {
							b.Fatal("not valid")
						}
						if i++; i == len(texts) {
							i = 0
						}
					}
				})
			}
		}
	}
}

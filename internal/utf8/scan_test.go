package utf8

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// faults has sequences of each kind that is no UTF-8 (Unicode, table 3-7), alone
// or because something else follows.
var faults = []string{
	"\x80", "\xBF", "\x80\x80", // a continuation without a lead octet
	"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", // too long a form
	"\xED\xA0\x80", "\xED\xBF\xBF", // surrogates
	"\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF", // too large
	"\xC2", "\xDF", "\xE1", "\xE1\x80", "\xF1", "\xF1\x80", "\xF1\x80\x80", // cut off
	"\xC2\x41", "\xE1\x80\x41", "\xF1\x80\x80\x41", "\xC2\xC2", "\xE1\x80\xE1", "\xF1\x80\x80\xF1",
	"\xC2\x80\x80", "\xE1\x80\x80\x80", "\xF1\x80\x80\x80\x80", // one continuation too many
}

// firstFault is firstBad in linear time, by unicode/utf8.
func firstFault(p []byte) int {
	for i := 0; i < len(p); {
		r, n := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && n == 1 {
			if bad := firstBad(p[i:min(len(p), i+4)]); bad >= 0 {
				return i + bad
			}
			return -1
		}
		i += n
	}
	return -1
}

// checkPieces gives p cut at each of the places to a Checker and compares.
func checkPieces(t testing.TB, p []byte, cuts ...int) {
	t.Helper()
	var c Checker
	got, at := -1, 0
	for _, cut := range append(cuts, len(p)) {
		if got = c.Check(p[at:cut]); got >= 0 {
			got += at
			break
		}
		at = cut
	}
	if want := firstFault(p); got != want {
		t.Fatalf("% x cut at %d: first bad octet %d, want %d", p, cuts, got, want)
	}
	if complete := c.Complete(); got < 0 && complete != utf8.Valid(p) {
		t.Fatalf("% x cut at %d: complete %v", p, cuts, complete)
	}
}

// checkFault checks text with a fault at a place, which it takes away again.
func checkFault(t testing.TB, text []byte, at int, fault string) {
	t.Helper()
	saved := bytes.Clone(text[at:])
	copy(text[at:], fault)
	checkPieces(t, text)
	copy(text[at:], saved)
}

func TestEveryFaultAtEveryPositionOfEveryLength(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 7
	}
	for name := range levels {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			buffer := make([]byte, 64+300)
			for n := 0; n <= 300; n += step {
				for _, kind := range kinds {
					text := buffer[n%64:][:n]
					copy(text, randomText(r, kind.draw, n))
					checkPieces(t, text)
					for at := range text {
						// Each fault comes to each position of some length.
						checkFault(t, text, at, faults[(at+n)%len(faults)])
					}
				}
			}
		})
	}
}

func TestEveryFaultInLongTextAtEverySplit(t *testing.T) {
	const n = 600 // the loops of all routines go round twice
	step := 1
	if testing.Short() {
		step = 13
	}
	for name := range levels {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 4))
			for _, kind := range kinds {
				for cut := 0; cut <= n; cut++ {
					checkPieces(t, randomText(r, kind.draw, n), cut)
				}
				for i := 0; i < n; i += step {
					text := randomText(r, kind.draw, n)
					copy(text[i:], faults[i%len(faults)])
					for _, cut := range []int{i - 3, i - 2, i - 1, i, i + 1, i + 2, i + 3} {
						checkPieces(t, text, min(max(cut, 0), n))
					}
					second := r.IntN(n + 1)
					checkPieces(t, text, r.IntN(second+1), second)
				}
				for i, fault := range faults { // at every place, in text that is kept
					text := randomText(r, kind.draw, n)
					for at := i % step; at < n; at += step {
						checkFault(t, text, at, fault)
					}
				}
			}
		})
	}
}

// TestRoutinesReachTheEnd notices a routine that leaves work to the automaton.
func TestRoutinesReachTheEnd(t *testing.T) {
	rest := map[string]int{"AVX2": 2, "AVX-512": 0, "NEON": 15} // octets that may be left over
	for name := range levels {
		if name == "portable" {
			continue
		}
		r := rand.New(rand.NewPCG(5, 6))
		for _, kind := range kinds {
			for n := vectorFrom; n <= 600; n++ {
				if got := scan(randomText(r, kind.draw, n)); got > n || got < n-rest[name] {
					t.Fatalf("%s, %s: %d of %d octets", name, kind.name, got, n)
				}
			}
		}
	}
}

// TestEachPairOfOctets has each two octets on a border of blocks, so that each
// entry of the tables is looked up.
func TestEachPairOfOctets(t *testing.T) {
	text := bytes.Repeat([]byte("x"), 128)
	for name := range levels {
		t.Run(name, func(t *testing.T) {
			for pair := range 1 << 16 {
				text[63], text[64] = byte(pair>>8), byte(pair)
				checkPieces(t, text)
				text[31], text[32], text[33] = 0xF1, byte(pair>>8), byte(pair)
				text[63], text[64] = 'x', 'x'
				checkPieces(t, text)
				text[31], text[32], text[33] = 'x', 'x', 'x'
			}
		})
	}
}

func FuzzChecker(f *testing.F) {
	fuzzPieces(f, func(t *testing.T, p []byte, a, b int) { checkPieces(t, p, a, b) })
}

// fuzzPieces fuzzes a check of text that is cut at two places.
func fuzzPieces(f *testing.F, check func(t *testing.T, p []byte, a, b int)) {
	r := rand.New(rand.NewPCG(7, 8))
	for i, fault := range faults {
		text := randomText(r, kinds[i%len(kinds)].draw, 50*i)
		f.Add(append(text, fault...), i, 2*i)
	}
	f.Fuzz(func(t *testing.T, p []byte, a, b int) {
		a = max(0, min(a, len(p)))
		b = max(a, min(b, len(p)))
		for range levels {
			check(t, p, a, b)
		}
	})
}

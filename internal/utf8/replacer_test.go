package utf8

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// replaced is the obvious answer: the longest prefix of a character that there
// is becomes one U+FFFD.
func replaced(p []byte) (out []byte) {
	for len(p) > 0 {
		if r, n := utf8.DecodeRune(p); r != utf8.RuneError || n == 3 {
			out, p = append(out, p[:n]...), p[n:]
			continue
		}
		n := 1
		for n < len(p) && n < 3 && canComplete(p[:n+1]) {
			n++
		}
		out, p = append(out, "\uFFFD"...), p[n:]
	}
	return out
}

func TestReplacerAgreesWithDefinitionAtEverySplit(t *testing.T) {
	octets := []byte{0x00, 0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF}
	n := len(octets)
	for i := range n * n * n * n {
		p := []byte{octets[i%n], octets[i/n%n], octets[i/n/n%n], octets[i/n/n/n]}
		want := replaced(p)
		for cut := 0; cut <= len(p); cut++ {
			var r Replacer
			got := r.Append(nil, p[:cut])
			got = r.Append(got, p[cut:])
			got = r.Flush(got)
			if !bytes.Equal(got, want) {
				t.Fatalf("% x cut at %d: % x, want % x", p, cut, got, want)
			}
			if !utf8.Valid(got) || r.Pending() {
				t.Fatalf("% x cut at %d: % x is no UTF-8, or something is left", p, cut, got)
			}
		}
	}
}

// TestReplacerExamples holds examples of the Unicode standard, table 3-8 and
// after.
func TestReplacerExamples(t *testing.T) {
	for in, want := range map[string]string{
		"\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64": "a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd",
		"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41":                 "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA",
		"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41":                 "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA",
		"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41":                 "\uFFFD\uFFFD\uFFFD\uFFFDA",
		"\uFFFD":                                               "\uFFFD",
		"":                                                     "",
	} {
		var r Replacer
		if got := string(r.Flush(r.Append(nil, []byte(in)))); got != want {
			t.Errorf("% x: %+q, want %+q", in, got, want)
		}
	}
}

// replacePieces gives p cut at two places to a Replacer and compares.
func replacePieces(t testing.TB, p []byte, a, b int) {
	t.Helper()
	var r Replacer
	got := []byte("before")
	for _, piece := range [][]byte{p[:a], p[a:b], p[b:]} {
		got = r.Append(got, piece)
	}
	if got = r.Flush(got); !bytes.Equal(got[len("before"):], replaced(p)) {
		t.Fatalf("% x cut at %d and %d: % x, want % x", p, a, b, got[len("before"):], replaced(p))
	}
}

func TestReplacerOnLongText(t *testing.T) {
	for name := range levels {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, 12))
			for i := range 1000 {
				text := randomText(r, kinds[i%len(kinds)].draw, r.IntN(500))
				for range r.IntN(4) {
					copy(text[r.IntN(len(text)+1):], faults[r.IntN(len(faults))])
				}
				b := r.IntN(len(text) + 1)
				replacePieces(t, text, r.IntN(b+1), b)
			}
		})
	}
}

func FuzzReplacer(f *testing.F) {
	fuzzPieces(f, func(t *testing.T, p []byte, a, b int) { replacePieces(t, p, a, b) })
}

// BenchmarkReplacer has text without a fault, and text of ISO 8859-1, in which
// every tenth octet is one.
func BenchmarkReplacer(b *testing.B) {
	r := rand.New(rand.NewPCG(15, 16))
	valid := randomText(r, kinds[1].draw, 64<<10)
	western := randomText(r, kinds[0].draw, 64<<10)
	for i := range western {
		if r.IntN(10) == 0 {
			western[i] = 0xE4
		}
	}
	dst := make([]byte, 0, 3*64<<10)
	for _, text := range []struct {
		name string
		p    []byte
	}{{"valid", valid}, {"western", western}, {"all", bytes.Repeat([]byte{0xFF}, 64<<10)}} {
		for name := range levels {
			b.Run(text.name+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(len(text.p)))
				for b.Loop() {
					var r Replacer
					r.Append(dst, text.p)
				}
			})
		}
	}
}

package model

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// scanLibrary says what ScanUTF8 should, with unicode/utf8: a rune that is not
// full is a beginning, and the first octet that makes a bad rune "full" is the
// one at which it went bad.
func scanLibrary(p []byte) (whole, bad int) {
	for whole < len(p) {
		r, n := utf8.DecodeRune(p[whole:])
		if r != utf8.RuneError || n != 1 {
			whole += n
			continue
		}
		for i := whole; i < len(p); i++ {
			if utf8.FullRune(p[whole : i+1]) {
				return whole, i
			}
		}
		return whole, -1
	}
	return whole, -1
}

func checkScan(t *testing.T, p []byte) {
	whole, bad := ScanUTF8(p)
	wantWhole, wantBad := scanLibrary(p)
	if whole != wantWhole || bad != wantBad {
		t.Fatalf("% x: whole %d, bad %d; want %d, %d", p, whole, bad, wantWhole, wantBad)
	}
	if valid := bad == -1 && whole == len(p); valid != utf8.Valid(p) {
		t.Fatalf("% x: valid %t", p, valid)
	}
}

func TestUTF8UpToThreeOctets(t *testing.T) {
	checkScan(t, nil)
	p := make([]byte, 3)
	for a := range 256 {
		p[0] = byte(a)
		checkScan(t, p[:1])
		for b := range 256 {
			p[1] = byte(b)
			checkScan(t, p[:2])
			for c := range 256 {
				p[2] = byte(c)
				checkScan(t, p)
			}
		}
	}
}

// Four octets: all combinations of the octets at which a rule begins or ends.
func TestUTF8FourOctets(t *testing.T) {
	edges := []byte{0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
		0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF}
	for _, a := range edges {
		for _, b := range edges {
			for _, c := range edges {
				for _, d := range edges {
					checkScan(t, []byte{a, b, c, d})
				}
			}
		}
	}
}

func TestUTF8Random(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		var p []byte
		for range random.IntN(6) {
			p = utf8.AppendRune(p, rune(random.IntN(0x110000)))
		}
		if len(p) > 0 && random.IntN(2) == 0 {
			p[random.IntN(len(p))] = byte(random.IntN(256))
		}
		checkScan(t, p)
	}
}

// The two ways in which a string is not valid: a bad octet, and a beginning.
func TestValidUTF8(t *testing.T) {
	for s, want := range map[string]bool{"": true, "\u20ac": true, "a\xff": false, "a\xe2\x82": false} {
		if ValidUTF8(s) != want {
			t.Errorf("%q: %t", s, !want)
		}
	}
}

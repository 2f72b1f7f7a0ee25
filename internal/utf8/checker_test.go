package utf8

import (
	"testing"
	"unicode/utf8"
)

// firstBad is the obvious answer: the shortest prefix that no continuation
// turns into UTF-8.
func firstBad(p []byte) int {
	for i := range p {
		if !extends(p[:i+1]) {
			return i
		}
	}
	return -1
}

func extends(p []byte) bool {
	for tail := 0; tail <= 3 && tail <= len(p); tail++ {
		if !utf8.Valid(p[:len(p)-tail]) {
			continue
		}
		rest := p[len(p)-tail:]
		if tail == 0 || canComplete(rest) {
			return true
		}
	}
	return false
}

func canComplete(rest []byte) bool {
	for _, a := range []byte{0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF} {
		for _, more := range [][]byte{{a}, {a, 0x80}, {a, 0x80, 0x80}} {
			s := append(append([]byte{}, rest...), more...)
			if utf8.Valid(s) && utf8.RuneCount(s) == 1 {
				return true
			}
		}
	}
	return false
}

func TestCheckerAgreesWithDefinitionAtEverySplit(t *testing.T) {
	lead := []byte{0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF}
	for _, a := range lead {
		for _, b := range lead {
			for _, c := range lead {
				for _, d := range lead {
					checkSplits(t, []byte{a, b, c, d})
				}
			}
		}
	}
}

func checkSplits(t *testing.T, p []byte) {
	t.Helper()
	want := firstBad(p)
	for cut := 0; cut <= len(p); cut++ {
		var c Checker
		got := c.Check(p[:cut])
		if got < 0 {
			if got = c.Check(p[cut:]); got >= 0 {
				got += cut
			}
		}
		if got != want {
			t.Fatalf("% x cut at %d: first bad octet %d, want %d", p, cut, got, want)
		}
		if got < 0 && c.Complete() != utf8.Valid(p) {
			t.Fatalf("% x cut at %d: complete %v, want %v", p, cut, c.Complete(), utf8.Valid(p))
		}
	}
}

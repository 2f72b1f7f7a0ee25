package utf8

import (
	"bytes"
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

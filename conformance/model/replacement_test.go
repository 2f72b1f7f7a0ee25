package model

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// The examples of the Unicode Standard, §3.9 (tables 3-8 to 3-11), where "?" is
// U+FFFD, and the ends of strings.
var replacements = []struct{ octets, want string }{
	{"c0 af e0 80 bf f0 81 82 41", "????????A"},
	{"ed a0 80 ed bf bf ed af 41", "????????A"},
	{"f4 91 92 93 ff 41 80 bf 42", "?????A??B"},
	{"e1 80 e2 f0 91 92 f1 bf 41", "????A"},
	{"61 f1 80 80 e1 80 c2 62 80 63 80 bf 64", "a???b?c??d"},
	{"", ""}, {"61", "a"}, {"80", "?"}, {"c3", "?"}, {"c3 c3", "??"}, {"e2 82", "?"}, {"f0 9f 98", "?"},
	{"f0 9f 98 80", "\U0001f600"}, {"e2 82 e2 82 ac", "?\u20ac"}, {"c3 e2 82 ac c3", "?\u20ac?"},
	{"f4 90 80 80", "????"}, {"f5", "?"}, {"fe", "?"}, {"e2 41", "?A"}, {"f0 9f 41", "?A"}, {"ef bf bd", "?"},
}

func TestReplaceUTF8(t *testing.T) {
	for _, tt := range replacements {
		want := strings.ReplaceAll(tt.want, "?", "\ufffd")
		if got := ReplaceUTF8(string(unhex(t, tt.octets))); got != want {
			t.Errorf("% s: %q, want %q", tt.octets, got, want)
		}
	}
	if got := ReplaceUTF8("a?b\xff"); got != "a?b\ufffd" {
		t.Errorf("%q", got)
	}
}

// With the library's word on what begins a character: each maximal subpart is
// the longest prefix that is not a full rune, or one octet.
func TestReplaceUpToThreeOctets(t *testing.T) {
	edges := []byte{0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF,
		0xF0, 0xF1, 0xF4, 0xF5, 0xFF}
	for _, a := range edges {
		for _, b := range edges {
			for _, c := range edges {
				for _, d := range edges {
					s := string([]byte{a, b, c, d})
					if got, want := ReplaceUTF8(s), replaceLibrary(s); got != want {
						t.Fatalf("% x: %q, want %q", s, got, want)
					}
				}
			}
		}
	}
}

func replaceLibrary(s string) string {
	var out strings.Builder
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if r != utf8.RuneError || n != 1 {
			out.WriteString(s[:n])
			s = s[n:]
			continue
		}
		for n < len(s) && !utf8.FullRuneInString(s[:n+1]) {
			n++
		}
		if utf8.FullRuneInString(s[:1]) {
			n = 1
		}
		out.WriteString("\ufffd")
		s = s[n:]
	}
	return out.String()
}

// In a message the octets may lie in different frames, and the result counts
// against the limit. For each case: the plain stream, the limit, and either the
// text or the octet at which it is too long.
func TestReplacedMessages(t *testing.T) {
	tests := []struct {
		name, stream string // of hybi-09, as a client reads it
		limit        uint64
		want         string
		at           int
	}{
		{"one octet becomes three", "81 01 ff", 3, "\ufffd", 0},
		{"three do not fit", "81 01 ff", 2, "", 3},
		{"what is still to come counts", "81 04 61 ff 62 62", 5, "", 4},
		{"and fits", "81 04 61 ff 62 62", 6, "a\ufffdbb", 0},
		{"the announced length counts", "81 04", 3, "", 2},
		{"subpart over a border", "01 02 e2 82 80 01 61", 4, "\ufffda", 0},
		{"subpart over a border, too long", "01 02 e2 82 80 01 61", 3, "", 7},
		{"unfinished octets count as they are", "01 02 e2 82 80 01", 2, "", 6},
		{"character over borders", "01 01 e2 00 01 82 80 01 ac", 3, "\u20ac", 0},
		{"unfinished at the end", "81 02 e2 82", 3, "\ufffd", 0},
		{"unfinished at the end, too long", "81 02 e2 82", 2, "", 4},
		{"unfinished at an empty end, too long", "01 01 c3 80 00", 2, "", 5},
		{"a ping between", "01 01 c3 89 00 80 01 a4", 2, "\u00e4", 0},
		{"each message has the whole limit", "81 01 ff 81 01 ff", 3, "\ufffd\ufffd", 0},
		{"binary is not replaced", "82 02 ff c3", 2, "\xff\xc3", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Params{Version: "hybi-09", Role: Client, Limit: tt.limit}
			octets := unhex(t, tt.stream)
			got := ""
			d := p.Decode(octets)
			for _, o := range d.Outcomes {
				got += o.Data
			}
			if tt.at != 0 && (d.Violation != TooLong || d.Consumed != tt.at) || tt.at == 0 && (d.Violation != "" || got != tt.want) {
				t.Errorf("%+v", d)
			}
			for n := range octets {
				if part := p.Decode(octets[:n]); (part.Violation != "") != (tt.at != 0 && n >= tt.at) {
					t.Errorf("after %d octets: %+v", n, part)
				}
			}
			checkSplits(t, p, octets)
		})
	}
}

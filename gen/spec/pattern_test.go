package spec

import (
	"strings"
	"testing"
)

func TestPatterns(t *testing.T) {
	messages, frames := Ownership{PerMessage: 0x40}, Ownership{PerFrame: 0x20}
	for _, c := range []struct {
		pattern string
		owner   Ownership
		octets  string // in hexadecimal, separated by spaces
	}{
		{"0x41", Ownership{}, "41"},
		{"a", Ownership{}, "61"},
		{"7-9", Ownership{}, "37 38 39"},
		{"0xFE-0xFF", Ownership{}, "FE FF"},
		{"1000.00x1", Ownership{}, "81 83"},
		{"xx000000", Ownership{}, "00 40 80 C0"},
		{"1.mmm.0001", Ownership{}, "81"},
		{"1.mmm.0001", messages, "81 C1"},
		{"1.mmm.0001", frames, "81 A1"},
		{"1.mmm.0001", Ownership{PerMessage: 0x40, PerFrame: 0x20}, "81 A1 C1 E1"},
		{"1.fff.0000", messages, "80"},
		{"1.fff.0000", frames, "80 A0"},
		{"1.0f0.0000", frames, "80 A0"},
	} {
		set, err := Pattern{Text: c.pattern}.Octets()
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		var got []string
		for octet := range 256 {
			if set.Has(byte(octet), c.owner) {
				got = append(got, strings.ToUpper(string("0123456789abcdef"[octet>>4])+string("0123456789abcdef"[octet&15])))
			}
		}
		if strings.Join(got, " ") != c.octets {
			t.Errorf("%s with %+v: %v, want %s", c.pattern, c.owner, got, c.octets)
		}
		if owned := strings.ContainsAny(c.pattern, "mf"); set.Owned() != owned {
			t.Errorf("%s: owned is %v", c.pattern, set.Owned())
		}
	}
}

func TestPatternsThatAreNone(t *testing.T) {
	for _, pattern := range []string{"", "-", "a-", "-a", "z-a", "a-a", "0x4", "0x4G", "0X41", "0x4a", "é", "10000000.1", "1000000", "m0000000", "0000000f", "!", "0x41-0x42-0x43"} {
		if _, err := (Pattern{Text: pattern}).Octets(); err == nil {
			t.Errorf("%q was accepted", pattern)
		}
	}
}

func TestSort(t *testing.T) {
	table := &ClassTable{Otherwise: "rest", Entries: []*ClassEntry{
		{Event: "low", Patterns: []Pattern{{Text: "0x00-0x0F"}, {Text: "a"}}},
		{Event: "high", Patterns: []Pattern{{Text: "1xxxxxxx"}, {Text: "a"}}},
	}}
	sorted := table.Sort(Ownership{})
	for octet, want := range map[int]string{0: "low", 15: "low", 16: "rest", 'a': "low", 0x7F: "rest", 0x80: "high", 0xFF: "high"} {
		if got := table.Event(sorted[octet]); got != want {
			t.Errorf("octet %#x is %s, want %s", octet, got, want)
		}
	}
}

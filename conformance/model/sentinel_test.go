package model

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestSentinelStreams(t *testing.T) {
	const both = "hixie-75 hixie-76"
	said := func(end int, texts ...string) Decoded {
		d := Decoded{Consumed: end}
		for _, s := range texts {
			d.Outcomes = append(d.Outcomes, Outcome{Kind: KindText, Data: s})
		}
		return d
	}
	failed := func(v Violation, at int) Decoded { return Decoded{Violation: v, Consumed: at} }
	closes := func(end int) Decoded {
		return Decoded{Outcomes: []Outcome{{KindClose, "", 1005, end}}, Consumed: end}
	}
	tests := []struct {
		versions, stream string
		limit            uint64
		want             Decoded // Outcomes without End but for closes
	}{
		{both, "", 9, Decoded{}},
		{both, "00", 9, Decoded{InFrame: true, InMessage: true}},
		{both, "00 61", 9, Decoded{InFrame: true, InMessage: true}},
		{both, "01 61", 9, Decoded{InFrame: true}},
		{both, "80", 9, Decoded{InFrame: true}},
		{both, "80 80", 9, Decoded{InFrame: true}},
		{both, "80 02 61", 9, Decoded{InFrame: true}},
		{both, "00 61 ff 00 62 ff", 1, said(6, "a", "b")},
		{both, "01 61 ff 7f 05 62 80 ff 00 61 ff", 1, said(11, "a")},
		{both, "80 00 fe 00 81 03 ff ff 00 00 61 ff", 3, said(12, "a")},
		{both, "80 80 80 05 00 61 ff 62 ff 00 63 ff", 5, said(12, "c")},
		{both, "00 68 69 ff 80 03 41 ff 42 00 48 ff", 9, said(12, "hi", "H")},
		{both, "00 c3 28 e2 82 ff", 9, said(6, "\ufffd(\ufffd")},
		{both, "00 e2 82 ff", 3, said(4, "\ufffd")},
		{both, "00 ff", 0, said(2, "")},

		{both, "00 61 62 63", 2, failed(TooLong, 4)},
		{both, "00 80", 2, failed(TooLong, 2)},
		{both, "00 e2 82 ff", 2, failed(TooLong, 4)},
		{both, "00 e2 82", 1, failed(TooLong, 3)},
		{both, "80 06", 5, failed(TooLong, 2)},
		{both, "c1 80 81 00", 127, failed(TooLong, 4)},
		{both, "80 81 00", 127, failed(TooLong, 3)},
		{both, "80 81 80 80 80 80 80 80 80 80 00", 1<<64 - 1, failed(Overflow, 11)},
		{both, "80 ff ff ff ff ff ff ff ff ff 00", 5, failed(Overflow, 11)},
		{both, "80 ff ff ff ff ff ff ff ff 7f", 5, failed(TooLong, 10)},
		{both, "80 80 80 ff ff ff ff ff ff ff ff 7f", 1<<63 - 1, Decoded{InFrame: true}},
		{"hixie-76", "ff 05", 4, failed(TooLong, 2)},

		{"hixie-76", "ff 00 00 61 ff", 9, closes(2)},
		{"hixie-76", "ff 80 80 00 ff 00", 9, closes(4)},
		{"hixie-76", "ff 01 00 fe 00 ff 00", 9, closes(7)},
		{"hixie-76", "ff 81 00" + strings.Repeat("ff", 128) + "ff 00", 128, closes(133)},
		{"hixie-75", "ff 00 00 61 ff", 9, said(5, "a")},
		{"hixie-75", "ff 80 00 ff 01 ff 00 61 ff", 9, said(9, "a")},
	}
	for _, tt := range tests {
		for _, version := range strings.Fields(tt.versions) {
			for _, role := range []Role{Server, Client} {
				t.Run(version+"/"+string(role)+"/"+tt.stream[:min(len(tt.stream), 30)], func(t *testing.T) {
					p := Params{Version: version, Role: role, Limit: tt.limit}
					octets := unhex(t, tt.stream)
					got := p.Decode(octets)
					if len(got.Outcomes) > 0 && got.Outcomes[0].Kind == KindText {
						got.Outcomes = withoutEnds(got.Outcomes)
					}
					if !reflect.DeepEqual(got, tt.want) {
						t.Errorf("got  %+v\nwant %+v", got, tt.want)
					}
					if tt.want.Violation != "" && p.Decode(octets[:tt.want.Consumed-1]).Violation != "" {
						t.Error("certain too early")
					}
					checkSplits(t, p, octets)
				})
			}
		}
	}
}

// Skipped types run to their end however long that takes.
func TestSentinelSkipsWithoutLimit(t *testing.T) {
	long := bytes.Repeat([]byte{'x'}, 100_000)
	octets := append(append([]byte{0x01}, long...), 0xFF, 0x00, 'a', 0xFF)
	d := Params{Version: "hixie-76", Role: Server, Limit: 1}.Decode(octets)
	if len(d.Outcomes) != 1 || d.Outcomes[0] != (Outcome{KindText, "a", 0, len(octets)}) {
		t.Errorf("%+v", d)
	}
	padded := append(bytes.Repeat([]byte{0x80}, 100_000), 0x00, 0x00, 'a', 0xFF)
	d = Params{Version: "hixie-75", Role: Server, Limit: 1}.Decode(padded)
	if len(d.Outcomes) != 1 || d.Consumed != len(padded) {
		t.Errorf("%+v", d)
	}
}

func TestSentinelEncode(t *testing.T) {
	tests := []struct {
		frame Frame
		want  string
	}{
		{Frame{}, "00 ff"},
		{Frame{Opcode: 0x7f, Payload: "a"}, "7f 61 ff"},
		{Frame{Payload: "a", Missing: 1}, "00 61"},
		{Frame{Opcode: 0x80}, "80 00"},
		{Frame{Opcode: 0xff, Padding: 2}, "ff 80 80 00"},
		{Frame{Opcode: 0x81, Missing: 127}, "81 7f"},
		{Frame{Opcode: 0x81, Missing: 128}, "81 81 00"},
		{Frame{Opcode: 0x81, Missing: 300, Padding: 1}, "81 80 82 2c"},
		{Frame{Opcode: 0x80, Missing: 1<<63 - 1}, "80 ff ff ff ff ff ff ff ff 7f"},
		{Frame{Opcode: 0x80, Missing: 1 << 63}, "80 81 80 80 80 80 80 80 80 80 00"},
		{Frame{Opcode: 0x80, Payload: "ab", Missing: 1, Masked: true, Key: exampleKey, RSV: 15, Fin: true}, "80 03 61 62"},
	}
	for _, version := range []string{"hixie-75", "hixie-76"} {
		p := New(version, Client)
		for _, tt := range tests {
			if got := p.Encode(tt.frame); !bytes.Equal(got, unhex(t, tt.want)) {
				t.Errorf("%+v: % x", tt.frame, got)
			}
		}
		if got := p.MessageFrames(KindText, "a"); !slices.Equal(got, []Frame{{Fin: true, Payload: "a"}}) {
			t.Errorf("%+v", got)
		}
		for _, rest := range []string{"00", "00 61", "80", "80 80", "80 02 61",
			"80 81 80 80 80 80 80 80 80 80 00", "80 82 80 80 80 80 80 80 80 80 00"} {
			frames, left := p.SplitFrames(append(unhex(t, "00 ff"), unhex(t, rest)...))
			if len(frames) != 1 || !bytes.Equal(left, unhex(t, rest)) {
				t.Errorf("%s: %+v, rest % x", rest, frames, left)
			}
		}
	}
}

// Any octets, split and encoded again, are what they were.
func TestSentinelSplitsAnything(t *testing.T) {
	random := rand.New(rand.NewPCG(31, 32))
	p := New("hixie-76", Server)
	whole := 0
	for range 20_000 {
		octets := make([]byte, random.IntN(40))
		for i := range octets {
			octets[i] = []byte{0x00, 0x00, 0x61, 0x80, 0x81, 0xff, 0x02, byte(random.Uint32())}[random.IntN(8)]
		}
		frames, rest := p.SplitFrames(octets)
		whole += len(frames)
		if got := append(p.Encode(frames...), rest...); !bytes.Equal(got, octets) {
			t.Fatalf("% x became % x", octets, got)
		}
	}
	if whole < 10_000 {
		t.Errorf("only %d frames were whole", whole)
	}
}

func TestMissingFrames(t *testing.T) {
	for name, ask := range map[string]func(){
		"close of 75":    func() { New("hixie-75", Server).CloseFrame(1000, "") },
		"binary of 75":   func() { New("hixie-75", Server).MessageFrames(KindBinary, "") },
		"fragment of 76": func() { New("hixie-76", Server).MessageFrames(KindText, "ab", 1) },
		"ping of 76":     func() { New("hixie-76", Server).Opcode(KindPing) },
		"no kind":        func() { New("hybi-03", Server).Opcode("") },
		"no role":        func() { Params{Version: "hybi-05"}.CloseFrame(1000, "") },
		"no side":        func() { Params{Version: "hybi-05"}.SplitFrames(nil) },
		"two names":      func() { New("hixie-76", Client).OpeningRequest(Offer{Protocols: []string{"a", "b"}}) },
		"no version":     func() { Judge([]string{"hybi-00"}, Request{}) },
		"version of New": func() { New("hybi-0", Server) },
		"role of New":    func() { New("hybi-01", "proxy") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			ask()
		}()
	}
}

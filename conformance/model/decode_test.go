package model

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// For each violation: the stream, and after how many octets it is certain.
// Masked streams use the key 00 00 00 00, so that payloads are readable.
func TestViolations(t *testing.T) {
	tests := []struct {
		name   string
		role   Role
		limit  uint64
		stream string
		want   Violation
		at     int
	}{
		{"rsv1", Server, roomy, "c1", ReservedBits, 1},
		{"rsv2", Server, roomy, "a1", ReservedBits, 1},
		{"rsv3", Client, roomy, "91", ReservedBits, 1},
		{"rsv before reserved opcode", Client, roomy, "93", ReservedBits, 1},
		{"rsv before split control", Client, roomy, "19", ReservedBits, 1},
		{"rsv on a second frame", Client, roomy, "81 00 c1", ReservedBits, 3},
		{"opcode 3", Server, roomy, "83", ReservedOpcode, 1},
		{"opcode 7", Client, roomy, "07", ReservedOpcode, 1},
		{"opcode b", Server, roomy, "8b", ReservedOpcode, 1},
		{"opcode f without fin", Client, roomy, "0f", ReservedOpcode, 1},
		{"split close", Server, roomy, "08", SplitControl, 1},
		{"split ping", Client, roomy, "09", SplitControl, 1},
		{"split pong in a message", Client, roomy, "01 00 0a", SplitControl, 3},
		{"long ping, server", Server, roomy, "89 fe", LongControl, 2},
		{"long close, client", Client, roomy, "88 7f", LongControl, 2},
		{"plain text", Server, roomy, "81 05", MaskMissing, 2},
		{"plain ping", Server, roomy, "89 00", MaskMissing, 2},
		{"plain before long", Server, roomy, "89 7e", MaskMissing, 2},
		{"plain stray continuation", Server, roomy, "80 00", MaskMissing, 2},
		{"masked text", Client, roomy, "81 85", MaskUnexpected, 2},
		{"masked before long", Client, roomy, "88 ff", MaskUnexpected, 2},
		{"16 bits for 125", Client, roomy, "82 7e 00 7d", NotMinimal, 4},
		{"16 bits for 0", Server, roomy, "82 fe 00 00", NotMinimal, 4},
		{"64 bits for 65535", Client, roomy, "82 7f 00 00 00 00 00 00 ff ff", NotMinimal, 10},
		{"64 bits for 1", Server, roomy, "82 ff 00 00 00 00 00 00 00 01", NotMinimal, 10},
		{"not minimal before stray", Client, roomy, "80 7e 00 01", NotMinimal, 4},
		{"not minimal before too long", Client, 0, "82 7e 00 01", NotMinimal, 4},
		{"top bit", Client, roomy, "82 7f 80 00 00 00 00 00 00 00", Overflow, 10},
		{"top bit, all ones", Server, 1<<64 - 1, "82 ff ff ff ff ff ff ff ff ff", Overflow, 10},
		{"too long, 7 bits", Client, 4, "81 05", TooLong, 2},
		{"too long, 16 bits", Server, 125, "82 fe 00 7e", TooLong, 4},
		{"too long, 64 bits", Client, 65535, "82 7f 00 00 00 00 00 01 00 00", TooLong, 10},
		{"greatest length", Client, 1<<63 - 2, "82 7f 7f ff ff ff ff ff ff ff", TooLong, 10},
		{"too long together", Client, 4, "02 03 00 00 00 80 02", TooLong, 7},
		{"too long together past a ping", Client, 4, "02 03 00 00 00 89 05 00 00 00 00 00 80 02", TooLong, 14},
		{"too long before stray", Client, 4, "80 05", TooLong, 2},
		{"too long before interleaved", Client, 4, "02 03 00 00 00 82 02", TooLong, 7},
		{"stray at once", Server, roomy, "80 80", StrayContinuation, 2},
		{"stray, not final", Client, roomy, "00 01", StrayContinuation, 2},
		{"stray, 16 bits", Client, roomy, "80 7e 00 7e", StrayContinuation, 4},
		{"stray after a message", Client, roomy, "01 00 80 00 80 00", StrayContinuation, 6},
		{"interleaved text", Client, roomy, "01 00 81 00", Interleaved, 4},
		{"interleaved binary", Server, roomy, "01 80 00 00 00 00 02 81", Interleaved, 8},
		{"bad octet in a whole frame", Client, roomy, "81 03 61 ff 61", InvalidText, 4},
		{"bad octet in a part of a frame", Server, roomy, "81 e4 00 00 00 00 61 80", InvalidText, 8},
		{"bad second octet", Client, roomy, "81 04 e0 9f 80 80", InvalidText, 4},
		{"surrogate", Client, roomy, "81 03 ed a0 80", InvalidText, 4},
		{"beyond U+10FFFF", Client, roomy, "81 04 f4 90 80 80", InvalidText, 4},
		{"bad over a border", Client, roomy, "01 01 c3 80 01 28", InvalidText, 6},
		{"bad over a border and a ping", Client, roomy, "01 02 e2 82 89 00 00 00 80 01 61", InvalidText, 11},
		{"unfinished at the end", Client, roomy, "81 02 61 c3", InvalidText, 4},
		{"unfinished over frames", Client, roomy, "01 01 f0 00 02 9f 98 80 00", InvalidText, 9},
		{"unfinished, then empty and masked", Server, roomy, "01 81 00 00 00 00 c3 80 80 00 00 00 00", InvalidText, 13},
		{"close of one byte", Client, roomy, "88 01 03", CloseShort, 3},
		{"close of one byte, masked", Server, roomy, "88 81 00 00 00 00 03", CloseShort, 7},
		{"close 1005", Client, roomy, "88 02 03 ed", CloseCode, 4},
		{"close 999, bad reason", Server, roomy, "88 83 00 00 00 00 03 e7 ff", CloseCode, 9},
		{"reason with a bad octet", Client, roomy, "88 05 03 e8 61 ff 61", CloseReason, 7},
		{"reason unfinished", Server, roomy, "88 83 00 00 00 00 03 e8 c3", CloseReason, 9},
		{"close short inside a message", Client, roomy, "01 01 61 88 01 03", CloseShort, 6},
	}
	seen := make(map[Violation]map[Role]bool)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Params{Role: tt.role, Limit: tt.limit}
			stream := append(unhex(t, tt.stream), 0x81, 0x00, 0xff, 0xff)
			for n := range stream {
				d := Decode(p, stream[:n])
				if n < tt.at && d.Violation != "" {
					t.Fatalf("after %d octets: %q", n, d.Violation)
				}
				if n >= tt.at && (d.Violation != tt.want || d.Consumed != tt.at || d.InFrame || d.InMessage) {
					t.Fatalf("after %d octets: %+v", n, d)
				}
			}
		})
		if seen[tt.want] == nil {
			seen[tt.want] = make(map[Role]bool)
		}
		seen[tt.want][tt.role] = true
	}
	for _, v := range allViolations {
		if !seen[v][Server] && v != MaskUnexpected || !seen[v][Client] && v != MaskMissing {
			t.Errorf("%s is not tested for both roles", v)
		}
	}
}

var allViolations = []Violation{
	ReservedBits, ReservedOpcode, SplitControl, LongControl, MaskMissing, MaskUnexpected, NotMinimal, Overflow,
	TooLong, StrayContinuation, Interleaved, InvalidText, CloseShort, CloseCode, CloseReason,
}

func TestViolationCloseCode(t *testing.T) {
	for _, v := range allViolations {
		want := uint16(1002)
		if v == "too-long" {
			want = 1009
		}
		if v == "invalid-text" || v == "close-reason" {
			want = 1007
		}
		if got := v.CloseCode(); got != want {
			t.Errorf("%s: %d, want %d", v, got, want)
		}
	}
	if got := Violation("").CloseCode(); got != 0 {
		t.Errorf("no violation: %d", got)
	}
}

func TestDecodeStreams(t *testing.T) {
	long := strings.Repeat("y", 125)
	tests := []struct {
		name   string
		role   Role
		limit  uint64
		stream string
		want   Decoded
	}{
		{"nothing", Server, roomy, "", Decoded{}},
		{"first octet", Client, roomy, "81", Decoded{InFrame: true}},
		{"half a length", Client, roomy, "82 7e 01", Decoded{InFrame: true}},
		{"half a key", Server, roomy, "81 81 00 00 00", Decoded{InFrame: true, InMessage: true}},
		{"half a control key", Server, roomy, "89 81 00 00 00", Decoded{InFrame: true}},
		{"half a payload", Client, roomy, "81 02 61", Decoded{InFrame: true, InMessage: true}},
		{"half a character", Client, roomy, "01 02 e2 82", Decoded{Consumed: 4, InMessage: true}},
		{"half a ping", Client, roomy, "89 02 61", Decoded{InFrame: true}},
		{"half a close", Client, roomy, "01 00 88 02 00", Decoded{Consumed: 2, InFrame: true, InMessage: true}},
		{"huge frame begun", Client, 1 << 63, "82 7f 7f ff ff ff ff ff ff ff 61", Decoded{InFrame: true, InMessage: true}},
		{"character over three frames and a ping", Client, roomy, "01 02 e2 82 00 00 89 01 70 80 01 ac", Decoded{
			Outcomes: []Outcome{{KindPing, "p", 0, 9}, {KindText, "\u20ac", 0, 12}}, Consumed: 12}},
		{"binary is not text", Client, roomy, "82 02 ff c3", Decoded{
			Outcomes: []Outcome{{KindBinary, "\xff\xc3", 0, 4}}, Consumed: 4}},
		{"binary after text", Client, roomy, "81 01 61 82 01 ff", Decoded{
			Outcomes: []Outcome{{KindText, "a", 0, 3}, {KindBinary, "\xff", 0, 6}}, Consumed: 6}},
		{"just the limit", Client, 5, "02 03 61 61 61 80 02 61 61", Decoded{
			Outcomes: []Outcome{{KindBinary, "aaaaa", 0, 9}}, Consumed: 9}},
		{"the limit is per message", Client, 1, "81 01 61 81 01 62", Decoded{
			Outcomes: []Outcome{{KindText, "a", 0, 3}, {KindText, "b", 0, 6}}, Consumed: 6}},
		{"limit 0", Client, 0, "81 00 01 00 00 00 80 00", Decoded{
			Outcomes: []Outcome{{KindText, "", 0, 2}, {KindText, "", 0, 8}}, Consumed: 8}},
		{"control beyond the limit", Client, 0, "8a 7d" + strings.Repeat("79", 125), Decoded{
			Outcomes: []Outcome{{KindPong, long, 0, 127}}, Consumed: 127}},
		{"nothing after a close", Client, roomy, "01 01 61 88 00 ff ff 81 00", Decoded{
			Outcomes: []Outcome{{KindClose, "", 1005, 5}}, Consumed: 5}},
		{"close with a body inside a message", Client, roomy, "01 01 61 88 02 03 e8 80 00", Decoded{
			Outcomes: []Outcome{{KindClose, "", 1000, 7}}, CloseBody: "\x03\xe8", Consumed: 7}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Decode(Params{Role: tt.role, Limit: tt.limit}, unhex(t, tt.stream))
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestDecodeKeepsStream(t *testing.T) {
	stream := unhex(t, "81 85 37 fa 21 3d 7f 9f 4d 51 58")
	kept := slices.Clone(stream)
	d := Decode(Params{Role: Server, Limit: roomy}, stream)
	if !slices.Equal(stream, kept) {
		t.Error("the stream was changed")
	}
	clear(stream)
	if d.Outcomes[0].Data != "Hello" {
		t.Errorf("the outcome changed with the stream: %q", d.Outcomes[0].Data)
	}
}

func TestUndefinedParams(t *testing.T) {
	for _, p := range []Params{{Version: "hybi-00", Role: Server}, {Version: "hybi-18", Role: Client}, {Role: "proxy"}, {}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v: no panic", p)
				}
			}()
			Decode(p, nil)
		}()
	}
}

// A stream says nothing else when more of it comes: what was certain stays, at
// the octet at which it became certain.
func TestDecodePrefixes(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	firsts := []byte{0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8a}
	ended := make(map[Violation]int)
	for range 20_000 {
		var stream []byte
		for range random.IntN(5) {
			body := make([]byte, random.IntN(5))
			for i := range body {
				body[i] = []byte{0x03, 0xe8, 'a', 'b', 0xc3, 0xa4, 0xff}[random.IntN(7)]
			}
			stream = append(stream, firsts[random.IntN(len(firsts))], byte(len(body)))
			stream = append(stream, body...)
		}
		p := Params{Role: Client, Limit: 8}
		whole := Decode(p, stream)
		ended[whole.Violation]++
		for n := range stream {
			part := Decode(p, stream[:n])
			certain := 0
			for certain < len(whole.Outcomes) && whole.Outcomes[certain].End <= n {
				certain++
			}
			if !slices.Equal(part.Outcomes, whole.Outcomes[:certain]) {
				t.Fatalf("% x: after %d octets %+v", stream, n, part)
			}
			if (part.Violation != "") != (whole.Violation != "" && whole.Consumed <= n) {
				t.Fatalf("% x: after %d octets %+v", stream, n, part)
			}
			if part.Violation != "" && part.Consumed != whole.Consumed || part.Consumed > n {
				t.Fatalf("% x: after %d octets %+v", stream, n, part)
			}
		}
	}
	for _, v := range []Violation{"", TooLong, StrayContinuation, Interleaved, InvalidText, CloseShort, CloseCode, CloseReason} {
		if ended[v] == 0 {
			t.Errorf("no stream ended with %q", v)
		}
	}
}

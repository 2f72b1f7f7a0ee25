package model

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestEncodeHead(t *testing.T) {
	tests := []struct {
		name   string
		length int
		frame  Frame
		want   string // up to the payload
	}{
		{"nothing set", 0, Frame{}, "00 00"},
		{"all of the first octet", 0, Frame{Fin: true, RSV: 7, Opcode: 15}, "ff 00"},
		{"rsv1", 0, Frame{RSV: 4, Opcode: OpText}, "41 00"},
		{"rsv2", 0, Frame{RSV: 2, Opcode: OpText}, "21 00"},
		{"rsv3", 0, Frame{RSV: 1, Opcode: OpText}, "11 00"},
		{"bits beyond are not written", 0, Frame{RSV: 0xf8, Opcode: 0xf2}, "02 00"},
		{"masked and empty", 0, Frame{Masked: true, Key: exampleKey}, "00 80 37 fa 21 3d"},
		{"125", 125, Frame{}, "00 7d"},
		{"126", 126, Frame{}, "00 7e 00 7e"},
		{"65535", 65535, Frame{}, "00 7e ff ff"},
		{"65536", 65536, Frame{}, "00 7f 00 00 00 00 00 01 00 00"},
		{"16 bits forced", 3, Frame{Width: Width16}, "00 7e 00 03"},
		{"64 bits forced", 3, Frame{Width: Width64}, "00 7f 00 00 00 00 00 00 00 03"},
		{"64 bits forced for 16", 126, Frame{Width: Width64}, "00 7f 00 00 00 00 00 00 00 7e"},
		{"16 bits do not hold it", 65536, Frame{Width: Width16}, "00 7f 00 00 00 00 00 01 00 00"},
		{"masked, 16 bits", 126, Frame{Masked: true}, "00 fe 00 7e 00 00 00 00"},
		{"masked, 64 bits", 1, Frame{Masked: true, Width: Width64}, "00 ff 00 00 00 00 00 00 00 01 00 00 00 00"},
		{"payload that never comes", 2, Frame{Missing: 3}, "00 05"},
		{"top bit", 0, Frame{Missing: 1 << 63}, "00 7f 80 00 00 00 00 00 00 00"},
		{"every length octet", 0, Frame{Missing: 0x0102030405060708}, "00 7f 01 02 03 04 05 06 07 08"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.frame.Payload = strings.Repeat("p", tt.length)
			payload := xor([]byte(tt.frame.Payload), tt.frame.Key[:], 0)
			want := append(unhex(t, tt.want), payload...)
			got := Encode(tt.frame)
			if !bytes.Equal(got, want) {
				t.Errorf("got  % x\nwant % x", got[:min(len(got), 20)], want[:min(len(want), 20)])
			}
		})
	}
}

func TestMaskedPayload(t *testing.T) {
	got := Encode(Frame{Payload: "abcdef"}.WithKey([4]byte{1, 2, 4, 8}))
	want := []byte{0, 0x86, 1, 2, 4, 8, 'a' ^ 1, 'b' ^ 2, 'c' ^ 4, 'd' ^ 8, 'e' ^ 1, 'f' ^ 2}
	if !bytes.Equal(got, want) {
		t.Errorf("got % x, want % x", got, want)
	}
}

func TestWithKeyUnmasked(t *testing.T) {
	f := Frame{Fin: true, Opcode: OpPing, Payload: "p"}
	if masked := f.WithKey(exampleKey); masked == f || masked.Unmasked() != f {
		t.Errorf("with key %+v, and without %+v", masked, masked.Unmasked())
	}
}

func TestMessageFrames(t *testing.T) {
	tests := []struct {
		sizes []int
		want  []Frame
	}{
		{nil, []Frame{{Fin: true, Opcode: OpBinary, Payload: "abc"}}},
		{[]int{1, 1}, []Frame{{Opcode: OpBinary, Payload: "a"}, {Payload: "b"}, {Fin: true, Payload: "c"}}},
		{[]int{0, 3}, []Frame{{Opcode: OpBinary}, {Payload: "abc"}, {Fin: true}}},
		{[]int{-1, 9}, []Frame{{Opcode: OpBinary}, {Payload: "abc"}, {Fin: true}}},
	}
	for _, tt := range tests {
		if got := MessageFrames(KindBinary, "abc", tt.sizes...); !slices.Equal(got, tt.want) {
			t.Errorf("%v: %+v", tt.sizes, got)
		}
	}
	if got := MessageFrames(KindText, "")[0]; got != (Frame{Fin: true, Opcode: OpText}) {
		t.Errorf("text: %+v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a ping passed as a message")
		}
	}()
	MessageFrames(KindPing, "")
}

func TestSplitFramesRest(t *testing.T) {
	for _, rest := range []string{"81", "81 02 61", "81 81 00 00 00", "81 81 00 00 00 00", "82 7e 00",
		"82 7f ff ff ff ff ff ff ff ff 61"} {
		octets := append(unhex(t, "89 00"), unhex(t, rest)...)
		frames, left := SplitFrames(octets)
		if !slices.Equal(frames, []Frame{{Fin: true, Opcode: OpPing}}) || !bytes.Equal(left, unhex(t, rest)) {
			t.Errorf("%s: %+v, rest % x", rest, frames, left)
		}
	}
}

// randomFrame returns any frame that Encode can write and SplitFrames can read.
func randomFrame(random *rand.Rand) Frame {
	sizes := []int{0, 1, 4, 125, 126, 127, 65535, 65536}
	payload := make([]byte, sizes[random.IntN(len(sizes))])
	for i := range payload {
		payload[i] = byte(random.Uint32())
	}
	f := Frame{
		Fin:     random.IntN(2) == 0,
		RSV:     byte(random.IntN(8)),
		Opcode:  byte(random.IntN(16)),
		Payload: string(payload),
	}
	if len(payload) <= 125 && random.IntN(4) == 0 {
		f.Width = Width16
	}
	if len(payload) <= 65535 && random.IntN(4) == 0 {
		f.Width = Width64
	}
	if random.IntN(2) == 0 {
		f = f.WithKey([4]byte{byte(random.Uint32()), byte(random.Uint32()), 0, 7})
	}
	return f
}

func TestSplitFramesReversesEncode(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		want := []Frame{randomFrame(random), randomFrame(random), randomFrame(random)}
		got, rest := SplitFrames(Encode(want...))
		if !slices.Equal(got, want) || len(rest) != 0 {
			t.Fatalf("got %d frames and %d octets", len(got), len(rest))
		}
	}
}

// Any octets, split and encoded again, are what they were.
func TestEncodeReversesSplitFrames(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		octets := make([]byte, random.IntN(60))
		for i := range octets {
			octets[i] = byte(random.Uint32())
			if random.IntN(2) == 0 {
				octets[i] &= 0x87
			}
		}
		frames, rest := SplitFrames(octets)
		if got := append(Encode(frames...), rest...); !bytes.Equal(got, octets) {
			t.Fatalf("% x became % x", octets, got)
		}
	}
}

// Messages in random fragments with control frames between them come out as
// they went in, for both roles.
func TestDecodeReversesEncode(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		var frames []Frame
		var want []Outcome
		for range random.IntN(4) {
			payload := strings.Repeat("\u00e4\u20ac\U0001f600z", random.IntN(40))
			kind := KindText
			if random.IntN(2) == 0 {
				kind, payload = KindBinary, payload+"\xff"
			}
			for i, f := range MessageFrames(kind, payload, random.IntN(9), random.IntN(9), random.IntN(400)) {
				if i > 0 && random.IntN(2) == 0 {
					frames = append(frames, Frame{Fin: true, Opcode: OpPing, Payload: "p"})
					want = append(want, Outcome{Kind: KindPing, Data: "p"})
				}
				frames = append(frames, f)
			}
			want = append(want, Outcome{Kind: kind, Data: payload})
		}
		frames = append(frames, CloseFrame(4999, "\u20ac"))
		want = append(want, Outcome{Kind: KindClose, Data: "\u20ac", Code: 4999})

		plain := Decode(Params{Role: Client, Limit: roomy}, Encode(frames...))
		for i := range frames {
			frames[i] = frames[i].WithKey([4]byte{byte(random.Uint32()), byte(i), 0, 0xff})
		}
		masked := Decode(Params{Role: Server, Limit: roomy}, Encode(frames...))
		for _, d := range []Decoded{plain, masked} {
			for i := range d.Outcomes {
				d.Outcomes[i].End = 0
			}
			if !slices.Equal(d.Outcomes, want) || d.Violation != "" {
				t.Fatalf("got %+v, want %+v", d, want)
			}
		}
	}
}

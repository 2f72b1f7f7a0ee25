package model

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// The first two octets, by what the versions disagree on: the sense of the top
// bit, and the fourth reserved bit. Masks are what the version has.
func TestDraftHeads(t *testing.T) {
	zero := [4]byte{}
	tests := []struct {
		versions []string
		frame    Frame
		want     string
	}{
		{[]string{"hybi-01", "hybi-02", "hybi-03"}, Frame{}, "80 00"},
		{[]string{"hybi-01", "hybi-02", "hybi-03"}, Frame{Fin: true, RSV: 15, Opcode: 0xf4}, "74 80"},
		{[]string{"hybi-01", "hybi-03"}, Frame{Fin: true, RSV: 8, Width: Width16}, "00 fe 00 00"},
		{[]string{"hybi-01", "hybi-03"}, Frame{Fin: true, Width: Width64}, "00 7f 00 00 00 00 00 00 00 00"},
		{[]string{"hybi-01", "hybi-03"}, Frame{Fin: true, Payload: "a"}.WithKey(exampleKey), "00 01 61"},
		{[]string{"hybi-04", "hybi-05", "hybi-06"}, Frame{}, "00 00"},
		{[]string{"hybi-04", "hybi-05", "hybi-06"}, Frame{Fin: true, RSV: 15, Opcode: 0xf4}, "f4 80"},
		{[]string{"hybi-05", "hybi-06"}, Frame{RSV: 8}.WithKey(zero), "00 00 00 00 00 80"},
		{[]string{"hybi-05", "hybi-06"}, Frame{Fin: true, Payload: "ab"}.WithKey([4]byte{1, 2, 4, 8}), "01 02 04 08 81 00 65 6a"},
		{[]string{"hybi-07", "hybi-12", "hybi-17", "rfc6455"}, Frame{Fin: true, RSV: 15, Opcode: 0xf4}, "f4 00"},
		{[]string{"hybi-07", "hybi-12", "hybi-17", "rfc6455"}, Frame{Payload: "a"}.WithKey(zero), "00 81 00 00 00 00 61"},
	}
	for _, tt := range tests {
		for _, version := range tt.versions {
			if got := side(version, Client).Encode(tt.frame); !bytes.Equal(got, unhex(t, tt.want)) {
				t.Errorf("%s: % x, want %s", version, got, tt.want)
			}
		}
	}
}

// Every frame that a version can write is read back, reserved bits, opcodes and
// lengths of all forms included, as its sender would mask it.
func TestDraftFramesReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(41, 42))
	everyRule(t, func(t *testing.T, r rule, p Params) {
		d := p.draft()
		if d < 1 {
			return // TestSentinelSplitsAnything
		}
		for range 40 {
			var want []Frame
			for range 3 {
				f := randomFrame(random)
				f.Payload = f.Payload[:min(len(f.Payload), 300)]
				if len(f.Payload) > 125 && f.Width == Width16 {
					f.Width = WidthMinimal
				}
				if d <= 6 {
					f.RSV = byte(random.IntN(16))
					f = f.Unmasked()
				}
				if d >= 4 && d <= 6 && p.Role == Client {
					f = f.WithKey([4]byte{byte(random.Uint32()), 0, byte(random.Uint32()), 7})
				}
				want = append(want, f)
			}
			octets := p.Encode(want...)
			got, rest := p.SplitFrames(octets)
			if !slices.Equal(got, want) || len(rest) != 0 {
				t.Fatalf("got %+v, want %+v", got, want)
			}
			last := len(octets) - len(p.Encode(want[2]))
			for cut := last; cut < len(octets); cut++ {
				if got, rest := p.SplitFrames(octets[:cut]); len(got) != 2 || len(rest) != cut-last {
					t.Fatalf("cut at %d: %d frames, %d octets", cut, len(got), len(rest))
				}
			}
		}
	})
}

// Reserved bits, the fourth too, and opcodes are violations in every version;
// where the mask covers the head they are found behind it.
func TestDraftReservedBits(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		if p.draft() < 1 {
			return
		}
		for _, rsv := range []byte{1, 2, 4, 8} {
			for _, kind := range []Kind{KindText, KindBinary, KindPing, KindPong, KindClose, KindContinuation} {
				d := p.Decode(fromPeer(p, Frame{Fin: true, RSV: rsv, Opcode: p.Opcode(kind)}))
				if rsv == 8 && p.draft() >= 7 {
					continue // there is no such bit
				}
				if d.Violation != ReservedBits {
					t.Errorf("bit %d of %s: %+v", rsv, kind, d)
				}
			}
		}
	})
}

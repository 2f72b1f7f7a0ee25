package model

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// In every version a stream says nothing else when more of it comes, lawful or
// not: what was certain stays, at the octet at which it became certain.
func TestDraftPrefixes(t *testing.T) {
	random := rand.New(rand.NewPCG(51, 52))
	ended := make(map[Violation]int)
	everyRule(t, func(t *testing.T, r rule, p Params) {
		p.Limit = 8
		for range 300 {
			stream := randomStream(random, p)
			checkSplits(t, p, stream)
			whole := p.Decode(stream)
			ended[whole.Violation]++
			for n := range stream {
				part := p.Decode(stream[:n])
				if (part.Violation != "") != (whole.Violation != "" && whole.Consumed <= n) || part.Consumed > n {
					t.Fatalf("% x: after %d octets %+v", stream, n, part)
				}
				if part.Violation != "" && part.Consumed != whole.Consumed || part.Violation != "" && part.InFrame {
					t.Fatalf("% x: after %d octets %+v", stream, n, part)
				}
			}
		}
	})
	for _, v := range append(allViolations, CloseLetter, "") {
		if ended[v] == 0 && v != MaskMissing && v != MaskUnexpected {
			t.Errorf("no stream ended with %q", v)
		}
	}
}

// randomStream returns what the peer of p might send, often nearly lawful.
func randomStream(random *rand.Rand, p Params) (stream []byte) {
	kinds := []Kind{KindText, KindBinary, KindContinuation, KindPing, KindPong, KindClose}
	for range random.IntN(5) {
		body := make([]byte, random.IntN(5))
		for i := range body {
			body[i] = []byte{0x03, 0xe8, 'C', 'b', 0xc3, 0xa4, 0xff}[random.IntN(7)]
		}
		f := Frame{Fin: random.IntN(3) > 0, Payload: string(body)}
		if p.draft() < 1 {
			f.Opcode = []byte{0x00, 0x00, 0x00, 0x01, 0x80, 0xff}[random.IntN(6)]
			f.Padding = random.IntN(3)
		} else {
			f.Opcode = p.Opcode(kinds[random.IntN(len(kinds))])
			f.Width = Width(max(0, random.IntN(9)-6))
		}
		switch random.IntN(40) {
		case 0:
			f.RSV = byte(random.IntN(16))
		case 1:
			f.Opcode = byte(random.IntN(256))
		case 2:
			f.Missing = 1 << 63
		}
		stream = append(stream, fromPeer(p, f)...)
	}
	return stream
}

// Neither many small frames nor a large one take time that grows with the square
// of the stream, which would be minutes here: the bound leaves a slow machine
// much room.
func TestLinearTime(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		small := fromPeer(p, Frame{Opcode: p.Opcode(KindText), Fin: true, Payload: "\u00e4"})
		large := fromPeer(p, Frame{Opcode: p.Opcode(KindText), Fin: true, Payload: string(slices.Repeat([]byte{0xC3, 0xA4}, 100_000))})
		for name, stream := range map[string][]byte{
			"small": slices.Repeat(small, 200_000/len(small)), "large": large, "cut": large[:len(large)-1],
		} {
			begin := time.Now()
			p.Decode(stream)
			if took := time.Since(begin); took > 3*time.Second {
				t.Errorf("%s: %d octets took %v", name, len(stream), took)
			}
		}
	})
}

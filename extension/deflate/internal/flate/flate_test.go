package flate

import (
	"bytes"
	stdflate "compress/flate"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// inflate decodes a whole stream, handed over in pieces of that size, with that
// much room each time.
func inflate(f *Inflater, w *Window, stream []byte, piece, room int) (out []byte, err error) {
	f.Begin(w)
	for len(stream) > 0 {
		p := stream[:min(piece, len(stream))]
		for len(p) > 0 {
			before := len(out)
			var n int
			if out, n, err = f.Inflate(out, p, room); err != nil {
				return out, err
			}
			if len(out)-before > room {
				return out, fmt.Errorf("%d octets in a room of %d", len(out)-before, room)
			}
			if n == 0 && len(out) == before {
				return out, errors.New("neither takes nor gives")
			}
			p, stream = p[n:], stream[n:]
		}
	}
	return out, nil
}

// samples are payloads of all kinds.
func samples() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	words := strings.Fields("the quick brown fox jumps over a lazy dog while RFC 7692 compresses messages")
	var text []byte
	for len(text) < 150_000 {
		text = append(append(text, words[r.IntN(len(words))]...), ' ')
	}
	skewed := make([]byte, 70_000)
	for i := range skewed {
		skewed[i] = byte(r.ExpFloat64() * 3)
	}
	return map[string][]byte{
		"nothing": nil, "octet": {7}, "four": []byte("abcd"), "zeros": make([]byte, 200_000), "noise": noise, "text": text,
		"skewed": skewed, "mixed": append(append(bytes.Clone(text[:40_000]), noise[:40_000]...), text[:40_000]...),
		"short text": text[:300], "period": bytes.Repeat([]byte("abcdefghijk"), 9000),
	}
}

func TestRoundTrip(t *testing.T) {
	fixed, w := NewFixedTables(), NewWork()
	for bits := 8; bits <= 15; bits++ {
		for _, depth := range []int{1, 16} {
			for name, p := range samples() {
				p = p[:fewer(len(p))]
				d := NewDeflater(bits, depth)
				stream := d.Deflate(w, nil, p, false)
				got, err := io.ReadAll(stdflate.NewReader(bytes.NewReader(append(bytes.Clone(stream), 1, 0, 0, 0xFF, 0xFF))))
				if err != nil || !bytes.Equal(got, p) {
					t.Fatalf("%s, %d bits, depth %d: compress/flate: %v", name, bits, depth, err)
				}
				for _, cut := range [][2]int{{1 << 20, 1 << 20}, {1, 1 << 20}, {7, 1 << 16}, {1 << 20, 1}, {3, 5}, {1000, 300}} {
					got, err := inflate(NewInflater(fixed), NewWindow(bits), stream, cut[0], cut[1])
					if err != nil || !bytes.Equal(got, p) {
						t.Fatalf("%s, %d bits, depth %d, pieces %v: %d octets of %d, %v", name, bits, depth, cut, len(got), len(p), err)
					}
				}
			}
		}
	}
}

// A context is kept over messages, some of which are taken back.
func TestContextIsKept(t *testing.T) {
	fixed, w := NewFixedTables(), NewWork()
	text := samples()["text"]
	for bits := 8; bits <= 15; bits++ {
		for _, depth := range []int{1, 16} {
			r := rand.New(rand.NewPCG(uint64(bits), uint64(depth)))
			d, f, win := NewDeflater(bits, depth), NewInflater(fixed), NewWindow(bits)
			for i := range fewer(400) {
				from := r.IntN(len(text) / 2)
				p := text[from : from+r.IntN(1<<r.IntN(16))]
				stream := d.Deflate(w, nil, p, false)
				if r.IntN(4) == 0 {
					continue // not sent
				}
				d.Commit(p)
				got, err := inflate(f, win, stream, 1+r.IntN(5000), 1+r.IntN(5000))
				if err != nil || !bytes.Equal(got, p) {
					t.Fatalf("%d bits, depth %d, message %d: %v", bits, depth, i, err)
				}
			}
		}
	}
}

func TestStandardStreamsAreDecoded(t *testing.T) {
	fixed := NewFixedTables()
	for name, p := range samples() {
		p = p[:fewer(len(p))]
		for level := -2; level <= 9; level++ {
			var b bytes.Buffer
			sw, _ := stdflate.NewWriter(&b, level)
			_, _ = sw.Write(p)
			_ = sw.Close()
			for _, cut := range [][2]int{{1 << 20, 1 << 20}, {1, 1 << 20}, {1 << 20, 1}, {313, 777}} {
				f := NewInflater(fixed)
				got, err := inflate(f, NewWindow(15), b.Bytes(), cut[0], cut[1])
				if boundary, final := f.AtBoundary(); err != nil || !bytes.Equal(got, p) || !boundary || !final {
					t.Fatalf("%s, level %d, %v: %d of %d octets, %v, boundary %v", name, level, cut, len(got), len(p), err, boundary)
				}
			}
		}
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		stream string
		err    error
	}{
		"reserved kind":          {"06", ErrCorrupt},
		"stored length":          {"000500faff48", nil},
		"stored length no match": {"000500fbff48", ErrCorrupt},
		"distance before start":  {"f2001100", ErrDistance},
		"reserved length symbol": {"1a0300", ErrCorrupt}, // 286 in a fixed block
		"too many codes":         {"fcff00", ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			stream, err := hex.DecodeString(c.stream)
			if err != nil {
				t.Fatal(err)
			}
			f := NewInflater(NewFixedTables())
			if _, err := inflate(f, NewWindow(15), stream, 1, 100); !errors.Is(err, c.err) {
				t.Errorf("%v, want %v", err, c.err)
			}
		})
	}
}

func TestWindowIsEnforced(t *testing.T) {
	p := append(append([]byte("ABCDEFGHIJKLMNOP"), bytes.Repeat([]byte{'x'}, 500)...), "ABCDEFGHIJKLMNOP"...)
	stream := NewDeflater(15, 1).Deflate(NewWork(), nil, p, false)
	for _, piece := range []int{1, 1000} {
		if _, err := inflate(NewInflater(NewFixedTables()), NewWindow(8), stream, piece, 1000); !errors.Is(err, ErrDistance) {
			t.Errorf("pieces of %d: %v", piece, err)
		}
	}
}

func TestEmptyBlocksAreCounted(t *testing.T) {
	for name, block := range map[string]string{"stored": "\x00\x00\x00\xff\xff", "fixed": "\x02\x00"} {
		stream := []byte(strings.Repeat(block, 1<<20))
		f := NewInflater(NewFixedTables())
		if name == "fixed" {
			stream = bytes.Repeat([]byte{0x02, 0x08, 0x20, 0x80, 0x00}, 1<<20) // heads of 10 bits
		}
		if out, err := inflate(f, NewWindow(15), stream, 1<<10, 100); !errors.Is(err, ErrEmptyBlocks) || len(out) > 0 {
			t.Errorf("%s: %v, %d octets", name, err, len(out))
		}
	}
}

// FuzzInflate compares with compress/flate: both decode the same octets, or both
// fail, and cuts change nothing.
func FuzzInflate(f *testing.F) {
	for _, p := range samples() {
		f.Add(NewDeflater(15, 1).Deflate(NewWork(), nil, p[:min(len(p), 5000)], false), uint8(3))
	}
	fixed := NewFixedTables()
	f.Fuzz(func(t *testing.T, stream []byte, cut uint8) {
		const most = 1 << 18
		var whole []byte
		r := stdflate.NewReader(bytes.NewReader(stream))
		whole, want := io.ReadAll(io.LimitReader(r, most))
		inf := NewInflater(fixed)
		got, err := inflate(inf, NewWindow(15), stream, 1<<20, most)
		again, err2 := inflate(NewInflater(fixed), NewWindow(15), stream, int(cut)+1, int(cut)+1)
		if (err == nil) != (err2 == nil) || err == nil && !bytes.Equal(got, again) || !bytes.HasPrefix(again, got[:min(len(got), len(again))]) {
			t.Fatalf("cut: %v %v, %d and %d octets", err, err2, len(got), len(again))
		}
		// compress/flate ends with the final block; what is behind it is not its.
		if want == nil && !bytes.HasPrefix(got, whole) {
			t.Fatalf("decodes %d octets of %d otherwise: %v", len(got), len(whole), err)
		}
		var corrupt stdflate.CorruptInputError
		// A code that does not exist is certain here once 15 bits are there.
		if boundary, _ := inf.AtBoundary(); errors.As(want, &corrupt) && err == nil && boundary && len(whole) < most {
			t.Fatalf("compress/flate says %v after %d octets, this nothing after %d", want, len(whole), len(got))
		}
	})
}

// FuzzDeflate codes anything and has it decoded by both.
func FuzzDeflate(f *testing.F) {
	for _, p := range samples() {
		f.Add(p[:min(len(p), 3000)], p[:min(len(p), 2000)], uint8(15))
	}
	fixed, w := NewFixedTables(), NewWork()
	f.Fuzz(func(t *testing.T, before, p []byte, choice uint8) {
		size := 8 + int(choice%8)
		d, inf, win := NewDeflater(size, 1+15*int(choice>>7)), NewInflater(fixed), NewWindow(size)
		for _, p := range [][]byte{before, p, before} {
			got, err := inflate(inf, win, d.Deflate(w, nil, p, false), 1+int(choice), 1+int(choice))
			if err != nil || !bytes.Equal(got, p) {
				t.Fatalf("%v, %d octets of %d", err, len(got), len(p))
			}
			d.Commit(p)
		}
	})
}

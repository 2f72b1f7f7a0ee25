package mask

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// slow is RFC 6455 §5.3 word for word.
func slow(key [4]byte, pos int, p []byte) []byte {
	out := make([]byte, len(p))
	for i, b := range p {
		out[i] = b ^ key[(pos+i)%4]
	}
	return out
}

func TestXOREveryLengthAlignmentAndKeyOffset(t *testing.T) {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	k := Key(binary.LittleEndian.Uint32(key[:]))
	src := make([]byte, 320)
	for i := range src {
		src[i] = byte(i*7 + 1)
	}
	for n := 0; n <= 300; n++ {
		for align := range 9 {
			for pos := range 5 {
				p := bytes.Clone(src)
				XOR(k.At(pos), p[align:align+n])
				want := bytes.Clone(src)
				copy(want[align:], slow(key, pos, src[align:align+n]))
				if !bytes.Equal(p, want) {
					t.Fatalf("length %d, alignment %d, key offset %d: % x", n, align, pos, p[align:align+n])
				}
				dst := make([]byte, n+1)
				XORTo(dst, src[align:align+n], k.At(pos))
				if !bytes.Equal(dst[:n], want[align:align+n]) || dst[n] != 0 {
					t.Fatalf("XORTo: length %d, alignment %d, key offset %d", n, align, pos)
				}
			}
		}
	}
}

func TestZeroKeyCopies(t *testing.T) {
	dst := make([]byte, 3)
	XORTo(dst, []byte("abc"), 0)
	if string(dst) != "abc" {
		t.Fatalf("got %q", dst)
	}
}

func BenchmarkXOR(b *testing.B) {
	for _, n := range []int{16, 125, 1024, 65536} {
		b.Run("", func(b *testing.B) {
			p := make([]byte, n)
			b.SetBytes(int64(n))
			for b.Loop() {
				XOR(0x3d21fa37, p)
			}
		})
	}
}

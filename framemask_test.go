package wsfsm

import (
	"crypto/sha1"
	"testing"
)

// The state of a hash behind a block that is padded by hand is SHA-1.
func TestKeyOfFrameIsSHA1(t *testing.T) {
	m := newFrameMask("key", "nonce")
	for i := range 300 {
		nonce := []byte{byte(i), byte(i >> 3), 7, byte(3 * i)}
		m.begin(nonce)
		if want := sha1.Sum(append(nonce, m.connection[:]...)); m.frame != want {
			t.Fatalf("%x, want %x", m.frame, want)
		}
	}
}

// A frame is masked in pieces as it is as a whole: octet i by that of the key.
func TestFrameMaskGoesOn(t *testing.T) {
	m := newFrameMask("key", "nonce")
	for _, size := range []int{1, 7, 20, 21, 100, 159, 160, 161, 500} {
		m.begin([]byte("once"))
		p := make([]byte, 1500)
		for rest := p; len(rest) > 0; rest = rest[min(size, len(rest)):] {
			m.xor(rest[:min(size, len(rest))])
		}
		for i := range p {
			if p[i] != m.frame[i%sha1.Size] {
				t.Fatalf("in pieces of %d: octet %d is %x, want %x", size, i, p[i], m.frame[i%sha1.Size])
			}
		}
	}
}

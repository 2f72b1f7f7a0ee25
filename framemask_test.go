package wsfsm

import (
	"bytes"
	"crypto/sha1"
	"math/rand/v2"
	"testing"
)

// The state of a hash behind a block that is padded by hand is SHA-1.
func TestKeyOfFrameIsSHA1(t *testing.T) {
	m := newFrameMask("key", "nonce")
	for i := range 300 {
		nonce := []byte{byte(i), byte(i >> 3), 7, byte(3 * i)}
		m.begin(nonce)
		if want := sha1.Sum(append(nonce, m.connection[:]...)); [sha1.Size]byte(m.frame[:]) != want {
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

// Every length from every octet of the key is masked octet by octet, and what is said
// to be ASCII is.
func TestFrameMaskByOctets(t *testing.T) {
	m := newFrameMask("key", "nonce")
	m.begin([]byte("once"))
	random := rand.New(rand.NewPCG(1, 2))
	told := 0
	for n := range maxWords + 30 {
		for at := range sha1.Size {
			if n > 200 && at%7 > 0 {
				continue
			}
			plain, p := make([]byte, n), make([]byte, n+2)
			for i := range plain {
				plain[i] = byte(random.IntN(0x80))
			}
			high := n > 0 && random.IntN(2) == 0
			if high {
				plain[random.IntN(n)] |= 0x80
			}
			for i := range plain {
				p[1+i] = plain[i] ^ m.frame[(at+i)%sha1.Size]
			}
			m.seek(at)
			ascii := m.xor(p[1 : 1+n])
			if !bytes.Equal(p[1:1+n], plain) || p[0] != 0 || p[n+1] != 0 || m.at != (at+n)%sha1.Size {
				t.Fatalf("%d octets from %d: %x, want %x", n, at, p, plain)
			}
			if ascii && high {
				t.Fatalf("%d octets from %d: %x are no ASCII", n, at, plain)
			}
			if ascii {
				told++
			}
		}
	}
	if told < maxWords {
		t.Errorf("ASCII was told %d times", told)
	}
}

package wsfsm

import (
	"crypto/sha1"
	"encoding/binary"

	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/states"
)

// frameMask masks whole frames by SHA-1 of a nonce in front of them and a key of
// the connection (hybi-04).
type frameMask struct {
	connection [sha1.Size]byte
	frame      frameKeys
	at         int         // octets of the frame masked, modulo its size
	block      *paddedText // of the nonce and the key
}

// frameKeys is the key of a frame several times, so that a run of it may begin at any of
// its octets.
type frameKeys [4 * sha1.Size]byte

// Octets after which both keys and words begin anew, and those that words are read from.
const (
	wordPeriod = 2 * sha1.Size
	wordKeys   = wordPeriod + 8
)

// nonceSize is how many octets of nonce go before the key of a connection.
const nonceSize = 4

func newKeyBlock(connection []byte) *paddedText {
	b := newPaddedText(nonceSize + len(connection))
	copy(b.octets[nonceSize:], connection)
	return b
}

// newFrameMask makes the key of a connection from the client's key and the
// server's nonce, both as they are on the wire.
func newFrameMask(key, nonce string) *frameMask {
	m := &frameMask{connection: sha1.Sum([]byte(key + nonce + "61AC5F19-FBBA-4540-B96F-6561F1AB40A8"))}
	m.block = newKeyBlock(m.connection[:])
	return m
}

// begin makes the key of a frame; without a nonce the frame is not masked.
func (m *frameMask) begin(nonce []byte) {
	if m.at = 0; len(nonce) == 0 {
		m.frame = frameKeys{}
		return
	}
	*(*[nonceSize]byte)(m.block.octets) = [nonceSize]byte(nonce)
	m.frame.repeat(m.block.sum())
}

// repeat makes the keys of one.
func (k *frameKeys) repeat(key *[sha1.Size]byte) {
	for i := 0; i < len(k); i += len(key) {
		*(*[sha1.Size]byte)(k[i:]) = *key
	}
}

// seek goes to an octet of the frame.
func (m *frameMask) seek(octet int) { m.at = octet % sha1.Size }

// xor masks or unmasks p, the next octets of the frame, in place. It returns true only
// if p is ASCII now.
func (m *frameMask) xor(p []byte) (ascii bool) {
	keys := (*[wordKeys]byte)(m.frame[m.at:])
	switch {
	case len(p) < 8:
		ascii = xorFew(p, keys)
	case len(p) <= maxWords:
		ascii = xorWords(p, keys)
	default:
		var pattern [mask.PatternSize]byte
		for i := 0; i < len(pattern); i += sha1.Size {
			*(*[sha1.Size]byte)(pattern[i:]) = [sha1.Size]byte(keys[:])
		}
		mask.XORPattern(p, &pattern)
	}
	m.seek(m.at + len(p))
	return ascii
}

// maxWords is up to how many octets words are as fast as vectors, which do not tell
// what is ASCII.
const maxWords = 1 << 10

// xorFew masks up to seven octets.
func xorFew(p []byte, keys *[wordKeys]byte) (ascii bool) {
	var all byte
	for i := range p {
		p[i] ^= keys[i&7]
		all |= p[i]
	}
	return all < 0x80
}

// xorWords masks eight octets or more. The last eight are masked as a word, too, which
// may overlap the one before and is therefore read first.
func xorWords(p []byte, keys *[wordKeys]byte) (ascii bool) {
	end := p[len(p)-8:]
	last := word(end) ^ word(keys[(len(p)-8)%sha1.Size:])
	all, rest := last, p
	k0, k1, k2, k3, k4 := word(keys[:]), word(keys[8:]), word(keys[16:]), word(keys[24:]), word(keys[32:])
	for ; len(rest) >= wordPeriod; rest = rest[wordPeriod:] {
		w0, w1, w2, w3, w4 := word(rest)^k0, word(rest[8:])^k1, word(rest[16:])^k2, word(rest[24:])^k3, word(rest[32:])^k4
		all |= w0 | w1 | w2 | w3 | w4
		binary.NativeEndian.PutUint64(rest, w0)
		binary.NativeEndian.PutUint64(rest[8:], w1)
		binary.NativeEndian.PutUint64(rest[16:], w2)
		binary.NativeEndian.PutUint64(rest[24:], w3)
		binary.NativeEndian.PutUint64(rest[32:], w4)
	}
	for at := 0; len(rest) >= 8; rest, at = rest[8:], at+8 {
		w := word(rest) ^ word(keys[at:])
		all |= w
		binary.NativeEndian.PutUint64(rest, w)
	}
	binary.NativeEndian.PutUint64(end, last)
	return all&highBits == 0
}

func word(p []byte) uint64 { return binary.NativeEndian.Uint64(p) }

// maskFrame masks a whole frame to be sent, its head too, by the random octets
// in front of it (hybi-04 to hybi-06).
func (d *Driver) maskFrame(octets, frame []byte) {
	if d.prog.layout.prefix == states.FieldFrameNonce {
		m := *d.frameMask
		m.begin(octets)
		m.xor(frame)
		return
	}
	mask.XOR(maskingKey(octets), frame)
}

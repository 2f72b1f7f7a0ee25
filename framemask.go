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
	frame      [sha1.Size]byte
	at         int         // octets of the frame masked, modulo its size
	block      *paddedText // of the nonce and the key
}

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
		m.frame = [sha1.Size]byte{}
		return
	}
	*(*[nonceSize]byte)(m.block.octets) = [nonceSize]byte(nonce)
	m.frame = *m.block.sum()
}

// seek goes to an octet of the frame.
func (m *frameMask) seek(octet int) { m.at = octet % len(m.frame) }

// xor masks or unmasks p, the next octets of the frame, in place.
func (m *frameMask) xor(p []byte) {
	if len(p) <= len(m.frame)-m.at {
		xorFew(p, m.frame[m.at:])
	} else {
		var rotated [sha1.Size]byte
		copy(rotated[copy(rotated[:], m.frame[m.at:]):], m.frame[:m.at])
		var pattern [mask.PatternSize]byte
		for i := 0; i < len(pattern); i += len(rotated) {
			*(*[sha1.Size]byte)(pattern[i:]) = rotated
		}
		mask.XORPattern(p, &pattern)
	}
	m.seek(m.at + len(p))
}

// xorFew masks p by as many octets of key.
func xorFew(p, key []byte) {
	key = key[:len(p)]
	for len(p) >= 8 {
		binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)^binary.LittleEndian.Uint64(key))
		p, key = p[8:], key[8:]
	}
	for i := range p {
		p[i] ^= key[i]
	}
}

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

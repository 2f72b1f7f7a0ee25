package wsfsm

import (
	"crypto/sha1"
	"crypto/subtle"

	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/states"
)

// frameMask masks whole frames by SHA-1 of a nonce in front of them and a key of
// the connection (hybi-04).
type frameMask struct {
	connection [sha1.Size]byte
	frame      [sha1.Size]byte
	at         int // octets of the frame masked, modulo its size
}

// newFrameMask makes the key of a connection from the client's key and the
// server's nonce, both as they are on the wire.
func newFrameMask(key, nonce string) *frameMask {
	return &frameMask{connection: sha1.Sum([]byte(key + nonce + "61AC5F19-FBBA-4540-B96F-6561F1AB40A8"))}
}

// begin makes the key of a frame; without a nonce the frame is not masked.
func (m *frameMask) begin(nonce []byte) {
	m.at, m.frame = 0, [sha1.Size]byte{}
	if len(nonce) > 0 {
		m.frame = sha1.Sum(append(append(make([]byte, 0, 4+sha1.Size), nonce...), m.connection[:]...))
	}
}

// seek goes to an octet of the frame.
func (m *frameMask) seek(octet int) { m.at = octet % len(m.frame) }

// xor masks or unmasks p, the next octets of the frame, in place.
func (m *frameMask) xor(p []byte) {
	const rounds = 16
	var pattern [rounds * sha1.Size]byte
	n := copy(pattern[:], m.frame[:])
	for n < len(pattern) && n < m.at+len(p) {
		n += copy(pattern[n:], pattern[:n])
	}
	for len(p) > 0 {
		n := subtle.XORBytes(p, p[:min(len(p), len(pattern)-m.at)], pattern[m.at:])
		m.seek(m.at + n)
		p = p[n:]
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

package wsfsm

import (
	"crypto/sha1"

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

// xor masks or unmasks p, the next octets of the frame, in place.
func (m *frameMask) xor(p []byte) {
	for i := range p {
		p[i] ^= m.frame[m.at]
		if m.at++; m.at == len(m.frame) {
			m.at = 0
		}
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

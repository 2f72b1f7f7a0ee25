package wsfsm

import (
	"crypto/sha1"
	"encoding/binary"
	"hash"

	"github.com/wsfsm/wsfsm/internal/mask"
	"github.com/wsfsm/wsfsm/states"
)

// frameMask masks whole frames by SHA-1 of a nonce in front of them and a key of
// the connection (hybi-04).
type frameMask struct {
	connection [sha1.Size]byte
	frame      [sha1.Size]byte
	at         int // octets of the frame masked, modulo its size
	block      *keyBlock
}

// keyBlock is what SHA-1 works on for the key of a frame: one block, padded once
// (RFC 3174 §4), so that the digest is the state behind it. That takes half the time
// of a sum.
type keyBlock struct {
	hash      hash.Hash
	octets    [sha1.BlockSize]byte
	marshaled []byte
}

// binaryAppender is encoding.BinaryAppender.
type binaryAppender interface {
	AppendBinary(b []byte) ([]byte, error)
}

// Form of the state of a hash: a name, then the state itself.
const (
	hashState = "sha\x01"
	nonceSize = 4
)

func newKeyBlock(connection []byte) *keyBlock {
	b := &keyBlock{hash: sha1.New()}
	n := nonceSize + copy(b.octets[nonceSize:], connection)
	b.octets[n] = 0x80
	binary.BigEndian.PutUint64(b.octets[sha1.BlockSize-8:], uint64(8*n))
	return b
}

// digest returns the key of a frame.
func (b *keyBlock) digest(nonce []byte) *[sha1.Size]byte {
	*(*[nonceSize]byte)(b.octets[:]) = [nonceSize]byte(nonce)
	b.hash.Reset()
	b.hash.Write(b.octets[:])
	b.marshaled, _ = b.hash.(binaryAppender).AppendBinary(b.marshaled[:0])
	return (*[sha1.Size]byte)(b.marshaled[len(hashState):])
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
	m.frame = *m.block.digest(nonce)
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

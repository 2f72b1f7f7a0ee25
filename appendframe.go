package wsfsm

import (
	"encoding/binary"

	"github.com/wsfsm/wsfsm/internal/mask"
)

// FrameHeader is the header of a frame of RFC 6455 §5.2, without the length.
type FrameHeader struct {
	Final  bool    // FIN
	RSV    byte    // the reserved bits: RSV1 is 4, RSV2 is 2, RSV3 is 1
	Opcode byte    // 0 to 15
	Masked bool    // whether Key follows and the payload is masked
	Key    [4]byte // masking key
}

// AppendFrame appends a frame to dst and returns the extended slice. It copies
// the payload, masking the copy if asked to, and checks nothing: tests may build
// broken frames with it. The length takes its shortest form.
func AppendFrame(dst []byte, h FrameHeader, payload []byte) []byte {
	head := h.RSV&7<<4 | h.Opcode&15
	if h.Final {
		head |= 0x80
	}
	if !h.Masked {
		return appendFrame(dst, head, payload)
	}
	return appendMaskedFrame(dst, head, h.Key[:], payload)
}

// Mask masks or unmasks p in place (RFC 6455 §5.3). pos is the number of payload
// octets before p; Mask returns the number before what follows p.
func Mask(key [4]byte, pos int, p []byte) int {
	mask.XOR(mask.Key(binary.LittleEndian.Uint32(key[:])).At(pos), p)
	return pos + len(p)
}

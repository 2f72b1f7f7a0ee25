package wire

import (
	"encoding/binary"
	"os"
)

// Save writes the stream to a file, for contestants in processes of their own:
// numbers of eight octets, the last octet first: text (1 or 0), the octets of a read,
// the number of messages; for each message its end in the octets and its length; the
// number of octets. Behind them the octets, then the payloads.
func (s *Stream) Save(file string) error {
	chunk, text := s.Chunk, uint64(0)
	if chunk == 0 {
		chunk = Chunk
	}
	if s.Text {
		text = 1
	}
	var p []byte
	number := func(v uint64) { p = binary.LittleEndian.AppendUint64(p, v) }
	number(text)
	number(uint64(chunk))
	number(uint64(len(s.Payloads)))
	for i, payload := range s.Payloads {
		number(uint64(s.ends[i]))
		number(uint64(len(payload)))
	}
	number(uint64(len(s.Octets)))
	p = append(p, s.Octets...)
	for _, payload := range s.Payloads {
		p = append(p, payload...)
	}
	return os.WriteFile(file, p, 0o600)
}

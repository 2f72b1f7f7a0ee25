package wsfsm

import (
	"crypto/sha1"
	"encoding/binary"
	"hash"
)

// paddedText is a text of always the same length that SHA-1 works on, padded once
// (RFC 3174 §4), so that the sum is the state behind it. Of one block that takes half
// the time of sha1.Sum, of two two thirds.
type paddedText struct {
	octets    []byte
	hash      readableHash
	marshaled []byte
}

// readableHash is a hash whose state can be read.
type readableHash interface {
	hash.Hash
	AppendBinary(b []byte) ([]byte, error)
}

// hashState is what the state of SHA-1 begins with; then comes the sum.
const hashState = "sha\x01"

// newPaddedText returns a text of n octets, all zero.
func newPaddedText(n int) *paddedText {
	blocks := (n + 1 + 8 + sha1.BlockSize - 1) / sha1.BlockSize
	t := &paddedText{octets: make([]byte, blocks*sha1.BlockSize), hash: sha1.New().(readableHash)}
	t.octets[n] = 0x80
	binary.BigEndian.PutUint64(t.octets[len(t.octets)-8:], uint64(8*n))
	return t
}

// sum returns the SHA-1 sum, which stays as it is until the next call.
func (t *paddedText) sum() *[sha1.Size]byte {
	t.hash.Reset()
	t.hash.Write(t.octets)
	t.marshaled, _ = t.hash.AppendBinary(t.marshaled[:0])
	return (*[sha1.Size]byte)(t.marshaled[len(hashState):])
}

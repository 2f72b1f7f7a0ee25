package main

import (
	"encoding/binary"
	"errors"
	"hash/crc32"

	"github.com/wsfsm/wsfsm/extension"
)

// errSum is what fails a connection whose octets have been changed on the way.
var errSum = errors.New("x-checksum: the sum does not match")

// checksum is the extension: each data frame ends with the CRC-32 of what is
// before it, and RSV2 says so.
type checksum struct{}

func (checksum) Name() string { return "x-checksum" }

// Offers offers it without parameters.
func (checksum) Offers() [][]extension.Parameter { return [][]extension.Parameter{nil} }

// Answer takes the first offer without parameters.
func (checksum) Answer(offers [][]extension.Parameter) ([]extension.Parameter, *extension.Session) {
	for _, parameters := range offers {
		if len(parameters) == 0 {
			return nil, session()
		}
	}
	return nil, nil
}

func (checksum) Accept(answer []extension.Parameter) (*extension.Session, error) {
	if len(answer) > 0 {
		return nil, errors.New("there are no parameters")
	}
	return session(), nil
}

func session() *extension.Session {
	return &extension.Session{
		Bits:    extension.RSV2,
		Scope:   extension.PerFrame,
		Encoder: adder{},
		Decoder: &checker{},
	}
}

// adder appends the sum to a frame.
type adder struct{}

func (adder) Encode(dst, p []byte, _ extension.Position) ([]byte, extension.Bits, bool) {
	return binary.BigEndian.AppendUint32(append(dst, p...), crc32.ChecksumIEEE(p)), extension.RSV2, true
}

func (adder) Release() {}

// checker takes the sum off. The last four octets that have come may be the sum,
// so that they are held back.
type checker struct {
	sum  uint32
	last [4]byte
	held int
}

func (c *checker) Begin(extension.Bits) { *c = checker{} }

func (c *checker) Decode(dst, src []byte, room int) ([]byte, int, error) {
	start := len(dst)
	for n, b := range src {
		if c.held < len(c.last) {
			c.last[c.held] = b
			c.held++
			continue
		}
		if len(dst)-start == room {
			return c.passed(dst, start), n, nil
		}
		dst = append(dst, c.last[0])
		c.last = [4]byte{c.last[1], c.last[2], c.last[3], b}
	}
	return c.passed(dst, start), len(src), nil
}

// passed adds what was appended to the sum.
func (c *checker) passed(dst []byte, start int) []byte {
	c.sum = crc32.Update(c.sum, crc32.IEEETable, dst[start:])
	return dst
}

func (c *checker) End(dst []byte, _ int) ([]byte, bool, error) {
	if c.held < len(c.last) || c.sum != binary.BigEndian.Uint32(c.last[:]) {
		return dst, true, errSum
	}
	return dst, true, nil
}

func (c *checker) Release() {}

// Package reader stands for somebody's own WebSocket implementation: the receiving
// half of a server, as small as it can be. Its tests show how such a thing is fuzzed
// with the generators of package fuzz (docs/testing-your-own.md).
package reader

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// Reader reads the frames of a client (RFC 6455 §5). The zero Reader is ready.
type Reader struct {
	// Text, Binary, Ping and Pong are called with what has come; Close with the
	// code, 1005 if there is none, and the reason. Strings are the callee's.
	Text, Binary, Ping, Pong func(string)
	Close                    func(code uint16, reason string)

	rest    []byte // octets that are no whole frame yet
	message []byte
	opcode  byte // of the message that has begun; 0: none has
	over    bool // by a close frame or an error
}

// ErrProtocol is a rule that the peer has broken.
type ErrProtocol struct{ Code int } // the code to close with (§7.4.1)

// Error implements error.
func (e ErrProtocol) Error() string { return fmt.Sprintf("reader: protocol error %d", e.Code) }

// Write takes octets that have come, in any pieces. It returns an ErrProtocol if a
// rule is broken; what comes behind that, and behind a close frame, is ignored.
func (r *Reader) Write(p []byte) (int, error) {
	r.rest = append(r.rest, p...)
	for !r.over {
		n, err := r.frame(r.rest)
		if err != nil {
			r.over = true
			return 0, err
		}
		if n == 0 {
			break
		}
		r.rest = r.rest[n:]
	}
	return len(p), nil
}

// frame reads a frame and returns its size, 0 if it is not there as a whole.
func (r *Reader) frame(p []byte) (int, error) {
	if len(p) < 2 {
		return 0, nil
	}
	fin, opcode, masked, length, at := p[0]&0x80 != 0, p[0]&0x0F, p[1]&0x80 != 0, uint64(p[1]&0x7F), 2
	isControl := opcode >= 8
	switch {
	case p[0]&0x70 != 0, opcode > 2 && opcode < 8, opcode > 10, !masked,
		isControl && (!fin || length > 125), opcode == 0 && r.opcode == 0, (opcode == 1 || opcode == 2) && r.opcode != 0:
		return 0, ErrProtocol{1002}
	case length == 126:
		at = 4
	case length == 127:
		at = 10
	}
	if len(p) < at+4 {
		return 0, nil
	}
	switch at {
	case 4:
		length = uint64(binary.BigEndian.Uint16(p[2:]))
	case 10:
		length = binary.BigEndian.Uint64(p[2:])
	}
	if at == 4 && length < 126 || at == 10 && (length < 1<<16 || length >= 1<<63) {
		return 0, ErrProtocol{1002}
	}
	if uint64(len(p)-at-4) < length {
		return 0, nil
	}
	payload := make([]byte, length)
	for i := range payload {
		payload[i] = p[at+4+i] ^ p[at+i%4]
	}
	return at + 4 + int(length), r.take(fin, opcode, payload)
}

// take takes the payload of a frame.
func (r *Reader) take(fin bool, opcode byte, payload []byte) error {
	switch opcode {
	case 8:
		return r.close(payload)
	case 9:
		r.Ping(string(payload))
		return nil
	case 10:
		r.Pong(string(payload))
		return nil
	case 1, 2:
		r.opcode = opcode
	}
	r.message = append(r.message, payload...)
	if !fin {
		return nil
	}
	message, tell := string(r.message), r.Binary
	if r.opcode == 1 {
		tell = r.Text
		if !utf8.ValidString(message) {
			return ErrProtocol{1007}
		}
	}
	r.message, r.opcode = nil, 0
	tell(message)
	return nil
}

func (r *Reader) close(body []byte) error {
	code := uint16(1005)
	if len(body) == 1 {
		return ErrProtocol{1002}
	}
	if len(body) > 1 {
		code = binary.BigEndian.Uint16(body)
		if code < 1000 || code > 4999 || code > 1014 && code < 3000 || code >= 1004 && code <= 1006 {
			return ErrProtocol{1002}
		}
		body = body[2:]
	}
	if !utf8.Valid(body) {
		return ErrProtocol{1007}
	}
	r.over = true
	r.Close(code, string(body))
	return nil
}

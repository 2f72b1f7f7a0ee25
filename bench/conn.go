package main

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// load is a kind of message.
type load struct {
	name   string
	opcode byte
	size   int
}

func loads() []load {
	return []load{
		{"16 B binary", 2, 16}, {"125 B text", 1, 125}, {"1 KiB binary", 2, 1 << 10},
		{"1 KiB text", 1, 1 << 10}, {"64 KiB binary", 2, 64 << 10},
	}
}

// payload is text that is neither ASCII nor all alike, or random octets.
func (l load) payload() []byte {
	p := make([]byte, l.size)
	if l.opcode == 2 {
		if _, err := rand.Read(p); err != nil {
			panic(err)
		}
		return p
	}
	const text = "Grüße, 世界! Zażółć gęślą jaźń. "
	for i := 0; i < len(p); {
		if i+len(text) <= len(p) {
			i += copy(p[i:], text)
		} else {
			p[i] = '.'
			i++
		}
	}
	return p
}

const request = "GET / HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// conn is a connection in memory: it is read as a request, then n masked
// messages, then the end; what is written is counted, or kept to be checked.
type conn struct {
	head   []byte // the request, or what is left of it
	frames []byte // some whole masked frames
	at     int
	left   int // frames not read yet
	frame  int // length of one frame
	keep   *bytes.Buffer
}

func newConn(l load, n int, keep bool) *conn {
	frame := clientFrame(l.opcode, l.payload())
	c := &conn{head: []byte(request), frame: len(frame), left: n}
	c.frames = bytes.Repeat(frame, max(1, (64<<10)/len(frame)))
	if keep {
		c.keep = &bytes.Buffer{}
	}
	return c
}

// Read gives the request alone, then as many frames as fit into p.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.head) > 0 {
		n := copy(p, c.head)
		c.head = c.head[n:]
		return n, nil
	}
	if c.left == 0 {
		return 0, io.EOF
	}
	end := min(len(c.frames), c.at+c.left*c.frame-c.at%c.frame)
	n := copy(p, c.frames[c.at:end])
	c.left -= (c.at+n)/c.frame - c.at/c.frame
	c.at += n
	if c.at == len(c.frames) {
		c.at = 0
	}
	return n, nil
}

func (c *conn) Write(p []byte) (int, error) {
	if c.keep != nil {
		c.keep.Write(p)
	}
	return len(p), nil
}

func (c *conn) Close() error                     { return nil }
func (c *conn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *conn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

func header(opcode byte, n int, mask byte) []byte {
	switch {
	case n <= 125:
		return []byte{0x80 | opcode, mask | byte(n)}
	case n <= 0xFFFF:
		return binary.BigEndian.AppendUint16([]byte{0x80 | opcode, mask | 126}, uint16(n))
	}
	return binary.BigEndian.AppendUint64([]byte{0x80 | opcode, mask | 127}, uint64(n))
}

func clientFrame(opcode byte, payload []byte) []byte {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	f := append(header(opcode, len(payload), 0x80), key[:]...)
	for i, b := range payload {
		f = append(f, b^key[i%4])
	}
	return f
}

// check wants each message back as one frame with the same octets, behind a 101.
func check(p peer, l load) error {
	const n = 50
	c := newConn(l, n, true)
	key := [4]byte(c.frames[len(header(l.opcode, l.size, 0x80)):])
	payload := bytes.Clone(c.frames[c.frame-l.size : c.frame])
	for i := range payload {
		payload[i] ^= key[i%4]
	}
	if err := p.echo(c); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	head, body, ok := bytes.Cut(c.keep.Bytes(), []byte("\r\n\r\n"))
	if !ok || !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) || !bytes.Contains(head, []byte("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
		return fmt.Errorf("%s: no opening handshake: %q", p.name, head)
	}
	want := bytes.Repeat(append(header(l.opcode, l.size, 0), payload...), n)
	if !bytes.HasPrefix(body, want) {
		return fmt.Errorf("%s: %s: the octets sent back differ", p.name, l.name)
	}
	return nil
}

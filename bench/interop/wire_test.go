package interop

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// tap is the client's end of a transport; it keeps what goes both ways.
type tap struct {
	net.Conn
	mu      sync.Mutex
	in, out bytes.Buffer
}

func (c *tap) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in.Write(p[:n])
	return n, err
}

func (c *tap) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.out.Write(p)
	c.mu.Unlock()
	return c.Conn.Write(p)
}

// transport is a connection over loopback.
func transport(t testing.TB) (client *tap, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dialed, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	server.SetDeadline(deadline)
	return &tap{Conn: dialed}, server
}

// frames are those of one direction: how many data messages were coded, and the
// octets of their payloads and of all.
type frames struct{ messages, coded, codedOctets, octets int }

// seen is what went over the wire.
type seen struct {
	offers, answers        []terms
	fromClient, fromServer frames
}

func (c *tap) seen() (s seen, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := bufio.NewReader(bytes.NewReader(c.out.Bytes()))
	request, err := http.ReadRequest(out)
	if err != nil {
		return s, err
	}
	in := bufio.NewReader(bytes.NewReader(c.in.Bytes()))
	response, err := http.ReadResponse(in, request)
	if err != nil {
		return s, err
	}
	if s.offers, err = readTerms(request.Header); err != nil {
		return s, err
	}
	if s.answers, err = readTerms(response.Header); err != nil {
		return s, err
	}
	if s.fromClient, err = readFrames(out); err == nil {
		s.fromServer, err = readFrames(in)
	}
	return s, err
}

// readFrames splits octets by RFC 6455 §5.2 and counts.
func readFrames(r *bufio.Reader) (f frames, err error) {
	coded := false
	for {
		var head [2]byte
		if _, err := io.ReadFull(r, head[:]); errors.Is(err, io.EOF) {
			return f, nil
		} else if err != nil {
			return f, err
		}
		n := int(head[1] & 0x7F)
		switch n {
		case 126:
			var size [2]byte
			_, err = io.ReadFull(r, size[:])
			n = int(binary.BigEndian.Uint16(size[:]))
		case 127:
			var size [8]byte
			_, err = io.ReadFull(r, size[:])
			n = int(binary.BigEndian.Uint64(size[:]))
		}
		if err != nil {
			return f, err
		}
		if head[1]&0x80 != 0 {
			n += 4
		}
		if _, err := r.Discard(n); err != nil {
			return f, err
		}
		opcode := head[0] & 0x0F
		if opcode >= 8 {
			continue
		}
		if first := opcode != 0; first {
			coded = head[0]&0x40 != 0
			f.messages++
			if coded {
				f.coded++
			}
		} else if head[0]&0x40 != 0 {
			return f, fmt.Errorf("RSV1 on a continuation frame (RFC 7692 §6.1)")
		}
		f.octets += n
		if coded {
			f.codedOctets += n
		}
	}
}

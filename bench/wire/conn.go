package wire

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// Conn is a connection in memory. It is read as the opening, then messages of a
// stream, then the end; what is written is counted, or kept.
type Conn struct {
	stream *Stream
	role   Role // of the end that uses the connection
	head   []byte
	opened chan struct{} // closed when a client's request has come
	asked  bool          // for a client's request, which comes first
	sent   []byte        // of it so far
	at     int           // in the stream
	left   int           // octets that have not been read
	Keep   bool          // what is written
	Out    []byte        // what was written, without a client's request
	Writes int
	// Hold, if not nil, keeps the end away until it is closed.
	Hold chan struct{}
}

// Conn makes a connection with n messages for an end with that role.
func (s *Stream) Conn(role Role, n int) *Conn {
	c := &Conn{stream: s, role: role, left: s.length(n)}
	if role == Server {
		c.head = s.Request
	} else {
		c.opened, c.asked = make(chan struct{}), true
	}
	return c
}

// Empty is a connection on which nothing comes but the opening; its end is held
// until Close.
func Empty(role Role) *Conn {
	s := &Stream{Request: []byte(Request), ends: []int{0}, Payloads: [][]byte{nil}}
	c := s.Conn(role, 0)
	c.Hold = make(chan struct{})
	return c
}

// SetRequest is for a server that is to be asked for something else.
func (c *Conn) SetRequest(request []byte) { c.head = request }

// Read gives the opening alone, then as much as fits.
func (c *Conn) Read(p []byte) (int, error) {
	if c.opened != nil {
		<-c.opened
		c.opened = nil
	}
	if len(c.head) > 0 {
		n := copy(p, c.head)
		c.head = c.head[n:]
		return n, nil
	}
	if c.left == 0 {
		if c.Hold != nil {
			<-c.Hold
		}
		return 0, io.EOF
	}
	room := min(len(p), c.left, Chunk)
	if c.stream.Chunk > 0 {
		room = min(room, c.stream.Chunk)
	}
	for n := 0; n < room; {
		k := copy(p[n:room], c.stream.Octets[c.at:])
		n, c.at = n+k, c.at+k
		if c.at == len(c.stream.Octets) {
			c.at = 0
		}
	}
	c.left -= room
	return room, nil
}

// Write counts, keeps, or takes a client's request. What only counts costs next to
// nothing: it is in every figure.
func (c *Conn) Write(p []byte) (int, error) {
	if c.Writes++; !c.asked && !c.Keep {
		return len(p), nil
	}
	return c.take(p)
}

func (c *Conn) take(p []byte) (int, error) {
	if c.asked {
		if err := c.request(p); err != nil {
			return 0, err
		}
	} else {
		c.Out = append(c.Out, p...)
	}
	return len(p), nil
}

var errRequest = errors.New("wire: no request of a client")

// request answers a client.
func (c *Conn) request(p []byte) error {
	c.sent = append(c.sent, p...)
	if !bytes.HasSuffix(c.sent, []byte("\r\n\r\n")) {
		return nil
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(c.sent)))
	if err != nil || r.Header.Get("Sec-WebSocket-Key") == "" {
		return errRequest
	}
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	c.head = []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n")
	c.sent, c.asked, c.Writes = nil, false, 1
	close(c.opened)
	return nil
}

// Close lets go of the end.
func (c *Conn) Close() error {
	if c.Hold != nil {
		defer func() { recover() }()
		close(c.Hold)
	}
	return nil
}

// LocalAddr implements net.Conn.
func (c *Conn) LocalAddr() net.Addr { return &net.TCPAddr{} }

// RemoteAddr implements net.Conn.
func (c *Conn) RemoteAddr() net.Addr { return &net.TCPAddr{} }

// SetDeadline implements net.Conn; there are none.
func (c *Conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn; there are none.
func (c *Conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn; there are none.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }

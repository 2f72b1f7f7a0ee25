package interop

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// said is a message of the conversation that is held with a compressing echo.
type said struct {
	name   string
	binary bool
	data   []byte
	pinged bool // in fragments, with a ping between the first two; of fragmentsOctets
	small  bool // the driver compresses it, which makes it smaller
}

const (
	repeated = 4 // the first of two equal messages of the conversation

	// fragmentsOctets is the length of texts that come back in fragments from
	// peers that can do so.
	fragmentsOctets = 2000
)

// conversation returns the messages: empty, below the threshold from which on
// the driver compresses, above it, twice the same, longer than a window, such as
// would grow, in fragments, and long; the last is for some connections only.
func conversation() []said {
	r := rand.New(rand.NewPCG(7692, 0))
	noise := make([]byte, 1000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	document := records(r, 5<<10)
	return []said{
		{name: "empty"},
		{name: "1 octet", data: []byte("x")},
		{name: "127 octets", data: bytes.Repeat([]byte("x"), deflate.DefaultThreshold-1)},
		{name: "130 octets", data: bytes.Repeat([]byte("0123456789abc"), 10), small: true},
		{name: "JSON of 5 KiB", data: document, small: true},
		{name: "the same again", data: document, small: true},
		{name: "text of 40 KiB", data: records(r, 40<<10), small: true},
		{name: "random octets", binary: true, data: noise},
		{name: "fragments", data: records(r, fragmentsOctets), pinged: true, small: true},
		{name: "text of 200 KiB", data: records(r, 200<<10), small: true},
	}
}

// records returns JSON of that length, with repetitions at all distances.
func records(r *rand.Rand, length int) []byte {
	var b []byte
	for len(b) < length {
		if back := 1 << (5 + r.IntN(12)); back < len(b) && r.IntN(4) > 0 {
			at := len(b) - back
			b = append(b, b[at:min(at+300, len(b))]...)
			continue
		}
		b = fmt.Appendf(b, `{"id":%d,"name":"größe %x","tags":["a","b"]},`, r.IntN(1e6), r.Uint32())
	}
	return bytes.Map(func(r rune) rune {
		if r == 0xFFFD {
			return '?'
		}
		return r
	}, b[:length])
}

// tapped is a socket that keeps what goes over it.
type tapped struct {
	net.Conn
	read, written []byte
}

// Read implements io.Reader.
func (c *tapped) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read = append(c.read, p[:n]...)
	return n, err
}

// Write implements io.Writer.
func (c *tapped) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.written = append(c.written, p[:n]...)
	return n, err
}

// CloseWrite ends the direction.
func (c *tapped) CloseWrite() error { return c.Conn.(*net.TCPConn).CloseWrite() }

// converse says all messages to an echo, and closes.
func converse(d *driven, messages []said) error {
	for _, m := range messages {
		if err := say(d, m); err != nil {
			return err
		}
		if err := hear(d, m); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	if err := d.do(command{Do: closeWith, Code: 1000}); err != nil {
		return err
	}
	got, err := await(d, "closed")
	return errors.Join(err, clean(got, d))
}

func say(d *driven, m said) error {
	switch {
	case m.pinged:
		return d.around(m.data, []byte("between"))
	case m.binary:
		return d.do(command{Do: sendBinary, Data: m.data})
	}
	return d.do(command{Do: sendText, Data: m.data})
}

// around sends a text in three fragments with a ping behind the first.
func (d *driven) around(data, ping []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.flush()
	third := len(data) / 3
	err := d.driver.Begin(wsfsm.Text, data[:third])
	_, pinged := d.driver.Ping(ping)
	return errors.Join(err, pinged, d.driver.Append(data[third:2*third]), d.driver.End(data[2*third:]))
}

// hear waits for the echo of a message, and the pong if there was a ping.
func hear(d *driven, m said) error {
	wait := map[string]event{"message": {Binary: m.binary, Data: m.data}}
	if m.pinged {
		wait["pong"] = event{Data: []byte("between")}
	}
	for len(wait) > 0 {
		got, err := d.next()
		if err != nil {
			return err
		}
		want, expected := wait[got.Event]
		if !expected {
			return fmt.Errorf("%v instead of an echo", got)
		}
		if got.Binary != want.Binary || !bytes.Equal(got.Data, want.Data) {
			return fmt.Errorf("the echo of %d octets is %v", len(want.Data), got)
		}
		delete(wait, got.Event)
	}
	return nil
}

// coded is a message as it went over the wire.
type coded struct {
	compressed bool
	frames     int
	octets     []byte // of all its frames, unmasked
}

// messagesIn returns the messages among the frames in p. It reads frames by
// itself, so that it does not share faults with the driver.
func messagesIn(p []byte) (messages []coded, err error) {
	for len(p) > 0 {
		head, payload, size := frameIn(p)
		reserved, opcode := head>>4&7, head&15
		switch {
		case size == 0:
			return messages, errors.New("a frame is cut off")
		case reserved&^4 != 0, reserved != 0 && opcode != 1 && opcode != 2:
			return messages, fmt.Errorf("a frame with head %02x", head)
		case opcode == 1 || opcode == 2:
			messages = append(messages, coded{reserved == 4, 1, payload})
		case opcode == 0 && len(messages) > 0:
			last := &messages[len(messages)-1]
			last.octets = append(last.octets, payload...)
			last.frames++
		}
		p = p[size:]
	}
	return messages, nil
}

// frameIn returns the first octet, the payload and the length of the first frame
// in p; a length of 0 if p ends inside it.
func frameIn(p []byte) (head byte, payload []byte, size int) {
	if len(p) < 2 {
		return 0, nil, 0
	}
	length, at, masked := int(p[1]&0x7F), 2, p[1]&0x80 != 0
	if wide := map[int]int{126: 2, 127: 8}[length]; wide > 0 && len(p) >= at+wide {
		length = 0
		for _, b := range p[at : at+wide] {
			length = length<<8 | int(b)
		}
		at += wide
	}
	var key [4]byte
	if masked && len(p) >= at+4 {
		key, at = [4]byte(p[at:]), at+4
	}
	if len(p) < at+length {
		return p[0], nil, 0
	}
	payload = slices.Clone(p[at : at+length])
	if key != [4]byte{} {
		for i := range payload {
			payload[i] ^= key[i%4]
		}
	}
	return p[0], payload, at + length
}

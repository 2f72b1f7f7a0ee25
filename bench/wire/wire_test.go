package wire

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

func TestContents(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []Content{Binary, ASCII, Mixed, CJK, JSON} {
		for _, n := range []int{1, 125, 1000, 70_000} {
			p, q := c.Payload(r, n), c.Payload(r, n)
			if c == JSON && n < 125 {
				continue
			}
			if len(p) != n || c.Text() && !utf8.Valid(p) || n > 1 && bytes.Equal(p, q) {
				t.Errorf("%v: %d octets for %d, valid %v, twice the same %v", c, len(p), n, utf8.Valid(p), bytes.Equal(p, q))
			}
		}
	}
}

func TestFrames(t *testing.T) {
	for _, n := range []int{0, 125, 126, 65_535, 65_536} {
		for _, key := range []*[4]byte{nil, {1, 2, 3, 4}} {
			f := Frame{Final: true, Coded: n > 200, Opcode: BinaryOpcode, Payload: bytes.Repeat([]byte("x"), n)}
			got, masked, rest, err := Cut(append(f.Append(nil, key), "rest"...))
			if err != nil || masked != (key != nil) || string(rest) != "rest" || !bytes.Equal(got.Payload, f.Payload) || got.Coded != f.Coded {
				t.Errorf("%d, %v: %v", n, key, err)
			}
			octets := f.Append(nil, key)
			if _, _, _, err := Cut(octets[:len(octets)-1]); err == nil {
				t.Errorf("%d, %v: a frame that is cut off passes", n, key)
			}
		}
	}
}

// A connection gives its messages over and over, in reads of any size.
func TestConnGivesTheStream(t *testing.T) {
	s := NewStream(Load{Content: Binary, Size: 1000}, Server)
	for _, chunk := range []int{0, 7} {
		s.Chunk = chunk
		n := 2*len(s.Payloads) + 1
		all, err := io.ReadAll(s.Conn(Server, n))
		if err != nil {
			t.Fatal(err)
		}
		octets, found := bytes.CutPrefix(all, []byte(Request))
		if !found {
			t.Fatal("no request")
		}
		for i := range n {
			f, _, rest, err := Cut(octets)
			if err != nil || !bytes.Equal(f.Payload, s.Payloads[i%len(s.Payloads)]) {
				t.Fatalf("message %d: %v", i, err)
			}
			octets = rest
		}
		if len(octets) > 0 {
			t.Errorf("%d octets too many", len(octets))
		}
	}
}

func TestClientGetsItsAnswer(t *testing.T) {
	c := Empty(Client)
	if _, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1000)
	n, err := c.Read(buf)
	if err != nil || !bytes.Contains(buf[:n], []byte(AcceptKey)) {
		t.Errorf("%q, %v", buf[:n], err)
	}
	if _, err := Empty(Client).Write([]byte("nonsense\r\n\r\n")); err == nil {
		t.Error("nonsense is answered")
	}
}

package wire

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Role is an end of a connection.
type Role uint8

// The roles.
const (
	Server Role = iota + 1
	Client
)

// String returns the role's name.
func (r Role) String() string { return [...]string{"", "server", "client"}[r] }

// Load is what comes in.
type Load struct {
	Content   Content
	Size      int // octets of a message
	Fragments int // of a message, each of the same size; 0 is 1
	Chunk     int // octets that a read gives at most; 0 is 64 KiB
}

// Stream is messages as octets; a connection gives them again and again.
type Stream struct {
	Text     bool
	Payloads [][]byte
	Octets   []byte
	ends     []int  // where each message ends in Octets
	Request  []byte // the opening that a server reads
	Chunk    int
}

// Chunk is how many octets a read gives.
const Chunk = 64 << 10

// Ring is how many octets of a content go round, at least: text must not be
// learned, binary should stay in a cache.
func (c Content) Ring() int {
	if c.Text() {
		return 1 << 20
	}
	return 64 << 10
}

// Request opens a connection.
const Request = "GET / HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://bench\r\n\r\n"

// AcceptKey answers the key of Request (RFC 6455 §1.3).
const AcceptKey = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

// Offering is the Request with an offer of extensions.
func Offering(extensions string) []byte {
	return []byte(strings.TrimSuffix(Request, "\r\n") + "Sec-WebSocket-Extensions: " + extensions + "\r\n\r\n")
}

// NewStream makes the stream that an end with that role reads.
func NewStream(l Load, to Role) *Stream {
	r := rand.New(rand.NewPCG(uint64(l.Size), uint64(l.Content)))
	s := &Stream{Text: l.Content.Text(), Request: []byte(Request), Chunk: l.Chunk}
	for len(s.Octets) < l.Content.Ring() {
		s.add(l.Content.Payload(r, l.Size), max(1, l.Fragments), to == Server, r)
	}
	return s
}

func (s *Stream) add(payload []byte, fragments int, masked bool, r *rand.Rand) {
	opcode := BinaryOpcode
	if s.Text {
		opcode = TextOpcode
	}
	size, rest := len(payload)/fragments, payload
	for i := range fragments {
		f := Frame{Final: i == fragments-1, Opcode: opcode, Payload: rest[:size]}
		if f.Final {
			f.Payload = rest
		}
		rest, opcode = rest[size:], Continuation
		var key *[4]byte
		if masked {
			key = &[4]byte{byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())}
		}
		s.Octets = f.Append(s.Octets, key)
	}
	s.Add(payload, nil)
}

// Add adds a message that somebody else has made octets of.
func (s *Stream) Add(payload, octets []byte) {
	s.Payloads = append(s.Payloads, payload)
	s.Octets = append(s.Octets, octets...)
	s.ends = append(s.ends, len(s.Octets))
}

// length is the number of octets of the first n messages.
func (s *Stream) length(n int) int {
	whole := n / len(s.ends) * len(s.Octets)
	if rest := n % len(s.ends); rest > 0 {
		whole += s.ends[rest-1]
	}
	return whole
}

// payloads is the number of octets in the payloads of the first n messages.
func (s *Stream) payloads(n int) (octets int) {
	for _, p := range s.Payloads {
		octets += len(p)
	}
	octets *= n / len(s.Payloads)
	for _, p := range slices.Clip(s.Payloads[:n%len(s.Payloads)]) {
		octets += len(p)
	}
	return octets
}

package conformance

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
)

// namedRole says in which role's cases a name may stand for octets, and how many
// octets it stands for at most.
var namedRole = map[string]struct {
	role string
	most int
}{
	"key":       {"client", 24},
	"accept":    {"client", 28},
	"nonce":     {"server", 24},
	"key1":      {"client", 64},
	"key2":      {"client", 64},
	"challenge": {"client", 8},
	"digest":    {"client", 16},
}

// random returns the random octets of the case; those of its standard handshake
// if it has none of its own.
func (c *Case) random() *cycle {
	o := c.Rand
	if len(o) == 0 && c.Opening != nil {
		o = c.Opening.Rand
	}
	return &cycle{octets: o.Bytes(nil)}
}

// named returns the octets that a name stands for as far as they follow from the
// random octets: the Sec-WebSocket-Key of a client and the Sec-WebSocket-Accept
// that proves it (RFC 6455 §1.3), the Sec-WebSocket-Nonce of a server. For what
// the client draws otherwise it returns octets of a possible length.
func (c *Case) named(name string) []byte {
	var nonce [16]byte
	_, _ = c.random().Read(nonce[:]) // without random octets it stays zero
	key := base64.StdEncoding.AppendEncode(nil, nonce[:])
	switch name {
	case "key", "nonce":
		return key
	case "accept":
		sum := sha1.Sum(append(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
		return base64.StdEncoding.AppendEncode(nil, sum[:])
	}
	return make([]byte, min(namedRole[name].most, 16))
}

// Bytes returns the octets of a step of the case, masked as its handshake says.
// In a client's case of hixie-76 to hybi-03 what stands for key1, key2,
// challenge and digest is known to a run only.
func (c *Case) Bytes(s *Step) []byte {
	return s.Octets.masked(c.named, c.mask())
}

// mask returns how the frames of the case are masked: after a handshake with a
// Sec-WebSocket-Nonce by a SHA-1 of what is in front of them, the client's key
// and the nonce (hybi-04); otherwise by what is in front of them.
func (c *Case) mask() func([]byte) []byte {
	steps := c.Steps
	if c.Opening != nil {
		steps = c.Opening.Steps
	}
	var heads bytes.Buffer
	for i := range steps {
		if steps[i].Kind == Input || steps[i].Kind == Output {
			heads.Write(steps[i].Octets.masked(c.named, plainMask))
		}
	}
	key, nonce := fieldIn(heads.String(), "Sec-WebSocket-Key"), fieldIn(heads.String(), "Sec-WebSocket-Nonce")
	if nonce == "" {
		return plainMask
	}
	connection := sha1.Sum([]byte(key + nonce + "61AC5F19-FBBA-4540-B96F-6561F1AB40A8"))
	return func(prefix []byte) []byte {
		frame := sha1.Sum(append(bytes.Clone(prefix), connection[:]...))
		return frame[:]
	}
}

// plainMask masks with the octets in front.
func plainMask(prefix []byte) []byte { return prefix }

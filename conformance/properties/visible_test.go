package properties

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/wsfsm/wsfsm/states"
)

// visible is what a snapshot shows of a driver: all of it, as octets in which the
// count of octets consumed is zero, and what decides which octets make a
// difference next.
type visible struct {
	octets     []byte // the snapshot without its sum
	connection states.ConnectionState
	frame      states.FrameState
	message    states.MessageState
	sending    states.MessageState
	head       byte
	length     uint64
	isText     bool // the message being read
	key        uint32
	pattern    []byte // hybi-04: what the next octets of the frame are masked with
	offset     uint64
}

// The beginning of a snapshot (docs/snapshots.md), and its end.
const (
	marker = "wsfsm\x00snapshot\x00\x01"
	sumLen = 8
)

// reader reads the values of a snapshot.
type reader struct{ rest []byte }

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	r.rest = r.rest[max(n, 0):]
	return v
}

func (r *reader) run() []byte {
	n := r.number()
	p := r.rest[:n]
	r.rest = r.rest[n:]
	return p
}

// see reads a snapshot.
func see(snapshot []byte) (visible, error) {
	body, ok := bytes.CutPrefix(snapshot[:len(snapshot)-sumLen], []byte(marker))
	if !ok {
		return visible{}, fmt.Errorf("the snapshot begins with %x", snapshot[:len(marker)])
	}
	r := &reader{body}
	r.run()                       // name
	r.rest = r.rest[sha256.Size:] // hash of the tables
	r.number()                    // role
	v := visible{connection: states.ConnectionState(r.number())}
	r.number() // handshake
	r.number() // http
	v.frame, v.message = states.FrameState(r.number()), states.MessageState(r.number())
	v.sending = states.MessageState(r.number())
	v.head, v.length = byte(r.number()), r.number()
	before := snapshot[:len(snapshot)-sumLen-len(r.rest)]
	v.offset = r.number()
	v.octets = append(append(bytes.Clone(before), 0), r.rest...)
	r.number() // the transport has ended
	r.number() // a piece has been delivered
	v.isText = r.number() == 1
	for range 3 { // octets held, and both checks of UTF-8
		r.number()
	}
	r.run()    // what goes on of a character that is replaced
	r.number() // what is due
	v.key = uint32(r.number())
	r.number() // size and its limit
	r.number()
	for range 5 { // input, body, output, field, control frame
		r.run()
	}
	if r.number() == 1 {
		own := r.rest[sha1Size : 2*sha1Size]
		r.rest = r.rest[2*sha1Size:]
		at := r.number()
		v.pattern = append(bytes.Clone(own[at:]), own[:at]...)
	}
	return v, nil
}

const sha1Size = 20

// snapshot returns a snapshot of what is visible.
func (v *visible) snapshot() []byte {
	sum := sha256.Sum256(v.octets)
	return append(bytes.Clone(v.octets), sum[:sumLen]...)
}

// masked masks what comes next, if a state's octets pass a mask.
func (v *visible) masked(through states.Field, p string) string {
	out := []byte(p)
	for i := range out {
		switch through {
		case states.FieldKey:
			out[i] ^= byte(v.key >> (8 * (i % 4)))
		case states.FieldFrameNonce:
			out[i] ^= v.pattern[i%len(v.pattern)]
		}
	}
	return string(out)
}

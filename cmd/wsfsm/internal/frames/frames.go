// Package frames looks at the octets of one direction of a WebSocket connection
// as they pass, and names the frames among them. It judges nothing.
package frames

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/wsfsm/wsfsm"
)

// Frame is a frame as it passed (RFC 6455 §5.2).
type Frame struct {
	Offset   int64  // octets of the direction before it
	Final    bool   // FIN
	Reserved byte   // RSV1, RSV2 and RSV3 as the number 4·RSV1 + 2·RSV2 + RSV3
	Opcode   byte   // 0 to 15
	Masked   bool   // a masking key is there
	Length   uint64 // octets of the payload, as announced
	Head     []byte // all before the payload
	Payload  []byte // its first octets, at most Excerpt, unmasked
}

// Excerpt is the number of octets of a payload that are kept.
const Excerpt = 48

// Name is the name of the opcode.
func (f Frame) Name() string {
	switch f.Opcode {
	case 0x0:
		return "continuation"
	case 0x1:
		return "text"
	case 0x2:
		return "binary"
	case 0x8:
		return "close"
	case 0x9:
		return "ping"
	case 0xA:
		return "pong"
	}
	return fmt.Sprintf("opcode %d", f.Opcode)
}

// Watcher watches one direction, from its first octet on: an HTTP head, then
// frames. Behind a response whose status is not 101 it sees none.
type Watcher struct {
	see    func(Frame)
	stage  stage
	offset int64
	http   []byte // the end of the HTTP head so far, and its first line
	head   []byte
	frame  Frame
	left   uint64 // octets of the payload that have not passed
	seen   bool   // see was called for the frame at hand
}

// stage is what the next octet belongs to.
type stage uint8

const (
	inHTTP stage = iota
	inHead
	inPayload
	atEnd // no frames, or none that can be told from what lies between
)

// NewWatcher returns a watcher that calls see for each frame, once its head and
// as much of its payload as is kept have passed. The Frame is the callee's.
func NewWatcher(see func(Frame)) *Watcher { return &Watcher{see: see} }

// Pass looks at the next octets. It neither keeps nor changes them.
func (w *Watcher) Pass(p []byte) {
	for len(p) > 0 && w.stage != atEnd {
		n := w.step(p)
		w.offset += int64(n)
		p = p[n:]
	}
}

// step looks at some octets and returns how many.
func (w *Watcher) step(p []byte) int {
	switch w.stage {
	case inHTTP:
		return w.passHTTP(p)
	case inHead:
		w.passHead(p[0])
		return 1
	}
	n := int(min(uint64(len(p)), w.left))
	w.passPayload(p[:n])
	return n
}

// longestHTTP bounds what is looked at as an HTTP head.
const longestHTTP = 64 << 10

func (w *Watcher) passHTTP(p []byte) int {
	have := len(w.http)
	w.http = append(w.http, p[:min(len(p), longestHTTP-have)]...)
	end := bytes.Index(w.http[max(0, have-3):], []byte("\r\n\r\n"))
	switch {
	case end < 0 && len(w.http) < longestHTTP:
		return len(p)
	case end < 0, refused(w.http):
		w.stage = atEnd
		return len(p)
	}
	w.stage, w.http = inHead, nil
	return max(0, have-3) + end + 4 - have
}

// refused reports whether a head is a response that opens no connection.
func refused(head []byte) bool {
	return bytes.HasPrefix(head, []byte("HTTP/")) && !bytes.HasPrefix(head, []byte("HTTP/1.1 101"))
}

func (w *Watcher) passHead(octet byte) {
	w.head = append(w.head, octet)
	if len(w.head) < 2 || len(w.head) < headLength(w.head[1]) {
		return
	}
	h := w.head
	w.frame = Frame{
		Offset: w.offset + 1 - int64(len(h)), Final: h[0]&0x80 != 0, Reserved: h[0] >> 4 & 7, Opcode: h[0] & 15,
		Masked: h[1]&0x80 != 0, Length: payloadLength(h), Head: bytes.Clone(h),
	}
	w.head, w.left, w.seen, w.stage = w.head[:0], w.frame.Length, false, inPayload
	w.passPayload(nil)
}

// headLength is the length in octets of a frame's head, by its second octet.
func headLength(second byte) int {
	n := 2
	switch second & 0x7F {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if second&0x80 != 0 {
		n += 4
	}
	return n
}

func payloadLength(head []byte) uint64 {
	switch n := head[1] & 0x7F; n {
	case 126:
		return uint64(binary.BigEndian.Uint16(head[2:]))
	case 127:
		return binary.BigEndian.Uint64(head[2:])
	default:
		return uint64(n)
	}
}

func (w *Watcher) passPayload(p []byte) {
	f := &w.frame
	f.Payload = append(f.Payload, p[:min(len(p), Excerpt-len(f.Payload))]...)
	w.left -= uint64(len(p))
	if !w.seen && (w.left == 0 || len(f.Payload) == Excerpt) {
		w.seen = true
		if f.Masked {
			wsfsm.Mask([4]byte(f.Head[len(f.Head)-4:]), 0, f.Payload)
		}
		w.see(*f)
	}
	if w.left == 0 {
		w.stage = inHead
	}
}

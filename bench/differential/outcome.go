package differential

import (
	"fmt"
	"io"
	"net"

	"github.com/wsfsm/wsfsm/bench/wire"
	"github.com/wsfsm/wsfsm/conformance/model"
)

// Outcome is what an implementation makes of the octets that it receives behind the
// opening handshake, up to the end of the stream.
type Outcome struct {
	Messages []string // delivered, each with its kind
	Pongs    []string // payloads that were sent
	Close    string   // the first close frame sent: its code, empty if it has none; "none" if none was
	End      End
	Received string // with Closed: the close frame received, code and reason
	Why      string // with Failed: the rule that was broken, or the error
}

// End is how a connection has ended.
type End string

// The ends.
const (
	Ended  End = "ended"  // the stream, without a close frame
	Closed End = "closed" // by a close frame
	Failed End = "failed" // by the implementation
)

// reader opens a connection and reads it to its end, telling each message.
type reader func(role wire.Role, c net.Conn, got func(text bool, p []byte)) (end End, what string)

// read has an implementation read a stream, in pieces of so many octets.
func read(r reader, role wire.Role, stream []byte, piece int) (o Outcome) {
	c := &conn{Conn: wire.Empty(role), rest: stream, piece: piece}
	c.Keep = true
	var what string
	o.End, what = r(role, c, func(text bool, p []byte) {
		kind := model.KindBinary
		if text {
			kind = model.KindText
		}
		o.Messages = append(o.Messages, fmt.Sprintf("%s %q", kind, p))
	})
	if o.End == Closed {
		o.Received = what
	} else if o.End == Failed {
		o.Why = what
	}
	o.sent(c.Out, role)
	return o
}

// sent notes what was sent behind the opening handshake.
func (o *Outcome) sent(out []byte, role wire.Role) {
	o.Close = "none"
	if role == wire.Server { // behind the response
		for i := range out {
			if string(out[i:min(i+4, len(out))]) == "\r\n\r\n" {
				out = out[i+4:]
				break
			}
		}
	}
	frames, _ := model.SplitFrames(out)
	for _, f := range frames {
		f = f.Unmasked()
		switch {
		case f.Opcode == model.OpPong:
			o.Pongs = append(o.Pongs, f.Payload)
		case f.Opcode == model.OpClose && o.Close == "none":
			if o.Close = ""; len(f.Payload) >= 2 {
				o.Close = fmt.Sprint(int(f.Payload[0])<<8 | int(f.Payload[1]))
			}
		}
	}
}

// conn is a connection in memory on which octets come behind the opening
// handshake.
type conn struct {
	*wire.Conn
	opened bool
	rest   []byte
	piece  int
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	if !c.opened {
		c.opened = true
		return c.Conn.Read(p)
	}
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), c.piece)], c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

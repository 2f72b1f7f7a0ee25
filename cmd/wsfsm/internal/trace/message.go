package trace

import (
	"fmt"
	"sync"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/frames"
	"github.com/wsfsm/wsfsm/extension"
)

// Message is the sizes of a compressed message.
type Message struct {
	Type       string `json:"type"`                 // message
	Connection int    `json:"connection,omitempty"` // number of the connection; 0 where there is only one
	Direction  string `json:"direction"`            // in or out
	Message    string `json:"message"`              // text or binary
	Octets     int    `json:"octets"`               // of the message itself
	Wire       uint64 `json:"wire"`                 // of its frames, their heads included
}

// String returns the sizes as in "text in, 5120 octets, 310 on the wire".
func (m Message) String() string {
	return fmt.Sprintf("%s %s, %d octets, %d on the wire", m.Message, m.Direction, m.Octets, m.Wire)
}

// Meter brings the frames of one direction of a connection together with the
// messages that they carry, which come in the same order. A nil Meter does
// nothing.
type Meter struct {
	direction string
	tell      func(Message)

	mu     sync.Mutex
	off    bool
	passed []passed // messages of which the frames only are known
	known  []int    // octets of messages whose frames have not passed
}

// passed is a message as frames; the last one may be incomplete.
type passed struct {
	opcode     byte
	compressed bool
	complete   bool
	octets     uint64
}

// NewMeter returns a meter for a direction, "in" or "out", that tells of each
// compressed message. tell is called by the goroutines that call the Meter, one
// at a time.
func NewMeter(direction string, tell func(Message)) *Meter {
	return &Meter{direction: direction, tell: tell}
}

// Stop says that the connection does not compress, or is in a version whose
// frames are others.
func (m *Meter) Stop() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.off, m.passed, m.known = true, nil, nil
}

// Frame tells the meter of a frame that passes.
func (m *Meter) Frame(f frames.Frame) {
	if m == nil || f.Opcode > byte(wsfsm.Binary) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.off {
		return
	}
	last := len(m.passed) - 1
	if last < 0 || m.passed[last].complete {
		m.passed = append(m.passed, passed{opcode: f.Opcode, compressed: extension.Bits(f.Reserved)&extension.RSV1 != 0})
		last++
	}
	m.passed[last].octets += uint64(len(f.Head)) + f.Length
	m.passed[last].complete = f.Final
	m.match()
}

// Message tells the meter of a message, by its length in octets.
func (m *Meter) Message(octets int) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.off {
		m.known = append(m.known, octets)
		m.match()
	}
}

// match tells of the messages of which all is known.
func (m *Meter) match() {
	for len(m.known) > 0 && len(m.passed) > 0 && m.passed[0].complete {
		p, octets := m.passed[0], m.known[0]
		m.passed, m.known = m.passed[1:], m.known[1:]
		if p.compressed {
			m.tell(Message{Type: "message", Direction: m.direction, Message: wsfsm.MessageKind(p.opcode).String(), Octets: octets, Wire: p.octets})
		}
	}
}

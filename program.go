package wsfsm

import (
	"crypto/sha256"
	"sync"

	"github.com/wsfsm/wsfsm/states"
)

// program is a protocol prepared for one role: what is derived from its tables
// once, so that a changed cell changes all of it.
type program struct {
	*Protocol
	side   int // role - 1
	heads  heads
	layout layout
	fused  fused
	sends  fusedSending
	text   headText    // of the opening handshake
	rules  []headRules // likewise, by the heads of the protocol
	parts  headParts   // likewise
	claim  claim       // of Recognise
	first  firstStates

	awaits states.HandshakeState // in which the request is read; 0: nowhere

	acceptsAtOnce bool // of a request that AutoStart accepts nothing comes but the reply

	// what only snapshots want, made when it is first wanted
	hash        func() [sha256.Size]byte
	headPlaces  func() map[headPlace]bool
	framePlaces func() map[framePlace]bool
}

// firstStates are the initial states of the role.
type firstStates struct {
	connection states.ConnectionState
	handshake  states.HandshakeState
	http       states.HTTPState
	frame      states.FrameState
	message    states.MessageState
}

// heads are the first octets of the frames sent: the class tables of the frame
// and message machines, inverted.
type heads struct {
	message           [maxMessageEvents]byte // by what the frame is for the receiver
	close, ping, pong byte
}

// maxMessageEvents bounds the numbers of message events.
const maxMessageEvents = 32

// newProgram prepares a protocol. An observer wants to see each step: with one
// nothing is fused.
func newProgram(p *Protocol, role states.Role, observed bool) *program {
	prog := &program{Protocol: p, side: int(role) - 1}
	prog.first = firstStates{p.Connection.Initial[prog.side], p.Handshake.Initial[prog.side],
		p.HTTP.Initial[prog.side], p.Frame.Initial[prog.side], p.Message.Initial[prog.side]}
	prog.hash = sync.OnceValue(p.Hash)
	prog.headPlaces = sync.OnceValue(prog.findHeadPlaces)
	prog.framePlaces = sync.OnceValue(prog.findFramePlaces)
	prog.heads = invertHeads(p)
	prog.layout = layoutFor(p, 1-prog.side)
	prog.text = headTextOf(p, role)
	if !observed {
		prog.fused = fuse(prog)
		prog.sends = fuseSending(prog)
	}
	return prog
}

// invertHeads finds for each kind of frame the first octet by which the
// receiving tables know it: the lowest, which has no reserved bit set.
func invertHeads(p *Protocol) (h heads) {
	for octet := 255; octet >= 0; octet-- {
		if ev := p.messageEvent(byte(octet)); int(ev) < len(h.message) {
			h.message[ev] = byte(octet)
		}
		switch p.controlEvent(byte(octet)) {
		case states.FrameOnClose, states.FrameOnCloseType:
			h.close = byte(octet)
		case states.FrameOnPing:
			h.ping = byte(octet)
		case states.FrameOnPong:
			h.pong = byte(octet)
		}
	}
	return h
}

// messageEvent returns what a frame with that first octet is for the message
// machine at rest.
func (p *Protocol) messageEvent(head byte) states.MessageEvent {
	r := p.Message.Reads[p.Message.Initial[0]]
	if r.Kind != states.ReadFrame {
		return 0
	}
	return p.Message.Classes[r.Args[0]].Tables[0][0][head]
}

// controlEvent returns what a control frame with that first octet is, by the
// class table of the reads that gather control frames; if there are none, by
// that of the heads.
func (p *Protocol) controlEvent(head byte) states.FrameEvent {
	for i := range p.Frame.Reads {
		if r := &p.Frame.Reads[i]; r.Kind == states.ReadBody {
			return p.Frame.Classes[r.Args[0]].Tables[0][0][head]
		}
	}
	if r := &p.Frame.Reads[headState(p, 0)]; r.Kind == states.ReadOctet {
		return p.Frame.Classes[r.Args[0]].Tables[0][0][head]
	}
	return 0
}

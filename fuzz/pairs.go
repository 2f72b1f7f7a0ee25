package fuzz

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/states"
)

// CheckPair plays a program on a client and a server that talk to each other, over
// a transport that chops and delays what they send, and says what is wrong with
// what came of it; nil if nothing is: whatever the schedule, neither end fails the
// other, and each receives what the other has sent, in order. Of cfg the Protocol is
// spoken by both ends, and Wrap gets both drivers; extensions, if any, are spoken
// by both, too.
//
// The commands of the program are given to one end, at first the client. OpCut
// gives the turn to the other; its number, if not 0, is the size of the pieces in
// which octets arrive from then on. OpSent puts that many octets of the end's
// output on their way (0: all). OpNext hands over up to so many octets that have
// arrived (0: all). OpEOF and OpExpire lose the transport: what is on its way
// arrives, nothing else does. Other operations do nothing. With Handshake the
// opening is part of the schedule. Limits are those of the zero Options.
func CheckPair(cfg Config, p Program, extensions ...extension.Extension) error {
	l, err := newLink(cfg, p, extensions)
	if err != nil {
		return err
	}
	for i, op := range p.Ops {
		if err := l.do(op); err != nil {
			return fmt.Errorf("operation %d, %v: %w", i, op, err)
		}
	}
	return l.finish()
}

// playPair plays the program on a pair of drivers.
func playPair(octets []byte) error {
	p, ok := Decode(octets)
	if !ok {
		return nil
	}
	return CheckPair(Config{}, p)
}

// link is a client, a server and the transport between them.
type link struct {
	p     Program
	ends  [2]*end // the client, the server
	turn  int
	piece int  // octets that arrive at once; 0: all
	lost  bool // the transport has ended before the connection
}

// end is one end of a link.
type end struct {
	role       states.Role
	protocol   *wsfsm.Protocol
	d          Driver
	onWay      []byte         // what the peer has written
	input      []byte         // what was handed over; the driver may change it
	want       []string       // the events that are due, of those whose order is known
	pongs      map[string]int // that may come: own pings, and pongs that the peer's application has sent
	book       book
	text       []byte // of the message that is sent in fragments
	kind       wsfsm.MessageKind
	piece      []byte // of the message that comes in pieces
	closing    string // what this end has asked for by Close
	open, shut bool   // EventOpen, EventClosed came
	gone       bool   // the transport has ended
}

func newLink(cfg Config, p Program, extensions []extension.Extension) (*link, error) {
	l := &link{p: p}
	o := wsfsm.Options{Versions: []string{side{version: p.Options.Version}.name()}, AutoStart: true, KeepReading: true,
		Rand: &counter{}, Extensions: extensions}
	if p.Options.Pieces {
		o.Deliver = wsfsm.DeliverPieces
	}
	if p.Options.Subprotocols {
		o.Subprotocols = subprotocols()
	}
	if cfg.Protocol != nil {
		o.Protocols = []*wsfsm.Protocol{cfg.Protocol}
	}
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		return nil, err
	}
	client, err := ep.Client(clientURL)
	if err != nil {
		return nil, err
	}
	for i, d := range []Driver{client, ep.Server()} {
		if cfg.Wrap != nil {
			d = cfg.Wrap(d)
		}
		l.ends[i] = &end{role: states.Client - states.Role(i), protocol: ep.Protocols()[0], d: d, pongs: map[string]int{}}
	}
	if err := l.ends[0].d.Start(); err != nil || p.Options.Handshake {
		return l, err
	}
	if err := l.flush(); err != nil {
		return l, err
	}
	if !l.ends[0].open || !l.ends[1].open {
		return l, fmt.Errorf("the opening handshake opens the client: %v, the server: %v", l.ends[0].open, l.ends[1].open)
	}
	return l, nil
}

// do carries out one operation.
func (l *link) do(op Op) error {
	e, peer := l.ends[l.turn], l.ends[1-l.turn]
	switch op.Kind {
	case OpCut:
		l.turn = 1 - l.turn
		if op.N != 0 {
			l.piece = op.N
		}
	case OpSent:
		l.write(l.turn, op.N)
	case OpNext:
		return l.arrive(l.turn, op.N)
	case OpEOF, OpExpire:
		l.lost = l.lost || !e.shut || !peer.shut
		e.gone, peer.gone = true, true
	default:
		if e.gone {
			return nil // what it sends goes nowhere
		}
		// Close gives up an opening handshake.
		l.lost = l.lost || op.Kind == OpClose && !e.open
		return e.command(op, peer)
	}
	return nil
}

// write puts n octets of an end's output on their way, all if n is 0.
func (l *link) write(from, n int) {
	d, to := l.ends[from].d, l.ends[1-from]
	if n == 0 || n > d.Unsent() {
		n = d.Unsent()
	}
	if all := bytes.Join(d.AppendOutput(nil), nil); !l.ends[from].gone {
		to.onWay = append(to.onWay, all[:n]...)
	}
	d.Sent(n)
}

// arrive hands over up to n octets that are on their way to an end, all if n is 0,
// and has it take its events.
func (l *link) arrive(to, n int) error {
	e := l.ends[to]
	if n == 0 || n > len(e.onWay) {
		n = len(e.onWay)
	}
	for n > 0 && !e.shut {
		size := n
		if l.piece > 0 {
			size = min(n, l.piece)
		}
		e.input = append(e.input[:0], e.onWay[:size]...)
		e.onWay, n = e.onWay[size:], n-size
		if err := e.d.Receive(e.input); err != nil {
			return fmt.Errorf("%v: input is refused: %w", e.role, err)
		}
		if err := e.take(l); err != nil {
			return err
		}
		fill(e.input)
	}
	return e.take(l)
}

// flush lets all that is sent arrive, until nothing more comes.
func (l *link) flush() error {
	for again := true; again; {
		again = false
		for i, e := range l.ends {
			again = again || e.d.Unsent() > 0 || len(l.ends[1-i].onWay) > 0 && !l.ends[1-i].shut
			l.write(i, 0)
			if err := l.arrive(1-i, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish ends the connection, if it has not ended, and looks at what has not
// come.
func (l *link) finish() error {
	if err := l.flush(); err != nil {
		return err
	}
	for _, e := range l.ends { // a message in fragments comes to its end
		if e.text != nil && !e.gone && e.d.State() == states.ConnectionOpen {
			if err := e.command(Op{Kind: OpEnd}, l.other(e)); err != nil {
				return err
			}
			_ = e.command(Op{Kind: OpEnd, Octet: Plain("\x80")}, l.other(e))
		}
	}
	if e := l.ends[0]; !e.gone {
		if err := e.command(Op{Kind: OpClose, N: 1000}, l.ends[1]); err != nil {
			return err
		}
	}
	if err := l.flush(); err != nil {
		return err
	}
	for _, i := range []int{1, 0} { // the server hangs up first
		if e := l.ends[i]; e.d.CloseExpected() == states.WaitHangUp && !l.lost {
			if err := l.hangUp(); err != nil {
				return err
			}
			break
		}
	}
	if err := l.hangUp(); err != nil {
		return err
	}
	for _, e := range l.ends {
		if !e.shut || !l.lost && (!e.open || len(e.want) > 0 && e.complete()) {
			return fmt.Errorf("%v: closed came: %v, missing is %.200q", e.role, e.shut, e.want)
		}
	}
	return nil
}

// other returns the peer of an end.
func (l *link) other(e *end) *end {
	return l.ends[1-slices.Index(l.ends[:], e)]
}

// hangUp ends the transport for both.
func (l *link) hangUp() error {
	for _, e := range l.ends {
		e.d.ReceiveEOF(nil)
		if err := e.take(l); err != nil {
			return err
		}
	}
	return nil
}

package fuzz

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// player plays one program on one driver and watches what must always hold.
type player struct {
	p    Program
	way  way
	role states.Role
	d    Driver
	rec  record
	now  *step
	base int64 // offset of the driver behind an opening that is not part of the program

	// input
	gathered []byte   // not handed over yet
	held     [][]byte // handed over, but the driver has not taken it yet
	borrowed []byte   // what the driver may still read and overwrite
	buffer   []byte   // in which borrowed lies
	reads    int      // so far
	end      *ending  // end of the transport that waits behind held
	over     bool     // the transport has ended, or the driver's time

	watch
}

// ending is an end of the transport.
type ending struct{ cause error }

// play plays a program. The error says which of the rules that always hold was
// broken.
func play(cfg Config, p Program, w way) (*record, error) {
	d, err := newDriver(cfg, p, w)
	if err != nil {
		return nil, err
	}
	pl := &player{p: p, way: w, role: cfg.Role, d: d, rec: record{readTo: -1}}
	if !p.Options.Handshake {
		if err := openDriver(d, side{cfg.Role, p.Options.Version}); err != nil {
			return nil, err
		}
		pl.base, pl.rec.open = d.Offset(), true
	}
	if err := pl.playAll(); err != nil {
		return nil, fmt.Errorf("%v, step %d, %v: %w", w, len(pl.rec.steps), pl.now.op, err)
	}
	return &pl.rec, nil
}

func (pl *player) playAll() error {
	for i, op := range pl.p.Ops {
		if pl.rec.detached {
			break
		}
		switch {
		case op.isInput():
			pl.gathered = append(pl.gathered, op.Input(pl.role, pl.p.Options.Version)...)
			continue
		case op.Kind == OpCut:
			if err := pl.handOver(max(len(pl.gathered)-op.N, 0)); err != nil {
				return err
			}
			continue
		}
		if err := pl.handOver(len(pl.gathered)); err != nil {
			return err
		}
		if err := pl.step(step{index: i, op: op}, pl.do); err != nil {
			return err
		}
	}
	return pl.finish()
}

// step carries out one step and records it.
func (pl *player) step(s step, do func() error) error {
	pl.now = &s
	if err := do(); err != nil {
		return err
	}
	if err := pl.settle(); err != nil {
		return err
	}
	s.stands = pl.d.State()
	pl.rec.steps = append(pl.rec.steps, s)
	return pl.always()
}

// handOver hands over the first n octets of the input gathered.
func (pl *player) handOver(n int) error {
	input := pl.gathered[:n:n]
	pl.gathered = pl.gathered[n:]
	if n == 0 || pl.over {
		return nil
	}
	return pl.step(step{index: -1, input: input}, func() error {
		pl.held = append(pl.held, pl.cut(input)...)
		return nil
	})
}

// cut cuts input as the way wants it.
func (pl *player) cut(p []byte) (parts [][]byte) {
	if !pl.way.other {
		return cutBy(p, pl.way.chunks)
	}
	random := rand.New(rand.NewPCG(uint64(pl.p.Options.Cut), uint64(len(pl.rec.received))))
	for len(p) > 0 {
		n := 1
		if pl.p.Options.Cut != 0 {
			n = min(1+random.IntN(1<<random.IntN(14)), len(p))
		}
		parts, p = append(parts, p[:n]), p[n:]
	}
	return parts
}

// cutBy cuts p into pieces of the sizes given, again and again.
func cutBy(p []byte, chunks []int) (parts [][]byte) {
	for i := 0; len(p) > 0; i++ {
		n := len(p)
		if len(chunks) > 0 {
			n = min(chunks[i%len(chunks)], n)
		}
		parts, p = append(parts, p[:n]), p[n:]
	}
	return parts
}

// settle takes events and output, each unless the program does so itself.
func (pl *player) settle() error {
	for {
		if !pl.p.Options.Lazy {
			if err := pl.pump(-1); err != nil {
				return err
			}
		}
		if pl.p.Options.Hold || pl.d.Unsent() == 0 {
			return nil
		}
		if err := pl.write(0); err != nil {
			return err
		}
	}
}

// pump takes up to limit events, all if it is negative, and hands over what is
// held as the driver takes it.
func (pl *player) pump(limit int) error {
	for {
		for ; limit != 0; limit-- {
			more, err := pl.takeEvent()
			if err != nil {
				return err
			}
			if !more {
				break
			}
		}
		if limit == 0 {
			return nil
		}
		if pl.d.Pending() > 0 {
			return pl.refusesInput()
		}
		fill(pl.borrowed)
		pl.borrowed = nil
		switch {
		case len(pl.held) > 0:
			if err := pl.receive(); err != nil {
				return err
			}
		case pl.end != nil:
			pl.d.ReceiveEOF(pl.end.cause)
			pl.end = nil
		default:
			return nil
		}
	}
}

// takeEvent takes one event, with DeliverPieces all pieces of a message. It
// returns false if there is no event, or a message goes on.
func (pl *player) takeEvent() (bool, error) {
	for {
		e, ok := pl.d.Next()
		if !ok {
			return false, nil
		}
		whole, err := pl.event(e)
		if err == nil && pl.d.Pending() > 0 {
			err = pl.refusesInput()
		}
		if err != nil || whole {
			return whole, err
		}
	}
}

func (pl *player) receive() error {
	p := pl.read()
	pl.rec.received = append(pl.rec.received, p...)
	if err := pl.d.Receive(p); err != nil {
		return fmt.Errorf("no input pending, and Receive returns %w", err)
	}
	return nil
}

// read returns what is received next, every other time in room that the driver
// lends.
func (pl *player) read() []byte {
	first := pl.held[0]
	if pl.reads++; pl.reads%2 == 0 {
		if room := pl.d.Room(1); room != nil {
			n := copy(room, first)
			if pl.held[0] = first[n:]; n == len(first) {
				pl.held = pl.held[1:]
			}
			return room[:n]
		}
	}
	// One buffer for all else: what the driver keeps of it too long is lost.
	pl.buffer = append(pl.buffer[:0], first...)
	pl.borrowed, pl.held = pl.buffer, pl.held[1:]
	return pl.borrowed
}

// refusesInput checks that pending input is not replaced.
func (pl *player) refusesInput() error {
	pending := pl.d.Pending()
	if err := pl.d.Receive([]byte{0x81}); !errors.Is(err, wsfsm.ErrInputPending) || pl.d.Pending() != pending {
		return fmt.Errorf("input pending, and Receive returns %w", err)
	}
	return nil
}

// write takes n octets off the output, all if n is 0.
func (pl *player) write(n int) error {
	all, err := pl.output()
	if err != nil {
		return err
	}
	if n == 0 || n > len(all) {
		n = len(all)
	}
	pl.now.sent = append(pl.now.sent, all[:n]...)
	pl.taken += n
	pl.shown, pl.shownCopy = nil, nil
	pl.d.Sent(n)
	return pl.loansInTime()
}

// finish ends the connection, if the program has not, and takes all that is
// left.
func (pl *player) finish() error {
	if pl.rec.detached {
		if pl.closed || pl.d.State() != states.ConnectionClosed {
			return fmt.Errorf("after Detach closed was reported: %v, the state is %v", pl.closed, pl.d.State())
		}
		return nil
	}
	if err := pl.handOver(len(pl.gathered)); err != nil {
		return err
	}
	pl.p.Options.Hold, pl.p.Options.Lazy = false, false
	err := pl.step(step{index: -1, op: Op{Kind: OpEOF}}, func() error {
		if err := pl.settle(); err != nil || pl.closed {
			return err
		}
		pl.end = &ending{}
		if err := pl.settle(); err != nil || pl.closed {
			return err
		}
		pl.expire()
		return nil
	})
	if err != nil {
		return err
	}
	pl.d.DropOutput()
	pl.rec.version, pl.rec.request, pl.rec.response = pl.d.Version(), pl.d.Request(), pl.d.Response()
	return pl.atRest()
}

// fill overwrites octets that their borrower must not use any more.
func fill(p []byte) {
	for i := range p {
		p[i] = 0xDB
	}
}

package fuzz

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// watch is what is kept to check the rules that hold for every program.
type watch struct {
	failed, closed bool // EventError, EventClosed came
	piece          piece
	book           book
	loans          []*loan
	taken          int      // octets taken off the output
	largest        int      // octets of the largest payload sent
	shown          [][]byte // output as it was last seen, unless it has been written since
	shownCopy      []byte
}

// piece is a message that is being put together.
type piece struct {
	begun bool
	kind  wsfsm.MessageKind
	data  []byte
}

// loan is a payload that was lent to the driver.
type loan struct {
	p, copy  []byte
	due      int // taken when it must be back; -1: not known
	returned int // calls of done
}

// book holds the pings that wait for their pongs (RFC 6455 §5.5.3): a pong
// answers the oldest with its payload, and all before that.
type book struct {
	last    wsfsm.PingID
	waiting []entry
}

type entry struct {
	id      wsfsm.PingID
	payload string
}

func (b *book) add(payload string) wsfsm.PingID {
	b.last++
	b.waiting = append(b.waiting, entry{b.last, payload})
	return b.last
}

func (b *book) settle(payload string) wsfsm.PingID {
	i := slices.IndexFunc(b.waiting, func(e entry) bool { return e.payload == payload })
	if i < 0 {
		return 0
	}
	id := b.waiting[i].id
	b.waiting = b.waiting[i+1:]
	return id
}

// event records an event. It returns false for a piece of a message that goes
// on.
func (pl *player) event(e wsfsm.Event) (whole bool, err error) {
	defer func() { pl.rec.blocked = pl.rec.blocked || pl.d.Blocked() }()
	if err := pl.inOrder(e); err != nil {
		return false, err
	}
	if e.Kind == wsfsm.EventMessage {
		return pl.message(e)
	}
	r, err := newEvent(e, pl.d.Err())
	if err != nil {
		return false, err
	}
	r.at -= int(pl.base)
	if e.Kind != wsfsm.EventError {
		r.at = 0
	}
	if e.Kind == wsfsm.EventPong {
		if want := pl.book.settle(string(e.Data)); want != e.Ping() {
			return false, fmt.Errorf("the pong answers ping %d, not %d", e.Ping(), want)
		}
	}
	pl.now.events = append(pl.now.events, r)
	return true, nil
}

// inOrder checks that the event may come now, and notes what may follow.
func (pl *player) inOrder(e wsfsm.Event) error {
	opening := e.Kind == wsfsm.EventRequest || e.Kind == wsfsm.EventOpen
	ending := e.Kind == wsfsm.EventError || e.Kind == wsfsm.EventClosed
	switch {
	case pl.closed, pl.failed && e.Kind != wsfsm.EventClosed:
		return fmt.Errorf("%v comes after the last event", e.Kind)
	case opening && pl.rec.open, !opening && !ending && !pl.rec.open:
		return fmt.Errorf("%v comes with the connection open: %v", e.Kind, pl.rec.open)
	}
	switch e.Kind {
	case wsfsm.EventOpen:
		pl.rec.open, pl.rec.openAt = true, int(pl.d.Offset())
	case wsfsm.EventError:
		pl.failed = true
	case wsfsm.EventClosed:
		pl.closed = true
	}
	return nil
}

// message puts a message together, and answers it if the program wants so.
func (pl *player) message(e wsfsm.Event) (whole bool, err error) {
	m := &pl.piece
	if e.First() == m.begun || m.begun && e.Message != m.kind {
		return false, fmt.Errorf("a piece comes where it does not belong: first %v, %v", e.First(), e.Message)
	}
	least := wsfsm.PieceSize
	if e.Message == wsfsm.Text {
		least -= utf8.UTFMax - 1
		if !utf8.Valid(e.Data) {
			return false, fmt.Errorf("text is no UTF-8: %.60q", e.Data)
		}
	}
	if !e.Last() && len(e.Data) < least {
		return false, fmt.Errorf("a piece has %d octets", len(e.Data))
	}
	m.begun, m.kind = !e.Last(), e.Message
	m.data = append(m.data, e.Data...)
	if !e.Last() {
		return false, nil
	}
	pl.now.events = append(pl.now.events, event{kind: e.Message.String(), data: string(m.data)})
	if pl.p.Options.Echo {
		answer := m.data
		if e.First() {
			answer = e.Data
		}
		pl.echo(e.Message, answer)
	}
	m.data = m.data[:0]
	return true, nil
}

// echo sends a message back; it may be refused.
func (pl *player) echo(kind wsfsm.MessageKind, p []byte) {
	send := pl.d.Text
	if kind == wsfsm.Binary {
		send = pl.d.Binary
	}
	if n := len(p); send(p) == nil {
		pl.accepted(n)
	}
}

// accepted notes a command with n octets of payload.
func (pl *player) accepted(n int) {
	pl.largest = max(pl.largest, n)
	pl.rec.blocked = pl.rec.blocked || pl.d.Blocked()
}

// output returns what waits to be sent, of which all getters must agree. What
// was there before must not have changed.
func (pl *player) output() ([]byte, error) {
	if !bytes.Equal(slices.Concat(pl.shown...), pl.shownCopy) {
		return nil, fmt.Errorf("output has changed before it was written, from %.60x to %.60x", pl.shownCopy, slices.Concat(pl.shown...))
	}
	pl.shown = pl.d.AppendOutput(nil)
	all := slices.Concat(pl.shown...)
	pl.shownCopy = all
	first := pl.d.Output()
	if len(all) != pl.d.Unsent() || !bytes.HasPrefix(all, first) || (len(first) == 0) != (len(all) == 0) {
		return nil, fmt.Errorf("the getters differ: Unsent is %d, AppendOutput has %d octets, Output %d", pl.d.Unsent(), len(all), len(first))
	}
	return all, nil
}

// facts are what can be seen of a driver.
type facts struct {
	state            states.ConnectionState
	waits            states.Wait
	pending          int
	offset           int64
	blocked          bool
	subprotocol, out string
}

func (pl *player) facts() (facts, error) {
	all, err := pl.output()
	return facts{pl.d.State(), pl.d.CloseExpected(), pl.d.Pending(), pl.d.Offset(), pl.d.Blocked(), pl.d.Subprotocol(), string(all)}, err
}

// Sizes that bound the output, in octets.
const (
	frameHeader  = 14      // the longest header of a frame
	ownFrames    = 3 * 139 // a pong that waited, one more, a close frame
	handshakeMax = 1 << 12 // the longest head or refusal without a body of the application
)

// always checks what holds after each step.
func (pl *player) always() error {
	if n := pl.d.Offset() - pl.base + int64(pl.d.Pending()); n != int64(len(pl.rec.received)) && !pl.rec.detached {
		return fmt.Errorf("%d octets consumed or pending of %d received", n, len(pl.rec.received))
	}
	most := wsfsm.DefaultMaxOutput
	switch n := pl.p.Options.MaxOutput; {
	case n < 0:
		most = math.MaxInt / 2
	case n > 0:
		most = n
	}
	most += pl.largest + ownFrames + frameHeader
	if pl.p.Options.Handshake {
		most += handshakeMax
	}
	if n := pl.d.Unsent(); n > most {
		return fmt.Errorf("%d octets are unsent, more than %d", n, most)
	}
	return nil
}

// loansInTime checks that lent payloads are back when their last octet is gone,
// and no earlier.
func (pl *player) loansInTime() error {
	for _, l := range pl.loans {
		if back := l.returned > 0; l.due >= 0 && back != (pl.taken >= l.due) {
			return fmt.Errorf("a lent payload is back: %v, after %d octets; it is sent after %d", back, pl.taken, l.due)
		}
	}
	return nil
}

// atRest checks what holds at the end of a program.
func (pl *player) atRest() error {
	for _, l := range pl.loans {
		if l.returned != 1 || !bytes.Equal(l.p, l.copy) {
			return fmt.Errorf("a lent payload was given back %d times; it was %.60q and is %.60q", l.returned, l.copy, l.p)
		}
	}
	if !pl.closed || pl.d.State() != states.ConnectionClosed {
		return fmt.Errorf("closed was reported: %v, the state is %v", pl.closed, pl.d.State())
	}
	for name, err := range pl.afterwards() {
		if !errors.Is(err, wsfsm.ErrRefused) {
			return fmt.Errorf("%s on a closed connection: %w", name, err)
		}
	}
	if e, ok := pl.d.Next(); ok || pl.d.Unsent() != 0 {
		return fmt.Errorf("a closed connection gives %v and %d octets", e.Kind, pl.d.Unsent())
	}
	return nil
}

// afterwards tries commands that a closed connection must refuse.
func (pl *player) afterwards() map[string]error {
	_, detach := pl.d.Detach()
	pl.d.Expire()
	pl.d.ReceiveEOF(nil)
	return map[string]error{
		"Text":   pl.d.Text(nil),
		"Begin":  pl.d.Begin(wsfsm.Text, nil),
		"Pong":   pl.d.Pong(nil),
		"Close":  pl.d.Close(0, ""),
		"Start":  pl.d.Start(),
		"Detach": detach,
	}
}

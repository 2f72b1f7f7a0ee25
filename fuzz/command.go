package fuzz

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// do carries out the operation at hand, which is no input.
func (pl *player) do() error {
	op := pl.now.op
	if pl.way.leaveOut[pl.now.index] {
		return nil
	}
	switch op.Kind {
	case OpSent:
		return pl.write(op.N)
	case OpDrop:
		return pl.drop()
	case OpNext:
		if op.N == 0 {
			return pl.pump(-1)
		}
		return pl.pump(op.N)
	case OpEOF:
		pl.endTransport(op)
		return nil
	case OpExpire:
		pl.expire()
		return nil
	}
	return pl.command(op)
}

// endTransport ends the transport behind the input held, or at once.
func (pl *player) endTransport(op Op) {
	if pl.over {
		return
	}
	pl.over = true
	pl.end = &ending{}
	if op.Reset {
		pl.end.cause = errReset
	}
	if op.AtOnce {
		pl.rec.hasty = pl.rec.hasty || len(pl.held) > 0 || pl.d.Pending() > 0
		pl.held = nil
		pl.d.ReceiveEOF(pl.end.cause)
		pl.end = nil
	}
}

// expire lets the driver's time run out.
func (pl *player) expire() {
	pl.readNoMore()
	pl.over = true
	pl.held, pl.end = nil, nil
	pl.d.Expire()
}

// readNoMore notes that nothing that comes from now on is read.
func (pl *player) readNoMore() {
	if pl.rec.readTo < 0 {
		pl.rec.readTo = int(pl.d.Offset() - pl.base)
	}
}

// drop has the output forgotten.
func (pl *player) drop() error {
	all, err := pl.output()
	if err != nil {
		return err
	}
	pl.now.sent = append(pl.now.sent, all...)
	pl.taken += len(all)
	pl.rec.torn = pl.rec.torn || pl.d.State() == states.ConnectionConnecting
	pl.shown, pl.shownCopy = nil, nil
	pl.d.DropOutput()
	if pl.d.Unsent() != 0 {
		return fmt.Errorf("%d octets are unsent after DropOutput", pl.d.Unsent())
	}
	return pl.loansInTime()
}

// command calls a command of the driver, which must have changed nothing if it
// fails.
func (pl *player) command(op Op) error {
	before, err := pl.facts()
	if err != nil {
		return err
	}
	var problem error
	pl.now.err, problem = pl.call(op)
	if pl.d.State() == states.ConnectionEnding {
		pl.readNoMore()
	}
	if problem != nil || pl.now.err == nil || pl.rec.detached {
		return problem
	}
	after, err := pl.facts()
	if err == nil && before != after {
		err = fmt.Errorf("refused with %w, but it has changed\n%+v to\n%+v", pl.now.err, before, after)
	}
	return err
}

// call calls the command. problem is not the command's error.
func (pl *player) call(op Op) (err, problem error) {
	p := op.Octet.Bytes()
	defer func() {
		if op.Kind != OpLend {
			fill(p) // the driver must have copied it
		}
		if err == nil {
			pl.accepted(len(op.Octet.Bytes()))
		}
	}()
	switch op.Kind {
	case OpText:
		return pl.d.Text(p), nil
	case OpBinary:
		return pl.d.Binary(p), nil
	case OpBegin:
		return pl.d.Begin(op.message(), p), nil
	case OpAppend:
		return pl.d.Append(p), nil
	case OpEnd:
		return pl.d.End(p), nil
	case OpPing:
		return pl.ping(p)
	case OpPong:
		return pl.d.Pong(p), nil
	case OpClose:
		return pl.d.Close(wsfsm.CloseCode(op.N), string(p)), nil
	case OpLend:
		return pl.lend(op, p), nil
	case OpStart:
		return pl.d.Start(), nil
	case OpReject:
		return pl.d.Reject(op.N, []wsfsm.Field{{Name: "Retry-After", Value: "1"}}, p), nil
	case OpDetach:
		return pl.detach()
	case OpChoose:
		return pl.d.ChooseSubprotocol(string(p)), nil
	}
	return nil, fmt.Errorf("%v is no command", op.Kind)
}

func (pl *player) ping(p []byte) (err, problem error) {
	full := len(pl.book.waiting) >= wsfsm.MaxPings
	id, err := pl.d.Ping(p)
	if tooMany := errors.Is(err, wsfsm.ErrTooManyPings); tooMany && !full || err == nil && full {
		problem = fmt.Errorf("%d pings outstanding, and Ping returns %w", len(pl.book.waiting), err)
	}
	if err != nil {
		return err, problem
	}
	if want := pl.book.add(string(p)); id != want {
		problem = fmt.Errorf("the ping has number %d, not %d", id, want)
	}
	return nil, problem
}

// lend lends a payload, which must come back once, when its last octet has been
// sent.
func (pl *player) lend(op Op, p []byte) error {
	l := &loan{p: p, copy: bytes.Clone(p), due: -1}
	queued := pl.d.State() == states.ConnectionConnecting
	if err := pl.d.Lend(op.message(), p, func() { l.returned++ }); err != nil {
		return err
	}
	if !queued {
		l.due = pl.taken + pl.d.Unsent()
	}
	pl.loans = append(pl.loans, l)
	return nil
}

// detach takes the transport over and checks the octets that were not read.
func (pl *player) detach() (err, problem error) {
	offset := int(pl.d.Offset() - pl.base)
	got, err := pl.d.Detach()
	if err != nil {
		return err, nil
	}
	pl.rec.detached = true
	if want := pl.rec.received[offset:]; !bytes.Equal(got, want) {
		problem = fmt.Errorf("the octets from Detach are %q, not %q", got, want)
	}
	return nil, problem
}

package fuzz

import (
	"bytes"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// faulty is a driver with a planted fault: functions in place of its methods.
type faulty struct {
	Driver
	next         func(wsfsm.Event, bool) (wsfsm.Event, bool)
	text         func([]byte) error
	pong         func([]byte) error
	ping         func([]byte) (wsfsm.PingID, error)
	lend         func(wsfsm.MessageKind, []byte, func()) error
	detach       func() ([]byte, error)
	state        func() states.ConnectionState
	err          func() error
	offset       func() int64
	takesPending bool
	change       func([]byte) // the output
	extra        []byte       // octets behind the output
	request      *wsfsm.Request
}

func (d *faulty) Err() error {
	if d.err != nil {
		return d.err()
	}
	return d.Driver.Err()
}

func (d *faulty) Next() (wsfsm.Event, bool) {
	e, ok := d.Driver.Next()
	if d.next != nil {
		return d.next(e, ok)
	}
	return e, ok
}

func (d *faulty) Text(p []byte) error {
	if d.text != nil {
		return d.text(p)
	}
	return d.Driver.Text(p)
}

func (d *faulty) Pong(p []byte) error {
	if d.pong != nil {
		return d.pong(p)
	}
	return d.Driver.Pong(p)
}

func (d *faulty) Ping(p []byte) (wsfsm.PingID, error) {
	if d.ping != nil {
		return d.ping(p)
	}
	return d.Driver.Ping(p)
}

func (d *faulty) Lend(kind wsfsm.MessageKind, p []byte, done func()) error {
	if d.lend != nil {
		return d.lend(kind, p, done)
	}
	return d.Driver.Lend(kind, p, done)
}

func (d *faulty) Detach() ([]byte, error) {
	if d.detach != nil {
		return d.detach()
	}
	return d.Driver.Detach()
}

func (d *faulty) State() states.ConnectionState {
	if d.state != nil {
		return d.state()
	}
	return d.Driver.State()
}

func (d *faulty) Offset() int64 {
	if d.offset != nil {
		return d.offset()
	}
	return d.Driver.Offset()
}

func (d *faulty) Request() *wsfsm.Request {
	if d.request != nil {
		return d.request
	}
	return d.Driver.Request()
}

func (d *faulty) Receive(p []byte) error {
	if err := d.Driver.Receive(p); err != nil && !d.takesPending {
		return err
	}
	return nil
}

func (d *faulty) Unsent() int { return d.Driver.Unsent() + len(d.extra) }

func (d *faulty) AppendOutput(dst [][]byte) [][]byte {
	dst = d.Driver.AppendOutput(dst)
	if d.change != nil {
		for i := range dst {
			dst[i] = bytes.Clone(dst[i])
			d.change(dst[i])
		}
	}
	if len(d.extra) > 0 {
		dst = append(dst, d.extra)
	}
	return dst
}

func (d *faulty) Output() []byte {
	if all := d.AppendOutput(nil); len(all) > 0 {
		return all[0]
	}
	return nil
}

func (d *faulty) Sent(n int) {
	own := min(n, d.Driver.Unsent())
	d.Driver.Sent(own)
	d.extra = d.extra[min(n-own, len(d.extra)):]
}

// onEvent changes the events of one kind.
func onEvent(kind wsfsm.EventKind, change func(*wsfsm.Event)) func(*faulty) {
	return func(d *faulty) {
		d.next = func(e wsfsm.Event, ok bool) (wsfsm.Event, bool) {
			if ok && e.Kind == kind {
				change(&e)
			}
			return e, ok
		}
	}
}

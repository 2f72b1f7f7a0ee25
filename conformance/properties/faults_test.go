package properties

import (
	"bytes"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// faulty is a driver with a fault: functions in place of some of its methods.
type faulty struct {
	calls
	receive func([]byte) error
	next    func() (wsfsm.Event, bool)
	output  func() []byte
	sent    func(int)
	text    func([]byte) error
	append  func([]byte) error
	ping    func([]byte) (wsfsm.PingID, error)
	pong    func([]byte) error
	end     func(error)
	expire  func()
}

func (f *faulty) Receive(p []byte) error {
	if f.receive != nil {
		return f.receive(p)
	}
	return f.calls.Receive(p)
}

func (f *faulty) Next() (wsfsm.Event, bool) {
	if f.next != nil {
		return f.next()
	}
	return f.calls.Next()
}

func (f *faulty) Output() []byte {
	if f.output != nil {
		return f.output()
	}
	return f.calls.Output()
}

func (f *faulty) Sent(n int) {
	if f.sent != nil {
		f.sent(n)
		return
	}
	f.calls.Sent(n)
}

func (f *faulty) Text(p []byte) error {
	if f.text != nil {
		return f.text(p)
	}
	return f.calls.Text(p)
}

func (f *faulty) Append(p []byte) error {
	if f.append != nil {
		return f.append(p)
	}
	return f.calls.Append(p)
}

func (f *faulty) Ping(p []byte) (wsfsm.PingID, error) {
	if f.ping != nil {
		return f.ping(p)
	}
	return f.calls.Ping(p)
}

func (f *faulty) Pong(p []byte) error {
	if f.pong != nil {
		return f.pong(p)
	}
	return f.calls.Pong(p)
}

func (f *faulty) ReceiveEOF(cause error) {
	if f.end != nil {
		f.end(cause)
		return
	}
	f.calls.ReceiveEOF(cause)
}

func (f *faulty) Expire() {
	if f.expire != nil {
		f.expire()
		return
	}
	f.calls.Expire()
}

// TestPropertiesFindTheirFaults plants a fault for each property. What it fails on
// is shrunk to few operations, and printed as traces that can be replayed.
func TestPropertiesFindTheirFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		property
		plant  func(*end, *faulty)
		reason string
		most   int // operations left
	}{
		"any split": {anySplit, losesLastOctet, "differs", 1},
		"same messages": {sameMessages, func(_ *end, f *faulty) {
			pinged := false
			f.next = func() (wsfsm.Event, bool) {
				e, ok := f.calls.Next()
				if e.Kind == wsfsm.EventMessage && pinged && len(e.Data) > 0 {
					e.Data = e.Data[1:]
				}
				pinged = pinged || e.Kind == wsfsm.EventPing
				return e, ok
			}
		}, "message 0 differs", 1},
		"always defined": {alwaysDefined, func(_ *end, f *faulty) {
			f.end, f.expire = func(error) {}, func() {}
		}, "0 closed events", 0},
		"bounded": {alwaysDefined, func(e *end, f *faulty) {
			f.output = func() []byte {
				if e.driver.State() == states.ConnectionOpen && e.driver.Offset() > 300 {
					return nil
				}
				return f.calls.Output()
			}
		}, "are unsent or pending", 3},
		"linear time": {alwaysDefined, func(_ *end, f *faulty) {
			var all []byte
			f.receive = func(p []byte) error {
				if all = append(all, p...); len(all) > 1000 {
					return f.calls.Receive(p)
				}
				return f.calls.Receive(bytes.Clone(all))
			}
		}, "steps for", 4},
		"bounded memory": {boundedMemory, func(_ *end, f *faulty) {
			_ = f.calls.(interface{ SetMaxMessage(int64) error }).SetMaxMessage(wsfsm.NoLimit)
		}, "octets are held", 1},
		"round trip": {roundTrip, func(_ *end, f *faulty) {
			f.append = func(p []byte) error { return f.calls.Append(p[:min(len(p), 4)]) }
		}, "event 0 differs", 3},
		"refused changes nothing": {refusedChangesNothing, func(_ *end, f *faulty) {
			f.text = func(p []byte) error {
				err := f.calls.Text(p)
				if err != nil {
					_ = f.calls.Pong(nil)
				}
				return err
			}
		}, "in place of", 2},
		"refusal is remembered": {refusedChangesNothing, func(_ *end, f *faulty) {
			f.text = func(p []byte) error {
				err := f.calls.Text(p)
				if err != nil {
					_, _ = f.calls.Ping(nil)
					f.calls.Sent(1 << 20)
				}
				return err
			}
		}, "look different", 2},
		"final absorbs": {finalAbsorbs, func(_ *end, f *faulty) {
			f.pong = func(p []byte) error { _ = f.calls.Pong(p); return nil }
		}, "0 of 1 commands refused", 1},
		"close is last":   {closeIsLast, sendsBehindClose, "is sent behind the close frame", 1},
		"no hidden state": {noHiddenState, getsTired, "frame", 6},
		"honest ends": {honest, func(_ *end, f *faulty) {
			f.output = func() []byte {
				p := f.calls.Output()
				if len(p) > 200 && p[0]&0x0F == 0x02 {
					p = bytes.Clone(p)
					p[0] |= 0x10
				}
				return p
			}
		}, "an honest peer breaks a rule", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			finds(t, c.property, func(e *end, inner calls) calls {
				f := &faulty{calls: inner}
				c.plant(e, f)
				return f
			}, c.reason, c.most)
		})
	}
}

// losesLastOctet loses the last octet of a message whose last input was one octet.
func losesLastOctet(_ *end, f *faulty) {
	last := 0
	f.receive = func(p []byte) error {
		last = len(p)
		return f.calls.Receive(p)
	}
	f.next = func() (wsfsm.Event, bool) {
		e, ok := f.calls.Next()
		if e.Kind == wsfsm.EventMessage && len(e.Data) > 0 && last == 1 {
			e.Data = e.Data[:len(e.Data)-1]
		}
		return e, ok
	}
}

// sendsBehindClose answers a ping of the application with octets of its own while
// the connection is closing.
func sendsBehindClose(e *end, f *faulty) {
	var late []byte
	f.ping = func(p []byte) (wsfsm.PingID, error) {
		id, err := f.calls.Ping(p)
		if err != nil && e.driver.State() == states.ConnectionClosingSent {
			late = append(late, e.model.Encode(between(e.model, 0))...)
			return 0, nil
		}
		return id, err
	}
	f.output = func() []byte {
		if p := f.calls.Output(); len(p) > 0 {
			return p
		}
		return late
	}
	f.sent = func(n int) {
		own := min(n, e.driver.Unsent())
		f.calls.Sent(own)
		late = late[n-own:]
	}
}

// getsTired refuses the third ping.
func getsTired(_ *end, f *faulty) {
	pings := 0
	f.ping = func(p []byte) (wsfsm.PingID, error) {
		if pings++; pings == 3 {
			return 0, wsfsm.ErrRefused
		}
		return f.calls.Ping(p)
	}
}

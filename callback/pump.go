package callback

import (
	"cmp"
	"io"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// pump takes the driver's events and calls the functions for them, unless that
// is being done further up.
func (a *Adapter) pump() {
	if a.pumping || a.writing {
		return
	}
	a.takeEvents()
	if f := a.unhandled; f != nil {
		a.unhandled = nil
		panic(f)
	}
}

func (a *Adapter) takeEvents() {
	a.pumping = true
	defer func() { a.pumping = false }() // also when a function ends the goroutine
	for {
		a.flush()
		e, ok := a.driver.Next()
		if ok {
			a.flush() // the octets that the event has caused go before its function
			a.dispatch(e)
			continue
		}
		if !a.finish() {
			return
		}
	}
}

// finish ends a connection on which nothing more will be read. It returns false
// if it is not that far.
func (a *Adapter) finish() bool {
	switch a.driver.CloseExpected() {
	case states.WaitHangUp:
		var cause error
		if !a.opened {
			cause = ErrGivenUp
		}
		a.driver.ReceiveEOF(cause)
	case states.WaitEndOfStream:
		a.awaitPeer = true
		a.driver.Expire()
	default:
		return false
	}
	return true
}

// dispatch calls the function for an event.
func (a *Adapter) dispatch(e wsfsm.Event) {
	l := &a.listeners
	switch e.Kind {
	case wsfsm.EventRequest:
		a.connect()
	case wsfsm.EventTunnel:
		a.call("OnConnect", func() error {
			if l.OnConnect == nil {
				return errNoOnConnect
			}
			return l.OnConnect(a, nil)
		})
	case wsfsm.EventOpen:
		a.opened = true
		if l.OnOpen != nil {
			a.call("OnOpen", func() error { return l.OnOpen(a) })
		}
	case wsfsm.EventMessage:
		if l.OnMessage != nil && a.fault == nil {
			m := Message{Kind: e.Message, Data: e.Data, First: e.First(), Last: e.Last()}
			a.call("OnMessage", func() error { return l.OnMessage(a, m) })
		}
	case wsfsm.EventPing:
		if l.OnPing != nil && a.fault == nil {
			a.call("OnPing", func() error { return l.OnPing(a, e.Data) })
		}
	case wsfsm.EventPong:
		a.settle(e.Ping())
		if l.OnPong != nil && a.fault == nil {
			a.call("OnPong", func() error { return l.OnPong(a, e.Data) })
		}
	case wsfsm.EventError:
		if l.OnError != nil {
			a.call("OnError", func() error { l.OnError(a, a.driver.Err()); return nil })
		}
	case wsfsm.EventClosed:
		a.close(e)
	}
}

// connect asks the application about a request, or accepts it.
func (a *Adapter) connect() {
	switch {
	case a.decided:
	case a.listeners.OnConnect != nil:
		a.call("OnConnect", func() error { return a.listeners.OnConnect(a, a.driver.Request()) })
	default:
		a.decided = true
		a.call("Start", func() error { return a.driver.Start() })
	}
}

func (a *Adapter) close(e wsfsm.Event) {
	a.closed = true
	a.pings = nil
	event := CloseEvent{Code: e.Code(), Reason: string(e.Data), Clean: e.Clean(), AwaitPeer: a.awaitPeer}
	if !e.Clean() {
		event.Err = a.driver.Err()
	}
	if a.fault != nil {
		event.Err = a.fault
	}
	if l := a.listeners; l.OnClose != nil {
		a.call("OnClose", func() error { l.OnClose(a, event); return nil })
	}
}

// flush gives all output to the writer.
func (a *Adapter) flush() {
	if a.lost {
		a.driver.DropOutput()
	}
	if a.w == nil || a.writing {
		return
	}
	a.writing = true
	defer func() { a.writing = false }()
	for a.driver.Unsent() > 0 {
		n, err := a.write(a.driver.Output())
		a.driver.Sent(n)
		if err != nil {
			a.lose(err)
		}
	}
}

// write calls the writer once.
func (a *Adapter) write(p []byte) (n int, err error) {
	fault := guard("Write", func() error {
		n, err = a.w.Write(p)
		return nil
	})
	if fault != nil {
		a.fault = cmp.Or(a.fault, fault)
		a.report(fault)
		return 0, fault
	}
	if n != len(p) && err == nil {
		err = io.ErrShortWrite
	}
	return n, err
}

// lose ends a connection whose output cannot be written. Input that has come
// already is still read.
func (a *Adapter) lose(err error) {
	a.lost = true
	a.driver.DropOutput()
	a.driver.ReceiveEOF(err)
}

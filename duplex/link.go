package duplex

import (
	"sync"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// ReadSize is the most octets that Wire.Write keeps when it returns.
const ReadSize = 16 << 10

// DefaultCloseTimeout is the default of Options.CloseTimeout.
const DefaultCloseTimeout = 60 * time.Second

// NoTimeout lifts Options.CloseTimeout. Zero does not: it means the default.
const NoTimeout time.Duration = -1

// Options configures a pair of streams. The zero value, or nil, is the default.
type Options struct {
	// Kind is the kind of the messages that Messages.Write sends. Zero: Binary,
	// since a text must be UTF-8 from its first octet to its last.
	Kind wsfsm.MessageKind
	// CloseTimeout bounds the wait for the peer's close frame, and then for the
	// end of the transport. Zero: DefaultCloseTimeout.
	CloseTimeout time.Duration
	// Decide, if not nil, is asked about a request that a server has read. It
	// calls Start, Reject or Detach of the driver, or leaves that to a later
	// Messages.Do. Nil: Start. After Detach, Wire.Write takes nothing more and
	// returns ErrDetached.
	Decide func(*wsfsm.Driver)
	// Event, if not nil, is told of all events but requests and messages. Their
	// data is valid until it returns.
	//
	// Decide and Event must not call methods of the streams, only commands and
	// getters of the driver.
	Event func(*wsfsm.Driver, wsfsm.Event)
}

// link is what the two streams have in common.
type link struct {
	options Options

	mu      sync.Mutex // guards the driver and all below
	changed *sync.Cond // anything
	driver  *wsfsm.Driver
	timer   *time.Timer // nil until the connection begins to close
	watch   *time.Timer // bounds held; nil until needed
	buf     []byte      // what the driver borrows
	rest    []byte      // of the piece that waits to be read from Messages
	kind    wsfsm.MessageKind
	readers int         // who wait for a message
	ended   *CloseError // nil while the connection lives
	lost    *CloseError // why nothing can be written any more; nil if it can

	borrowed  bool // the driver has buf
	feeding   bool // somebody writes to Wire
	gathering bool // somebody reads a whole message
	waiting   bool // a piece waits to be read, which may be empty
	held      bool // the application may be about to answer what it has read
	last      bool // the message ends with that piece
	opened    bool
	finished  bool // nothing more is to be sent
	dropping  bool // no message is wanted any more
	deaf      bool // nothing more comes from the transport
	patient   bool // the peer ends the transport first
	expired   bool // CloseTimeout has passed
}

// New makes the two streams of a driver, whose Next, Receive, ReceiveEOF, Sent
// and commands must not be called by anybody else from then on. The driver of a
// client must have been started. o is copied and may be nil.
func New(d *wsfsm.Driver, o *Options) (*Wire, *Messages) {
	l := &link{driver: d}
	l.changed = sync.NewCond(&l.mu)
	if o != nil {
		l.options = *o
	}
	if l.options.CloseTimeout == 0 {
		l.options.CloseTimeout = DefaultCloseTimeout
	}
	return &Wire{l}, &Messages{l}
}

// advance takes the driver's events until a message waits to be read or there
// are none, and wakes all who wait.
func (l *link) advance() {
	defer l.changed.Broadcast()
	for !l.waiting && !l.held {
		if e, ok := l.driver.Next(); ok {
			l.handle(e)
			continue
		}
		l.borrowed = l.driver.Pending() > 0
		if !l.finish() {
			return
		}
	}
}

func (l *link) handle(e wsfsm.Event) {
	switch e.Kind {
	case wsfsm.EventRequest:
		l.decide()
		return
	case wsfsm.EventMessage:
		if !l.dropping {
			l.waiting, l.rest, l.kind, l.last = true, e.Data, e.Message, e.Last()
		}
		return
	case wsfsm.EventOpen:
		l.opened = true
		if l.finished {
			_ = l.sendClose() // CloseWrite has returned long ago
		}
	case wsfsm.EventClosed:
		l.ended = &CloseError{Code: e.Code(), Reason: string(e.Data), Clean: e.Clean()}
		if !e.Clean() {
			l.ended.Err = l.driver.Err()
		}
		l.setTimer()
	}
	if l.options.Event != nil {
		l.options.Event(l.driver, e)
	}
}

func (l *link) decide() {
	if l.options.Decide == nil {
		_ = l.driver.Start() // refused if it has been called already
		return
	}
	l.options.Decide(l.driver)
}

// finish ends a connection on which nothing more will be read. It returns false
// if it is not that far.
func (l *link) finish() bool {
	switch l.driver.CloseExpected() {
	case states.WaitHangUp:
		l.driver.ReceiveEOF(nil)
	case states.WaitEndOfStream:
		l.patient = true
		l.driver.Expire()
	case states.WaitPeer:
		if l.opened {
			l.setTimer()
		}
		return false
	default:
		l.detach()
		return false
	}
	return true
}

// detach notes that the application has taken the transport over, of which the
// driver makes no event.
func (l *link) detach() {
	if l.driver.State() == states.ConnectionClosed && l.ended == nil {
		l.ended = &CloseError{Code: wsfsm.CloseAbnormal, Err: ErrDetached}
	}
}

// setTimer bounds what is left of the connection.
func (l *link) setTimer() {
	if l.timer == nil && l.lost == nil && l.options.CloseTimeout > 0 {
		l.timer = time.AfterFunc(l.options.CloseTimeout, l.expire)
	}
}

func (l *link) expire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expired = true
	l.driver.Expire()
	l.letGo()
}

// grace is for how long the application may take to answer a message before what
// came behind it, perhaps a close frame, is looked at, unless it reads again.
const grace = time.Second

// hold waits for the application to answer what it has read, unless it waits for
// more already.
func (l *link) hold() {
	l.waiting, l.rest, l.held = false, nil, l.readers == 0
	switch {
	case !l.held:
		l.advance()
	case l.watch == nil:
		l.watch = time.AfterFunc(grace, l.overdue)
	default:
		l.watch.Reset(grace)
	}
}

// overdue is called when the application has had its time.
func (l *link) overdue() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.letGo()
}

// letGo goes on behind what the application has read.
func (l *link) letGo() {
	if l.held {
		l.held = false
		l.watch.Stop()
	}
	l.advance()
}

// wait waits for any change.
func (l *link) wait() { l.changed.Wait() }

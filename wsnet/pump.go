package wsnet

import (
	"context"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// readOn reads the transport until a message waits, the connection has ended, or
// ctx has.
func (c *Conn) readOn(ctx context.Context) {
	c.reading = true
	for c.handleEvents(); !c.waits() && c.ended == nil && ctx.Err() == nil; c.handleEvents() {
		if c.kick(); c.ended == nil { // CloseNow may have come in between
			c.receive(ctx)
		}
	}
	c.reading = false
	c.ring(arrival)
	c.kick()
}

// handleEvents takes the driver's events until a message waits, the connection
// has ended, or there are none.
func (c *Conn) handleEvents() {
	answered := false
	for !c.waits() && c.ended == nil {
		e, ok := c.driver.Next()
		if ok {
			c.handle(e)
			continue
		}
		c.recycle()
		switch wait := c.driver.CloseExpected(); {
		case wait != states.WaitHangUp && wait != states.WaitEndOfStream:
			return
		case !answered:
			// A program may exit when it learns of the end: the close frame
			// shall have left by then if the transport takes it.
			c.kick()
			answered = true
		case wait == states.WaitHangUp:
			c.driver.ReceiveEOF(nil) // hangUp ends the transport behind that
		default:
			c.rarely().patient = true
			c.driver.Expire() // hangUp waits for the peer, nobody else needs to
		}
	}
}

func (c *Conn) handle(e wsfsm.Event) {
	switch e.Kind {
	case wsfsm.EventMessage:
		switch {
		case c.leaving:
		case c.seldom != nil && c.seldom.skipping:
			c.seldom.skipping = !e.Last()
		default:
			c.keep(piece{data: e.Data, kind: e.Message, last: e.Last()})
		}
	case wsfsm.EventPong:
		if c.seldom != nil && e.Ping() > c.seldom.pong { // otherwise nobody waits for it
			c.seldom.pong = e.Ping()
			c.ring(arrival)
		}
	case wsfsm.EventClosed:
		c.end(e)
	}
}

// waits reports whether a message waits to be taken.
func (c *Conn) waits() bool { return c.input != nil && c.input.piece.kind != 0 }

// keep has a message wait. What Accept hands over lies in no buffer of the pool.
func (c *Conn) keep(p piece) {
	if c.input == nil {
		c.input = c.shared.get(false)
	}
	c.input.piece = p
}

// dropPiece returns the message that waits, if one does, and has it wait no more.
func (c *Conn) dropPiece() (p piece) {
	if c.input != nil {
		p, c.input.piece = c.input.piece, piece{}
	}
	return p
}

// recycle takes the read buffer back when the driver is done with it.
func (c *Conn) recycle() {
	if c.input != nil && c.driver.Pending() == 0 && c.input.piece.kind == 0 {
		c.shared.put(c.input)
		c.input = nil
	}
}

// resume has a goroutine read the transport, unless somebody does, or a message
// waits.
func (c *Conn) resume() {
	if c.reading || c.waits() || c.ended != nil {
		return
	}
	c.reading = true
	go c.readBehind()
}

// readBehind reads the transport until a message waits or the connection has
// ended.
func (c *Conn) readBehind() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.readOn(context.Background())
}

// For so long nobody may read until a goroutine does. Who has taken a message
// may still want to answer it, which is over when a close frame has been read.
const (
	graceFirst = 50 * time.Millisecond // before the first message is asked for
	graceLater = time.Second
)

// setWatch has the transport read when nobody has done so for a while; at once
// if somebody waits for what is read.
func (c *Conn) setWatch() {
	switch {
	case c.leaving || c.seldom != nil && c.seldom.pings > 0:
		c.resume()
	case c.watching || c.ended != nil:
	default:
		c.watching, c.watched = true, c.turns
		grace := graceLater
		if c.turns == 0 {
			grace = graceFirst
		}
		if c.watch == nil {
			c.watch = time.AfterFunc(grace, c.overdue)
		} else {
			c.watch.Reset(grace)
		}
	}
}

// endFirstWatch is called when the first message is asked for.
func (c *Conn) endFirstWatch() {
	if c.watching && c.watch.Stop() {
		c.watching, c.watch = false, nil
	}
}

// overdue is called when the watch has run out.
func (c *Conn) overdue() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watching = false
	switch {
	case c.ended != nil || c.reading || c.waits():
		c.watch = nil // it may be long until the next one is needed
	case c.turns != c.watched:
		c.setWatch()
	default:
		c.readOn(context.Background())
	}
}

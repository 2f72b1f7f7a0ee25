package wsnet

import (
	"cmp"
	"context"
	"errors"
	"net"
	"time"

	"github.com/wsfsm/wsfsm"
)

// Close starts the closing handshake with a code and a reason of up to 123
// octets, and waits until it is complete, at most for CloseTimeout. With code 0
// and no reason the close frame is empty. What was written before is sent before
// the close frame; messages that have not been read yet are dropped.
//
// Close returns nil if both close frames have gone, also if the connection had
// ended that way before. Otherwise it returns the *CloseError of the end, or an
// error of the driver, such as wsfsm.ErrCloseCode or, in versions without codes,
// wsfsm.ErrUnsupported, that has changed nothing.
func (c *Conn) Close(code wsfsm.CloseCode, reason string) error {
	return c.closeBy(func() error { return c.startClose(code, reason) })
}

// closeBy starts the closing handshake, unless it is under way, and waits until
// it is complete.
func (c *Conn) closeBy(start func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended == nil && !c.leaving {
		if err := start(); err != nil {
			return err
		}
	}
	return c.awaitEnd()
}

// startCloseAsCan is startClose with an empty close frame where the version has
// no such code.
func (c *Conn) startCloseAsCan(code wsfsm.CloseCode) error {
	err := c.startClose(code, "")
	if errors.Is(err, wsfsm.ErrUnsupported) || errors.Is(err, wsfsm.ErrCloseCode) {
		err = c.startClose(0, "")
	}
	return err
}

// startClose sends a close frame without waiting for the answer.
func (c *Conn) startClose(code wsfsm.CloseCode, reason string) error {
	if err := c.driver.Close(code, reason); err != nil {
		return err
	}
	c.leave()
	c.setTimer()
	c.kick()
	c.resume()
	return nil
}

// leave drops the message that waits, and all that come.
func (c *Conn) leave() {
	c.leaving = true
	c.dropPiece()
	if c.seldom != nil {
		c.seldom.partial = nil
	}
	c.ring(arrival)
	c.ring(progress)
}

// awaitEnd waits for the end, and until the own close frame has left.
func (c *Conn) awaitEnd() error {
	for c.ended == nil {
		_ = c.wait(context.Background(), arrival) // cannot fail
	}
	if !c.ended.Clean {
		return c.ended
	}
	for c.driver.Unsent() > 0 && !c.rarely().gone {
		_ = c.wait(context.Background(), progress) // cannot fail
	}
	return nil
}

// CloseNow ends the transport at once, without a close frame. Whoever waits in a
// method of the Conn gets a *CloseError with ErrClosed, unless the connection
// had ended before.
func (c *Conn) CloseNow() error {
	c.mu.Lock()
	c.giveUp(ErrClosed)
	c.mu.Unlock()
	if err := cut(c.nc); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// giveUp ends the connection, whatever state it is in.
func (c *Conn) giveUp(cause error) {
	if c.ended != nil {
		return
	}
	c.rarely().cause = cause
	c.leave()
	c.driver.Expire()
	c.handleEvents()
}

// setTimer bounds what is left of the connection.
func (c *Conn) setTimer() {
	if r := c.rarely(); r.timer == nil {
		r.timer = time.AfterFunc(c.shared.closeTimeout, c.expire)
	}
}

// expire is called when the timer has run out.
func (c *Conn) expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	cause := ErrCloseTimeout
	if !c.leaving {
		cause = c.writeErr()
	}
	c.giveUp(cause)
}

// end notes the end and has the transport ended behind it.
func (c *Conn) end(e wsfsm.Event) {
	c.ended = &CloseError{Code: e.Code(), Reason: string(e.Data), Clean: e.Clean()}
	r := c.rarely()
	if !c.ended.Clean {
		c.ended.Err = cmp.Or(r.cause, c.driver.Err())
	}
	if c.input != nil {
		c.shared.put(c.input)
		c.input = nil
	}
	for _, t := range []*time.Timer{r.timer, c.watch} {
		if t != nil {
			t.Stop()
		}
	}
	if r.life != nil {
		r.life.cancel(c.ended)
	}
	c.ring(arrival)
	c.ring(progress)
	_, broken := c.ended.Err.(*wsfsm.Error)
	go c.hangUp(c.ended.Clean || broken)
}

package wsnet

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// limit is the context of the read under way.
type limit struct {
	ctx         context.Context // nil if it cannot end
	stop        func() bool     // of what follows when ctx ends; nil until the read waits
	interrupted bool            // a deadline is set for what reads, or will
}

// receive reads the transport once, as long as ctx lives, and hands the driver
// what has come. Most idle goroutines wait here: what they have on the stack is
// kept small.
func (c *Conn) receive(ctx context.Context) {
	if ctx.Done() != nil {
		c.rarely().limit.ctx = ctx
	}
	c.mu.Unlock()
	var err error
	if c.raw.conn == nil {
		c.fill()
	} else {
		err = c.raw.conn.Read(c.raw.ready)
	}
	c.mu.Lock()
	c.handOver(err)
}

// fill reads the transport by its methods.
func (c *Conn) fill() {
	c.heed()
	p := c.shared.get(c.bulk)
	p.n, p.err = c.nc.Read(p.octets)
	c.fresh = p
}

// handOver gives the driver what a read has returned; err, if nothing.
func (c *Conn) handOver(err error) {
	interrupted := c.settle()
	if p := c.fresh; p != nil {
		c.fresh, err = nil, p.err
		c.hand(p)
	}
	switch {
	case err == nil || c.ended != nil || interrupted && isTimeout(err):
	case errors.Is(err, io.EOF):
		c.driver.ReceiveEOF(nil)
	default:
		c.driver.ReceiveEOF(err)
	}
}

// hand gives the driver a buffer.
func (c *Conn) hand(p *buffer) {
	if p.n == 0 || c.ended != nil {
		c.shared.put(p)
		return
	}
	c.bulk = p.n >= smallRead
	c.input = p
	if err := c.driver.Receive(p.octets[:p.n]); err != nil {
		panic(err) // the driver has asked for input
	}
}

// heed has the end of the context interrupt the read that is about to wait. It may
// come late and interrupt the next one, which then begins anew.
func (c *Conn) heed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.seldom
	if r == nil || r.limit.ctx == nil || r.limit.stop != nil {
		return
	}
	r.limit.stop = context.AfterFunc(r.limit.ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.ended == nil { // otherwise deadlines are hangUp's
			r.limit.interrupted = true
			c.nc.SetReadDeadline(time.Unix(1, 0))
		}
	})
}

// settle ends what heed has begun. It reports whether the read was interrupted.
func (c *Conn) settle() (interrupted bool) {
	r := c.seldom
	if r == nil {
		return false
	}
	interrupted = r.limit.interrupted
	if r.limit.stop != nil {
		r.limit.stop()
	}
	r.limit = limit{}
	if interrupted && c.ended == nil {
		c.nc.SetReadDeadline(time.Time{})
	}
	return interrupted
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

package wsnet

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// intake is the state of reading the transport. What is not guarded by the
// Conn's mutex belongs to the goroutine that reads.
type intake struct {
	interruptible bool   // deadlines work, so that a context can end a read
	bulk          bool   // much has come at once, more may follow
	interrupted   bool   // a deadline is set; guarded
	turn          uint32 // number of reads so far; guarded

	ctx  context.Context
	stop func() bool

	// what a read has returned
	buf *[]byte // nil or the reader's
	n   int
	err error
}

// receive reads the transport once, as long as ctx lives, and hands the driver
// what has come. Most idle goroutines wait here: what they have on the stack is
// kept small.
func (c *Conn) receive(ctx context.Context) {
	c.mu.Unlock()
	c.intake.ctx = ctx
	if c.raw.conn == nil {
		c.fill()
	} else if err := c.raw.conn.Read(c.raw.ready); err != nil {
		c.intake.err = err
	}
	c.mu.Lock()
	c.handOver()
}

// fill reads the transport by its methods.
func (c *Conn) fill() {
	c.heed()
	p := c.shared.get(c.intake.bulk)
	n, err := c.nc.Read(*p)
	c.intake.buf, c.intake.n, c.intake.err = p, n, err
}

// handOver gives the driver what a read has returned.
func (c *Conn) handOver() {
	interrupted := c.settle()
	p, n, err := c.intake.buf, c.intake.n, c.intake.err
	c.intake.buf, c.intake.n, c.intake.err = nil, 0, nil
	if n == 0 || c.ended != nil {
		if p != nil {
			c.shared.put(p)
		}
	} else {
		c.intake.bulk = n >= smallRead
		c.input = p
		if err := c.driver.Receive((*p)[:n]); err != nil {
			panic(err) // the driver has asked for input
		}
	}
	switch {
	case err == nil || c.ended != nil || interrupted && isTimeout(err):
	case errors.Is(err, io.EOF):
		c.driver.ReceiveEOF(nil)
	default:
		c.driver.ReceiveEOF(err)
	}
}

// heed has the end of the context interrupt the read that is about to wait.
func (c *Conn) heed() {
	if c.intake.stop != nil || c.intake.ctx.Done() == nil {
		return
	}
	c.mu.Lock()
	turn := c.intake.turn
	c.mu.Unlock()
	c.intake.stop = context.AfterFunc(c.intake.ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.intake.turn == turn && c.ended == nil { // then the deadline is hangUp's
			c.intake.interrupted = true
			c.nc.SetReadDeadline(time.Unix(1, 0))
		}
	})
}

// settle ends what heed has begun, with the mutex held. It reports whether the
// read was interrupted.
func (c *Conn) settle() (interrupted bool) {
	if c.intake.stop != nil {
		c.intake.stop()
		c.intake.stop = nil
	}
	c.intake.ctx = nil
	c.intake.turn++
	if interrupted = c.intake.interrupted; interrupted {
		c.intake.interrupted = false
		if c.ended == nil {
			c.nc.SetReadDeadline(time.Time{})
		}
	}
	return interrupted
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

package wsnet

import (
	"context"
	"fmt"
	"math"
	"time"
)

// Sizes of writes in octets.
const (
	batch = 64 << 10  // output that may wait for answers to input at hand
	chunk = 256 << 10 // the most that one call of the transport is given
)

// gatherFor is how long output waits for answers to input at hand.
const gatherFor = 200 * time.Microsecond

// flush has the output written and waits for that, unless more input is at hand
// whose answers can go with it, or nobody is to wait for the peer.
func (c *Conn) flush(ctx context.Context) error {
	if c.gather() {
		return nil
	}
	if c.shared.slowPeer != SlowPeerBlock {
		c.kick()
		return nil
	}
	mark := c.written + int64(c.driver.Unsent())
	if !c.writing {
		c.writeOutput(ctx.Done() == nil, mark)
	}
	for c.written < mark {
		switch {
		case c.ended != nil:
			return c.ended
		case c.writeErr() != nil:
			return c.writeErr()
		}
		if err := c.wait(ctx, progress); err != nil {
			return fmt.Errorf("%w: %w", ErrUnderway, err)
		}
	}
	return nil
}

// kick has the output written without waiting for that.
func (c *Conn) kick() {
	if !c.writing && c.driver.Unsent() > 0 {
		c.writeOutput(false, math.MaxInt64)
	}
}

// writeOutput writes the output: until the octet mark of all that this
// connection writes, or as far as the transport takes it at once if it may not
// block. It leaves the rest to a goroutine.
func (c *Conn) writeOutput(mayBlock bool, mark int64) {
	c.stopGathering()
	c.writing = true
	for c.driver.Unsent() > 0 && c.writeErr() == nil {
		if c.written >= mark || !c.writeChunk(mayBlock) {
			go c.writeRest()
			return
		}
	}
	if c.writeErr() != nil {
		c.driver.DropOutput()
	}
	c.writing = false
	c.ring(progress)
}

// writeChunk writes some output. It returns false if the transport would block.
func (c *Conn) writeChunk(mayBlock bool) bool {
	p := c.driver.Output()
	p = p[:min(len(p), chunk)]
	c.mu.Unlock()
	var n int
	var err error
	if mayBlock {
		n, err = c.nc.Write(p)
	} else {
		n, err = c.tryWrite(p)
	}
	c.mu.Lock()
	c.driver.Sent(n)
	c.written += int64(n)
	c.ring(progress)
	if err != nil && c.writeErr() == nil {
		c.loseWriting(err)
	}
	return n == len(p) || err != nil
}

// writeRest goes on with what writeOutput has begun.
func (c *Conn) writeRest() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writeOutput(true, math.MaxInt64)
}

// gather leaves the output to whoever writes next, if there is input at hand: the
// answer to the last of it, or the goroutine that is about to wait for more. If
// neither happens soon, it is written all the same.
func (c *Conn) gather() bool {
	switch {
	case c.driver.Pending() == 0 || c.driver.Unsent() >= batch:
		return false
	case c.writing || c.isGathering():
		return true
	}
	r := c.rarely()
	r.gathering = true
	if r.gathered == nil {
		r.gathered = time.AfterFunc(gatherFor, c.writeGathered)
	} else {
		r.gathered.Reset(gatherFor)
	}
	return true
}

// isGathering reports whether output waits for more.
func (c *Conn) isGathering() bool { return c.seldom != nil && c.seldom.gathering }

// writeGathered writes what has gathered for long enough.
func (c *Conn) writeGathered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isGathering() && !c.writing {
		c.writeOutput(true, math.MaxInt64)
	}
}

// stopGathering is called when output is written.
func (c *Conn) stopGathering() {
	if c.isGathering() {
		c.seldom.gathering = false
		c.seldom.gathered.Stop()
	}
}

// loseWriting notes that the transport takes nothing more. What the peer has
// sent, perhaps a close frame that says why, can still be read; that ends with
// the transport, or after a while.
func (c *Conn) loseWriting(err error) {
	c.rarely().writeErr = err
	if c.ended == nil {
		c.setTimer()
		c.resume()
	}
}

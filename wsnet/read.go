package wsnet

import (
	"bytes"
	"context"
	"slices"
)

// Read returns the next message, which the caller then owns. When ctx ends
// first, Read returns its cause, and the message stays to be read, whatever part
// of it has come. Of several readers one is served at a time. After the end of
// the connection Read returns its *CloseError.
func (c *Conn) Read(ctx context.Context) (MessageKind, []byte, error) {
	return c.AppendMessage(ctx, nil)
}

// AppendMessage is Read into memory of the caller's: it appends the next message
// to dst and returns the extended slice. Where dst has room nothing is
// allocated. When it fails, what it returns holds the octets of dst only.
func (c *Conn) AppendMessage(ctx context.Context, dst []byte) (MessageKind, []byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.beginTaking(ctx); err != nil {
		return 0, dst, err
	}
	n := len(dst)
	if c.seldom != nil {
		dst = c.takePartial(dst)
	}
	for {
		err := c.await(ctx)
		if err != nil {
			c.leavePartial(dst[n:])
			return 0, dst[:n], err
		}
		kind, last := c.input.piece.kind, c.input.piece.last
		if dst = c.take(dst); last {
			c.endTaking()
			return kind, dst, nil
		}
	}
}

// takePartial appends what was read of the message before, if anything was. It is
// not inlined, to keep the stack of a goroutine that waits in AppendMessage small.
//
//go:noinline
func (c *Conn) takePartial(dst []byte) []byte {
	if r := c.seldom; r != nil {
		dst, r.partial = append(dst, r.partial...), nil
	}
	return dst
}

// leavePartial lets others take the message, with what was read of it.
//
//go:noinline
func (c *Conn) leavePartial(p []byte) {
	if len(p) > 0 && c.ended == nil && !c.leaving {
		c.rarely().partial = bytes.Clone(p)
	}
	c.endTaking()
}

// beginTaking waits until nobody else takes messages.
func (c *Conn) beginTaking(ctx context.Context) error {
	for {
		switch {
		case c.ended != nil:
			return c.ended
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !c.taken:
			c.taken = true
			return nil
		}
		if err := c.wait(ctx, arrival); err != nil {
			return err
		}
	}
}

// endTaking lets others take messages.
func (c *Conn) endTaking() {
	c.taken = false
	c.ring(arrival)
	c.setWatch()
}

// take appends the piece that waits to dst. It at least doubles what it has to
// grow, so that a message is not copied more than twice on average.
func (c *Conn) take(dst []byte) []byte {
	p := c.input.piece.data
	switch {
	case dst == nil:
		dst = make([]byte, 0, len(p))
	case len(dst)+len(p) > cap(dst):
		dst = slices.Grow(dst, max(len(p), len(dst)))
	}
	dst = append(dst, p...)
	c.input.piece = piece{}
	return dst
}

// await waits until a piece is there to be taken. If nobody else reads the
// transport, it does.
func (c *Conn) await(ctx context.Context) error {
	if c.turns++; c.turns == 1 {
		c.endFirstWatch()
	}
	for {
		if !c.reading {
			c.handleEvents()
		}
		switch {
		case c.waits():
			return nil
		case c.ended != nil:
			return c.ended
		case ctx.Err() != nil:
			c.setWatch() // others may need what this one would have read
			return context.Cause(ctx)
		}
		if !c.reading && c.interruptible {
			c.readOn(ctx)
			continue
		}
		c.resume()
		if err := c.wait(ctx, arrival); err != nil {
			return err
		}
	}
}

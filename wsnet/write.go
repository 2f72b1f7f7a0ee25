package wsnet

import (
	"context"
	"errors"

	"github.com/wsfsm/wsfsm"
)

// Write sends a message; a text must be UTF-8. It returns when the octets have
// been given to the transport. While output is full it waits. When ctx ends
// before the first octet is taken, nothing is sent; later, the message will be
// sent as a whole and only the waiting ends. p is free again when Write returns.
func (c *Conn) Write(ctx context.Context, kind MessageKind, p []byte) error {
	if err := c.lock(ctx, c.writer); err != nil {
		return err
	}
	defer func() { <-c.writer }()
	return c.send(ctx, func(d *wsfsm.Driver) error {
		if kind == Text {
			return d.Text(p)
		}
		return d.Binary(p)
	})
}

// Writer starts a message that is sent in fragments, one for each Write, and
// complete with Close. Until then others who send messages wait. ctx bounds all
// of it. When a Write fails after the first, the message cannot be completed any
// more: what is left is to close the connection.
func (c *Conn) Writer(ctx context.Context, kind MessageKind) (*MessageWriter, error) {
	if err := c.lock(ctx, c.writer); err != nil {
		return nil, err
	}
	return &MessageWriter{c: c, ctx: ctx, kind: kind}, nil
}

// MessageWriter sends one message. It is for one goroutine.
type MessageWriter struct {
	c     *Conn
	ctx   context.Context
	kind  MessageKind
	begun bool
	done  bool
	err   error // of the Write that failed
}

var errWriterClosed = errors.New("wsnet: write on a closed MessageWriter")

// Write implements io.Writer: it sends one fragment.
func (w *MessageWriter) Write(p []byte) (int, error) {
	switch {
	case w.done:
		return 0, errWriterClosed
	case w.err != nil:
		return 0, w.err
	}
	err := w.c.send(w.ctx, func(d *wsfsm.Driver) error {
		if w.begun {
			return d.Append(p)
		}
		return d.Begin(w.kind, p)
	})
	if err != nil {
		w.err = err
		return 0, err
	}
	w.begun = true
	return len(p), nil
}

// Close sends the last fragment. The message is whole only when it returns nil;
// after a Write that failed it sends nothing and returns the error of that.
func (w *MessageWriter) Close() error {
	if w.done {
		return errWriterClosed
	}
	w.done = true
	defer func() { <-w.c.writer }()
	if w.err != nil {
		return w.err
	}
	return w.c.send(w.ctx, func(d *wsfsm.Driver) error {
		switch {
		case w.begun:
			return d.End(nil)
		case w.kind == Text:
			return d.Text(nil)
		}
		return d.Binary(nil)
	})
}

// Ping sends a ping with up to 125 octets of payload and waits for the pong, or
// for that of a later ping (RFC 6455 §5.5.3).
func (c *Conn) Ping(ctx context.Context, payload []byte) error {
	pong := make(chan struct{})
	var id wsfsm.PingID
	err := c.send(ctx, func(d *wsfsm.Driver) (err error) {
		if id, err = d.Ping(payload); err != nil {
			return err
		}
		if c.pongs == nil {
			c.pongs = make(map[wsfsm.PingID]chan struct{})
		}
		c.pongs[id] = pong
		return nil
	})
	if err != nil {
		return err
	}
	select {
	case <-pong:
		return nil
	case <-ctx.Done():
		c.mu.Lock()
		delete(c.pongs, id)
		c.mu.Unlock()
		return context.Cause(ctx)
	case <-c.ctx.Done():
		return c.err()
	}
}

// Pong sends an unsolicited pong with up to 125 octets of payload.
func (c *Conn) Pong(ctx context.Context, payload []byte) error {
	return c.send(ctx, func(d *wsfsm.Driver) error { return d.Pong(payload) })
}

// send carries out a command as soon as there is room for its output, and waits
// until that is written.
func (c *Conn) send(ctx context.Context, command func(*wsfsm.Driver) error) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.mu.Lock()
		if err := c.dead(); err != nil {
			c.mu.Unlock()
			return err
		}
		err := command(c.driver)
		mark, progress := c.written+int64(c.driver.Unsent()), c.progress
		c.mu.Unlock()
		if err == nil {
			return c.flush(ctx, mark)
		}
		if !errors.Is(err, wsfsm.ErrOutputFull) {
			return err
		}
		if err := c.wait(ctx, progress); err != nil {
			return err
		}
	}
}

// wait waits until output was written.
func (c *Conn) wait(ctx context.Context, progress <-chan struct{}) error {
	select {
	case <-progress:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.ctx.Done():
		return c.err()
	}
}

// flush writes the output, or waits until others have written it, up to the
// octet mark of all that this connection writes.
func (c *Conn) flush(ctx context.Context, mark int64) error {
	if ctx.Done() == nil {
		c.writeOutput()
	} else {
		c.kick()
	}
	for {
		c.mu.Lock()
		done, progress, dead := c.written >= mark, c.progress, c.dead()
		c.mu.Unlock()
		if done || dead != nil {
			return dead
		}
		if err := c.wait(ctx, progress); err != nil {
			return err
		}
	}
}

// kick has the output written without waiting for it.
func (c *Conn) kick() {
	c.mu.Lock()
	busy := c.writing || c.driver.Unsent() == 0
	c.mu.Unlock()
	if !busy {
		go c.writeOutput()
	}
}

// writeOutput writes all output, unless somebody is at it. One call of the
// transport takes all that has gathered meanwhile.
func (c *Conn) writeOutput() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writing {
		return
	}
	c.writing = true
	for c.driver.Unsent() > 0 && c.err() == nil {
		out := c.driver.Output()
		c.mu.Unlock()
		n, err := c.nc.Write(out)
		c.mu.Lock()
		c.driver.Sent(n)
		c.written += int64(n)
		close(c.progress)
		c.progress = make(chan struct{})
		if err != nil {
			// Messages that have come are still to be read: the goroutine that
			// reads ends the connection behind them.
			c.failed = err
			c.nc.Close()
			break
		}
	}
	c.writing = false
}

// dead returns why nothing more can be sent: the connection has ended, or the
// transport has failed. c.mu is held.
func (c *Conn) dead() error {
	if err := c.err(); err != nil {
		return err
	}
	return c.failed
}

package wsnet

import (
	"context"
	"errors"

	"github.com/wsfsm/wsfsm"
)

// command is a command of the driver with a payload.
type command func(d *wsfsm.Driver, p []byte) error

// item is what a command sends, as far as the queue treats it differently.
type item uint8

const (
	message  item = iota // waits until no MessageWriter is open
	fragment             // must not be lost
	control
)

// Write sends a message; a text must be UTF-8. p is free again when Write
// returns. Any number of goroutines may write at once; their messages do not
// mix.
//
// While Driver.MaxOutput octets wait to be written, Write waits, unless
// Options.SlowPeer says otherwise. When ctx ends in that time, Write returns its
// cause, and nothing is sent. After that the message will be sent as a whole,
// and Write returns when the transport has taken its octets; when ctx ends in
// that time, it returns an error that is both ErrUnderway and the cause. Where more input waits to be read already,
// Write does not wait for the transport, so that the answers to messages that
// came together leave together.
//
// A rule that the message breaks is refused with an error of the driver, such
// as wsfsm.ErrInvalidText, and changes nothing. After Close, Write returns
// ErrClosed; when the transport takes nothing more, its error; after the end of
// the connection, the *CloseError.
func (c *Conn) Write(ctx context.Context, kind MessageKind, p []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.submit(ctx, message, whole(kind), p); err != nil {
		return err
	}
	return c.flush(ctx)
}

// whole returns the command for a message in one frame.
func whole(kind MessageKind) command {
	if kind == Text {
		return (*wsfsm.Driver).Text
	}
	return (*wsfsm.Driver).Binary
}

// mayWrite returns why nothing can be sent, nil if it can.
func (c *Conn) mayWrite(ctx context.Context) error {
	switch {
	case c.ended != nil:
		return c.ended
	case c.leaving:
		return ErrClosed
	case c.writeErr() != nil:
		return c.writeErr()
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return nil
}

// submit gives the driver a command as soon as there is room for its output, or
// does what is to be done when there is none.
func (c *Conn) submit(ctx context.Context, i item, do command, p []byte) error {
	for {
		if err := c.mayWrite(ctx); err != nil {
			return err
		}
		switch err := c.put(i, do, p); {
		case errors.Is(err, wsfsm.ErrOutputFull):
			if err := c.behindSlowPeer(i); err != nil {
				return err
			}
		case err != ErrStreaming:
			return err
		}
		if err := c.wait(ctx, progress); err != nil {
			return err
		}
	}
}

// put gives the driver a command if there is room for its output, or can be made.
func (c *Conn) put(i item, do command, p []byte) error {
	for {
		if i == message && c.streaming {
			return ErrStreaming
		}
		if err := do(c.driver, p); c.writing || !errors.Is(err, wsfsm.ErrOutputFull) {
			return err
		}
		c.kick() // the room may be there already
	}
}

// send submits a command that is not of a message and flushes its output.
func (c *Conn) send(ctx context.Context, do command, p []byte) error {
	if err := c.submit(ctx, control, do, p); err != nil {
		return err
	}
	return c.flush(ctx)
}

// Pong sends an unsolicited pong with up to 125 octets of payload (RFC 6455
// §5.5.3). Its errors are as for Write.
func (c *Conn) Pong(ctx context.Context, payload []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.send(ctx, (*wsfsm.Driver).Pong, payload)
}

// Ping sends a ping with up to 125 octets of payload and waits for the pong, or
// for that of a later ping (RFC 6455 §5.5.3). The pong can come only behind the
// messages that were sent before it, so somebody has to read them. When ctx
// ends first, Ping returns its cause. Of wsfsm.MaxPings pings that no pong has
// answered the next is refused with wsfsm.ErrTooManyPings; other errors are as
// for Write.
func (c *Conn) Ping(ctx context.Context, payload []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var id wsfsm.PingID
	err := c.send(ctx, func(d *wsfsm.Driver, p []byte) (err error) {
		id, err = d.Ping(p)
		return err
	}, payload)
	if err != nil {
		return err
	}
	r := c.rarely()
	r.pings++
	defer func() { r.pings-- }()
	for r.pong < id {
		if c.ended != nil {
			return c.ended
		}
		c.resume()
		if err := c.wait(ctx, arrival); err != nil {
			return err
		}
	}
	return nil
}

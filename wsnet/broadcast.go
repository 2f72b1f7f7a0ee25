package wsnet

import (
	"context"
	"errors"
	"iter"

	"github.com/wsfsm/wsfsm"
)

// ErrStreaming: Broadcast has passed over a connection on which a MessageWriter
// is open.
var ErrStreaming = errors.New("wsnet: a MessageWriter is open")

// WritePrepared is Write for a message that is encoded once for many
// connections.
func (c *Conn) WritePrepared(ctx context.Context, m *wsfsm.Prepared) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.submit(ctx, message, sendPrepared(m), nil); err != nil {
		return err
	}
	return c.flush(ctx)
}

// sendPrepared returns the command for a prepared message.
func sendPrepared(m *wsfsm.Prepared) command {
	return func(d *wsfsm.Driver, _ []byte) error { return d.Send(m) }
}

// Broadcast sends a message on many connections, without waiting for any of them:
// what a transport does not take at once waits in the connection's queue. It is
// encoded once for each version and each way to compress among them.
//
// A connection that does not take the message is passed over, and failed is
// called, if it is not nil, with why: ErrSlowPeer if its queue is full, whatever
// its SlowPeer (with SlowPeerClose it ends), ErrStreaming, or as from Write.
func Broadcast(conns iter.Seq[*Conn], m *wsfsm.Prepared, failed func(*Conn, error)) {
	send := sendPrepared(m)
	for c := range conns {
		if err := c.offer(send); err != nil && failed != nil {
			failed(c, err)
		}
	}
}

// offer sends a message if that needs no waiting.
func (c *Conn) offer(send command) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.mayWrite(context.Background()); err != nil {
		return err
	}
	err := c.put(message, send, nil)
	switch {
	case errors.Is(err, wsfsm.ErrOutputFull):
		if err := c.behindSlowPeer(message); err != nil {
			return err
		}
		return ErrSlowPeer
	case err != nil:
		return err
	case !c.gather():
		c.kick()
	}
	return nil
}

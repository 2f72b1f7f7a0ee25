package wsnet

import (
	"context"
	"io"
)

// Read returns the next message, which the caller then owns. When ctx ends
// first, Read returns its cause and the message stays to be read, whatever part
// of it has come. After the end of the connection it returns a *CloseError.
func (c *Conn) Read(ctx context.Context) (MessageKind, []byte, error) {
	if err := c.lock(ctx, c.reader); err != nil {
		return 0, nil, err
	}
	defer func() { <-c.reader }()
	if err := c.skipRest(ctx); err != nil {
		return 0, nil, err
	}
	for {
		p, err := c.receive(ctx)
		if err != nil {
			return 0, nil, err
		}
		if p.last && c.partial == nil {
			data := append(make([]byte, 0, len(p.data)), p.data...)
			c.taken <- struct{}{}
			return p.kind, data, nil
		}
		c.partial = append(c.partial, p.data...)
		c.taken <- struct{}{}
		if p.last {
			data := c.partial
			c.partial = nil
			return p.kind, data, nil
		}
	}
}

// receive waits for the next piece. Who gets one must send on taken.
func (c *Conn) receive(ctx context.Context) (piece, error) {
	select {
	case p := <-c.pieces:
		return p, nil
	case <-ctx.Done():
		return piece{}, context.Cause(ctx)
	case <-c.ctx.Done():
		return piece{}, c.err()
	}
}

// skipRest drops what is left of a message whose MessageReader was closed.
func (c *Conn) skipRest(ctx context.Context) error {
	for c.skipping {
		p, err := c.receive(ctx)
		if err != nil {
			return err
		}
		c.skipping = !p.last
		c.taken <- struct{}{}
	}
	return nil
}

// Reader returns the next message as a stream, without holding the whole of it
// in memory. ctx bounds the whole of reading. The message must be read to its
// end, or given up by Close, before anybody can read the next one.
func (c *Conn) Reader(ctx context.Context) (MessageKind, *MessageReader, error) {
	if err := c.lock(ctx, c.reader); err != nil {
		return 0, nil, err
	}
	err := c.skipRest(ctx)
	var p piece
	if err == nil {
		p, err = c.receive(ctx)
	}
	if err != nil {
		<-c.reader
		return 0, nil, err
	}
	r := &MessageReader{c: c, ctx: ctx, rest: c.partial}
	c.partial = nil
	r.take(p)
	return p.kind, r, nil
}

// MessageReader reads one message. It is for one goroutine.
type MessageReader struct {
	c    *Conn
	ctx  context.Context
	rest []byte // taken over, not read yet
	last bool   // nothing follows rest
	done bool   // the next message may be read by others
}

// take copies a piece and gives it back.
func (r *MessageReader) take(p piece) {
	r.rest = append(r.rest, p.data...)
	r.last = p.last
	r.c.taken <- struct{}{}
}

// Read implements io.Reader; io.EOF comes at the end of the message. When the
// context of the MessageReader has ended Read returns its cause; only Close is
// left then.
func (r *MessageReader) Read(p []byte) (int, error) {
	if r.done && !r.last {
		return 0, io.ErrClosedPipe
	}
	for len(r.rest) == 0 && !r.last {
		next, err := r.c.receive(r.ctx)
		if err != nil {
			return 0, err
		}
		r.rest = r.rest[:0]
		r.take(next)
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	if len(r.rest) == 0 && r.last {
		r.release()
		if n == 0 {
			return 0, io.EOF
		}
	}
	return n, nil
}

// Close gives up what is left of the message, so that the next one can be read.
// It always returns nil.
func (r *MessageReader) Close() error {
	if !r.done {
		r.c.skipping = !r.last
		r.release()
	}
	return nil
}

// release lets others read.
func (r *MessageReader) release() {
	if !r.done {
		r.done = true
		<-r.c.reader
	}
}

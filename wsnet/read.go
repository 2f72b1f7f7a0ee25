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

// Reader returns the next message as a stream, without holding the whole of it
// in memory. ctx bounds the whole of reading: when it ends, what is left of the
// message is still to be read, by Read or another Reader. The message must be
// read to its end, or given up by Close, before the next one can be read.
func (c *Conn) Reader(ctx context.Context) (MessageKind, *MessageReader, error) {
	if err := c.lock(ctx, c.reader); err != nil {
		return 0, nil, err
	}
	p, err := c.receive(ctx)
	if err != nil {
		<-c.reader
		return 0, nil, err
	}
	r := &MessageReader{c: c, ctx: ctx}
	r.rest = append(r.rest, c.partial...)
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

// Read implements io.Reader; io.EOF comes at the end of the message.
func (r *MessageReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 && !r.last {
		if r.done {
			return 0, io.ErrClosedPipe
		}
		next, err := r.c.receive(r.ctx)
		if err != nil {
			r.release()
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

// Close reads what is left of the message, so that the next one can be read. It
// returns nil if the message has come to its end.
func (r *MessageReader) Close() error {
	if r.done {
		return nil
	}
	_, err := io.Copy(io.Discard, r)
	return err
}

// release lets others read.
func (r *MessageReader) release() {
	if !r.done {
		r.done = true
		<-r.c.reader
	}
}

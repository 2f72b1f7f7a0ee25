package wsnet

import (
	"context"
	"io"
)

// Reader returns the next message as a stream, without holding the whole of it
// in memory. Until the stream has been read to its end or closed, other readers
// wait. When ctx ends first, Reader returns its cause, and the message stays to
// be read; ctx bounds reading from the stream too.
func (c *Conn) Reader(ctx context.Context) (MessageKind, *MessageReader, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.beginTaking(ctx); err != nil {
		return 0, nil, err
	}
	if err := c.await(ctx); err != nil {
		c.endTaking()
		return 0, nil, err
	}
	r := &MessageReader{c: c, ctx: ctx, buf: c.takePartial(nil)}
	kind := c.input.piece.kind
	r.take()
	return kind, r, nil
}

// MessageReader reads one message. It is for one goroutine.
type MessageReader struct {
	c      *Conn
	ctx    context.Context
	buf    []byte // taken
	at     int    // octets of buf that have been read
	last   bool   // nothing follows buf
	closed bool
	err    error // of the end
}

// take takes the piece that waits, and lets others read if it is the last.
func (r *MessageReader) take() {
	r.last = r.c.input.piece.last
	r.buf = r.c.take(r.buf)
	if r.last {
		r.c.endTaking()
	} else {
		r.c.setWatch() // it may be long until the next piece is asked for
	}
}

// SetContext replaces the context that bounds reading. After the old one has
// ended, reading goes on where it stopped.
func (r *MessageReader) SetContext(ctx context.Context) { r.ctx = ctx }

// Read implements io.Reader; io.EOF comes at the end of the message. When the
// context ends, Read returns its cause, and nothing is lost: see SetContext and
// Close. After the end of the connection it returns a *CloseError.
func (r *MessageReader) Read(p []byte) (int, error) {
	switch {
	case r.closed:
		return 0, io.ErrClosedPipe
	case len(p) == 0:
		return 0, nil
	case r.at == len(r.buf) && !r.last:
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	if r.at == len(r.buf) {
		return 0, io.EOF
	}
	n := copy(p, r.buf[r.at:])
	r.at += n
	return n, nil
}

// fill takes pieces until there is something to be read.
func (r *MessageReader) fill() error {
	if r.err != nil {
		return r.err
	}
	r.c.mu.Lock()
	defer r.c.mu.Unlock()
	for r.buf, r.at = r.buf[:0], 0; len(r.buf) == 0 && !r.last; {
		if err := r.c.await(r.ctx); err != nil {
			if r.c.ended != nil {
				r.err = err
				r.c.endTaking()
			}
			return err
		}
		r.take()
	}
	return nil
}

// Close gives up what is left of the message and lets others read. It does not
// wait, and returns nil.
func (r *MessageReader) Close() error {
	if r.closed {
		return nil
	}
	r.closed, r.buf, r.at = true, nil, 0
	if r.last || r.err != nil {
		return nil
	}
	r.c.mu.Lock()
	defer r.c.mu.Unlock()
	if last := r.c.dropPiece().last; !last {
		r.c.rarely().skipping = true
	}
	r.c.endTaking()
	return nil
}

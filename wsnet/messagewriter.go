package wsnet

import (
	"context"
	"errors"

	"github.com/wsfsm/wsfsm"
)

// Writer begins a message that is sent in fragments, one for each Write of the
// stream, and complete with its Close. Until then others who send messages wait;
// pings, pongs and Close do not. ctx bounds the waiting for that, and all
// waiting of the stream, as for Conn.Write.
func (c *Conn) Writer(ctx context.Context, kind MessageKind) (*MessageWriter, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if err := c.mayWrite(ctx); err != nil {
			return nil, err
		}
		if !c.streaming {
			c.streaming = true
			return &MessageWriter{c: c, ctx: ctx, kind: kind}, nil
		}
		if err := c.wait(ctx, progress); err != nil {
			return nil, err
		}
	}
}

// MessageWriter sends one message. It is for one goroutine.
type MessageWriter struct {
	c     *Conn
	ctx   context.Context
	kind  MessageKind
	begun bool  // the first fragment is sent
	done  bool  // Close was called
	err   error // why a fragment was not sent
}

var errWriterClosed = errors.New("wsnet: the MessageWriter is closed")

// Write implements io.Writer: it sends one fragment. A text may be cut inside a
// character. After an error other than ErrUnderway the message cannot be
// completed.
func (w *MessageWriter) Write(p []byte) (int, error) {
	switch {
	case w.done:
		return 0, errWriterClosed
	case w.err != nil:
		return 0, w.err
	}
	w.c.mu.Lock()
	defer w.c.mu.Unlock()
	if w.err = w.c.submit(w.ctx, fragment, w.fragment(), p); w.err != nil {
		return 0, w.err
	}
	w.begun = true
	return len(p), w.c.flush(w.ctx)
}

// fragment returns the command for the next fragment that is not the last.
func (w *MessageWriter) fragment() command {
	if w.begun {
		return (*wsfsm.Driver).Append
	}
	return func(d *wsfsm.Driver, p []byte) error { return d.Begin(w.kind, p) }
}

// Close sends the last fragment, which is empty. The message is complete only
// if Close returns nil or ErrUnderway. If a fragment could not be sent, Close
// returns why, and, as the peer waits for the rest, closes the connection with
// code 1011, unless nothing of the message has been sent.
func (w *MessageWriter) Close() error {
	if w.done {
		return errWriterClosed
	}
	w.done = true
	w.c.mu.Lock()
	defer w.c.mu.Unlock()
	defer w.release()
	if w.err == nil {
		w.err = w.c.submit(w.ctx, fragment, w.lastFragment(), nil)
	}
	if w.err != nil {
		if w.begun && w.c.ended == nil {
			_ = w.c.startCloseAsCan(wsfsm.CloseInternalError) // refused if closing already
		}
		return w.err
	}
	return w.c.flush(w.ctx)
}

// lastFragment returns the command for the last fragment.
func (w *MessageWriter) lastFragment() command {
	if w.begun {
		return (*wsfsm.Driver).End
	}
	return whole(w.kind)
}

// release lets others write.
func (w *MessageWriter) release() {
	w.c.streaming = false
	w.c.ring(progress)
}

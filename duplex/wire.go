package duplex

import (
	"cmp"
	"io"

	"github.com/wsfsm/wsfsm"
)

// Wire is the end that is joined to a transport: what comes from there is
// written to it, what is to go there is read from it.
type Wire struct{ l *link }

// Write takes octets that came from the transport. It blocks until all but the
// last ReadSize of them have been used, p is free again then. What comes behind
// the end of the connection is thrown away. After Close, CloseWrite, or
// CloseTimeout behind the end of the connection it returns io.ErrClosedPipe.
func (w *Wire) Write(p []byte) (n int, err error) {
	l := w.l
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.feeding {
		l.wait()
	}
	l.feeding = true
	defer l.endFeeding()
	for n < len(p) {
		if err := l.awaitBuffer(); err != nil {
			return n, err
		}
		m := copy(l.buf, p[n:])
		if err := l.driver.Receive(l.buf[:m]); err != nil {
			return n, err // somebody else uses the driver
		}
		l.borrowed = true
		n += m
		l.advance()
	}
	return n, nil
}

// endFeeding lets others write.
func (l *link) endFeeding() {
	l.feeding = false
	l.changed.Broadcast()
}

// awaitBuffer waits until the driver has given the buffer back.
func (l *link) awaitBuffer() error {
	for {
		switch {
		case l.ended != nil && l.ended.Err == ErrDetached:
			return ErrDetached
		case l.deaf || l.expired:
			return io.ErrClosedPipe
		case l.borrowed: // also while a message waits, which lies in there
			l.wait()
			continue
		}
		if l.buf == nil {
			l.buf = make([]byte, ReadSize)
		}
		return nil
	}
}

// Read returns octets for the transport. It blocks until there are some; io.EOF
// says that the transport is to be ended. After Close it returns
// io.ErrClosedPipe.
func (w *Wire) Read(p []byte) (int, error) {
	l := w.l
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		out := l.driver.Output()
		switch {
		case l.lost != nil:
			return 0, io.ErrClosedPipe
		case len(p) == 0:
			return 0, nil
		case len(out) > 0 && !l.expired:
			n := copy(p, out)
			l.driver.Sent(n)
			l.advance()
			return n, nil
		case l.over():
			return 0, io.EOF
		}
		l.wait()
	}
}

// over reports whether this end may end the transport when all is written.
func (l *link) over() bool { return l.expired || l.ended != nil && (!l.patient || l.deaf) }

// CloseWrite says that the peer has ended its side of the transport. What was
// written before can still be read from Messages. It returns nil.
func (w *Wire) CloseWrite() error {
	l := w.l
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.deaf {
		l.deaf = true
		l.driver.ReceiveEOF(nil)
		l.advance()
	}
	return nil
}

// Close says that the transport is gone. What was written before can still be
// read from Messages; what has not been read from Wire is dropped. It returns
// nil.
func (w *Wire) Close() error { return w.CloseWithError(nil) }

// CloseWithError is Close with a cause, which the *CloseError of the end will
// wrap unless the end came before. Without a cause it is wsfsm.ErrEndOfStream. It
// returns nil.
func (w *Wire) CloseWithError(cause error) error {
	l := w.l
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost != nil {
		return nil
	}
	l.lost = &CloseError{Code: wsfsm.CloseAbnormal, Err: cmp.Or(cause, wsfsm.ErrEndOfStream)}
	if !l.deaf {
		l.driver.ReceiveEOF(cause)
	}
	l.deaf = true
	l.driver.DropOutput()
	l.advance()
	if l.timer != nil {
		l.timer.Stop()
	}
	return nil
}

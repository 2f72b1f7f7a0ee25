package duplex

import (
	"errors"
	"io"

	"github.com/wsfsm/wsfsm"
)

// Messages is the end of the application.
type Messages struct{ l *link }

// Read returns octets of the message at hand, of either kind, or of the next
// one, for which it blocks. It never returns octets of two messages, and nothing
// for an empty one. After the end of the connection it returns io.EOF or a
// *CloseError, after Close io.ErrClosedPipe.
func (m *Messages) Read(p []byte) (int, error) {
	l := m.l
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if err := l.awaitPiece(false); err != nil {
			return 0, err
		}
		if len(p) == 0 {
			return 0, nil
		}
		n := copy(p, l.rest)
		if l.rest = l.rest[n:]; len(l.rest) == 0 {
			l.hold()
		}
		if n > 0 {
			return n, nil
		}
	}
}

// ReadMessage returns the next message, which the caller then owns; what is left
// of one that Read has begun. Its errors are those of Read; a message that the
// end of the connection has cut is not returned.
func (m *Messages) ReadMessage() (kind wsfsm.MessageKind, p []byte, err error) {
	l := m.l
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.awaitPiece(false); err != nil {
		return 0, nil, err
	}
	l.gathering = true
	defer func() {
		l.gathering = false
		l.changed.Broadcast()
	}()
	p = []byte{}
	for last := false; !last; {
		if err := l.awaitPiece(true); err != nil {
			return 0, nil, err
		}
		kind, last = l.kind, l.last
		p = append(p, l.rest...)
		l.hold()
	}
	return kind, p, nil
}

// awaitPiece waits until a piece can be taken: by whoever gathers a message, if
// somebody does.
func (l *link) awaitPiece(gathers bool) error {
	if l.held {
		l.letGo()
	}
	l.readers++
	defer func() { l.readers-- }()
	for {
		switch {
		case l.dropping:
			return io.ErrClosedPipe
		case l.gathering && !gathers:
		case l.waiting:
			return nil
		case l.ended != nil && l.ended.goodbye():
			return io.EOF
		case l.ended != nil:
			return l.ended
		}
		l.wait()
	}
}

// Write sends p as one message of the kind of Options.Kind, and copies it. It
// blocks while the output is full. Before the connection is open the message is
// queued. After the end of the connection it returns a *CloseError, after Close
// and CloseWrite io.ErrClosedPipe; other errors are as for [wsfsm.Driver.Text],
// among them wsfsm.ErrUnsupported for a binary message in a version without.
// With an error nothing is sent.
func (m *Messages) Write(p []byte) (int, error) {
	if err := m.WriteMessage(m.l.options.Kind, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// WriteMessage sends p as one message of that kind; see Write.
func (m *Messages) WriteMessage(kind wsfsm.MessageKind, p []byte) error {
	send := (*wsfsm.Driver).Binary
	if kind == wsfsm.Text {
		send = (*wsfsm.Driver).Text
	}
	l := m.l
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		switch {
		case l.ended != nil:
			return l.ended
		case l.lost != nil:
			return l.lost
		case l.finished:
			return io.ErrClosedPipe
		}
		err := send(l.driver, p)
		switch {
		case err == nil:
			l.advance()
			return nil
		case errors.Is(err, wsfsm.ErrRefused) && !errors.Is(err, wsfsm.ErrUnsupported):
			return io.ErrClosedPipe
		case !errors.Is(err, wsfsm.ErrOutputFull):
			return err
		}
		l.wait()
	}
}

// Do calls f with the driver, which nobody else uses meanwhile, and carries on
// what f has caused. f may call commands and getters, but neither Next, Receive,
// ReceiveEOF nor Sent, nor methods of the streams. Do returns what f returns.
func (m *Messages) Do(f func(*wsfsm.Driver) error) error {
	l := m.l
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.advance()
	return f(l.driver)
}

// CloseWrite sends a close frame with code 1000, after which nothing can be
// written; if the connection is not open yet, as soon as it is, behind what is
// queued. What the peer has still to say can be read; then the reading ends.
// CloseWrite does not block, and returns nil if the connection is being closed
// already.
func (m *Messages) CloseWrite() error {
	l := m.l
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closeWrite()
}

// Close is CloseWrite, and throws away what has not been read, and what comes
// until the end of the connection, for which it does not wait.
func (m *Messages) Close() error {
	l := m.l
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropping = true
	l.waiting, l.rest, l.held = false, nil, false
	return l.closeWrite()
}

func (l *link) closeWrite() (err error) {
	if !l.finished {
		l.finished = true
		l.setTimer()
		if l.opened {
			err = l.sendClose()
		}
	}
	l.advance()
	return err
}

// sendClose sends a close frame, unless one has gone.
func (l *link) sendClose() error {
	if err := l.driver.Close(wsfsm.CloseNormal, ""); !errors.Is(err, wsfsm.ErrRefused) {
		return err
	}
	return nil
}

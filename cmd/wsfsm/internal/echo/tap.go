package echo

import (
	"net"
	"sync"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/frames"
)

// tap is a transport whose octets are watched as they pass, and whose end is
// noticed.
type tap struct {
	*frames.Tap
	read  int64 // octets received
	once  sync.Once
	ended chan struct{} // closed with the transport
}

func newTap(nc net.Conn, in, out func(frames.Frame)) *tap {
	return &tap{Tap: frames.NewTap(nc, in, out), ended: make(chan struct{})}
}

// Read implements net.Conn.
func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Tap.Read(p)
	t.read += int64(n)
	return n, err
}

// Close implements net.Conn.
func (t *tap) Close() error {
	t.once.Do(func() { close(t.ended) })
	return t.Tap.Close()
}

// single is a listener of one transport. After it has been accepted, Accept
// waits for its end.
type single struct {
	transport *tap
	once      sync.Once
	closed    chan struct{}
	accepted  bool
}

// Accept implements net.Listener.
func (l *single) Accept() (net.Conn, error) {
	if !l.accepted {
		l.accepted = true
		return l.transport, nil
	}
	select {
	case <-l.transport.ended:
	case <-l.closed:
	}
	return nil, net.ErrClosed
}

// Close implements net.Listener.
func (l *single) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *single) Addr() net.Addr { return l.transport.LocalAddr() }

package frames

import "net"

// Tap is a transport whose octets are watched as they pass.
type Tap struct {
	net.Conn
	in, out *Watcher
}

// NewTap returns a transport around nc that calls in for each frame read, and
// out for each frame written, as NewWatcher says.
func NewTap(nc net.Conn, in, out func(Frame)) *Tap {
	return &Tap{Conn: nc, in: NewWatcher(in), out: NewWatcher(out)}
}

// Read implements net.Conn.
func (t *Tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.in.Pass(p[:n])
	return n, err
}

// Write implements net.Conn. The octets are looked at first: when the peer
// answers them, they have been seen.
func (t *Tap) Write(p []byte) (int, error) {
	t.out.Pass(p)
	return t.Conn.Write(p)
}

// CloseWrite half-closes the transport if it can be.
func (t *Tap) CloseWrite() error {
	if half, ok := t.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return net.ErrClosed
}

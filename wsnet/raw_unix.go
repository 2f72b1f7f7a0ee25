//go:build unix

package wsnet

import (
	"io"
	"net"
	"os"
	"syscall"
)

// rawConn reads and writes a socket without blocking: so a connection that waits
// for input holds no buffer, and most output needs no goroutine.
type rawConn struct {
	conn syscall.RawConn // nil: not such a socket

	ready func(fd uintptr) bool // reads; for the goroutine that reads
}

// rawWrite is one write of such a socket.
type rawWrite struct {
	p    []byte
	n    int
	err  error
	room func(fd uintptr) bool // its method write
}

// openRaw looks whether the transport is a plain socket. A type of somebody
// else's around one is not: its methods are to be called.
func (c *Conn) openRaw() {
	var err error
	switch nc := c.nc.(type) {
	case *net.TCPConn:
		c.raw.conn, err = nc.SyscallConn()
	case *net.UnixConn:
		c.raw.conn, err = nc.SyscallConn()
	}
	if err != nil {
		c.raw.conn = nil
	}
	if c.raw.conn != nil {
		c.raw.ready = c.readReady
	}
}

// readReady takes a buffer only when there is something to be read, and is to be
// called again then if there is not.
func (c *Conn) readReady(fd uintptr) bool {
	p := c.shared.get(c.bulk)
	n, err := syscall.Read(int(fd), p.octets)
	for err == syscall.EINTR {
		n, err = syscall.Read(int(fd), p.octets)
	}
	switch {
	case err == syscall.EAGAIN:
		c.shared.put(p)
		c.heed()
		return false
	case err != nil:
		n, err = 0, os.NewSyscallError("read", err)
	case n == 0:
		err = io.EOF
	}
	c.fresh, p.n, p.err = p, n, err
	return true
}

// tryWrite writes what the transport takes at once.
func (c *Conn) tryWrite(p []byte) (n int, err error) {
	if c.raw.conn == nil {
		return 0, nil
	}
	w, _ := c.shared.writes.Get().(*rawWrite)
	if w == nil {
		w = new(rawWrite)
		w.room = w.write
	}
	defer c.shared.writes.Put(w)
	w.p, w.n, w.err = p, 0, nil
	err = c.raw.conn.Write(w.room)
	if err == nil {
		err = w.err
	}
	w.p = nil
	return w.n, err
}

// write writes, and is not to be called again if there is no room.
func (w *rawWrite) write(fd uintptr) bool {
	n, err := syscall.Write(int(fd), w.p)
	for err == syscall.EINTR {
		n, err = syscall.Write(int(fd), w.p)
	}
	switch {
	case err == syscall.EAGAIN:
		n, err = 0, nil
	case err != nil:
		n, err = 0, os.NewSyscallError("write", err)
	}
	w.n, w.err = n, err
	return true
}

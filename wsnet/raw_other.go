//go:build !unix

package wsnet

import "syscall"

// rawConn is of no use on this platform: conn is always nil.
type rawConn struct {
	conn  syscall.RawConn
	ready func(fd uintptr) bool
}

func (*Conn) openRaw() {}

func (*Conn) tryWrite([]byte) (int, error) { return 0, nil }

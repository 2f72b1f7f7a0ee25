//go:build !unix

package wsnet

import (
	"syscall"
	"time"
)

// rawConn is of no use on this platform: conn is always nil.
type rawConn struct {
	conn  syscall.RawConn
	ready func(fd uintptr) bool
}

func (c *Conn) openRaw() { c.intake.interruptible = c.nc.SetReadDeadline(time.Time{}) == nil }

func (*Conn) tryWrite([]byte) (int, error) { return 0, nil }

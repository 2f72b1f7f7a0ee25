package wsnet

import (
	"context"
	"crypto/tls"
	"math"
	"net"
	"time"
)

// lingerOctets is the most that is read and thrown away while the peer ends its
// side of the transport.
const lingerOctets = 64 << 20

// hangUp ends the transport of a connection that has ended: orderly, or at once.
func (c *Conn) hangUp(orderly bool) {
	if orderly {
		c.finish()
		c.nc.Close()
	} else {
		cut(c.nc)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.awaitWriter() // who uses the output until then
	c.driver.DropOutput()
	c.rarely().gone = true
	c.ring(arrival)
	c.ring(progress)
}

// finish writes what is left and waits, within bounds, for the peer to end the
// transport.
func (c *Conn) finish() {
	c.nc.SetDeadline(time.Now().Add(c.shared.closeTimeout))
	c.mu.Lock()
	c.awaitWriter()
	if c.driver.Unsent() > 0 {
		c.writeOutput(true, math.MaxInt64)
	}
	patient := c.rarely().patient
	c.mu.Unlock()
	if patient || closeWrite(c.nc) {
		c.shared.discard(c.nc)
	}
}

// awaitWriter waits until nobody writes.
func (c *Conn) awaitWriter() {
	for c.writing {
		_ = c.wait(context.Background(), progress) // cannot fail
	}
}

// awaitGone waits until the transport has ended.
func (c *Conn) awaitGone() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.rarely().gone {
		_ = c.wait(context.Background(), arrival) // cannot fail
	}
}

// closeWrite half-closes the transport. It returns false if that cannot be done,
// so that nothing is left but to close it.
func closeWrite(nc net.Conn) bool {
	half, ok := nc.(interface{ CloseWrite() error })
	return ok && half.CloseWrite() == nil
}

// discard reads until the end of the stream, within bounds.
func (s *shared) discard(nc net.Conn) {
	p := s.get(false)
	defer s.put(p)
	for total := 0; total < lingerOctets; {
		n, err := nc.Read(p.octets)
		if err != nil {
			return
		}
		total += n
	}
}

// cut ends the transport at once: for TLS without its goodbye, which may block.
func cut(nc net.Conn) error {
	if t, ok := nc.(*tls.Conn); ok {
		return t.NetConn().Close()
	}
	return nc.Close()
}

package wsnet

import (
	"errors"

	"github.com/wsfsm/wsfsm"
)

// Close closes the connection with a code that may be sent, such as
// wsfsm.CloseNormal, and a reason of up to 123 octets of UTF-8; code 0 sends an
// empty close frame. It waits until the transport has ended, which
// Options.CloseTimeout bounds. It returns nil if the closing handshake was
// complete, also if the peer had begun it. Messages that have not been read are
// dropped.
func (c *Conn) Close(code wsfsm.CloseCode, reason string) error {
	c.mu.Lock()
	err := c.driver.Close(code, reason)
	c.mu.Unlock()
	if err != nil && !errors.Is(err, wsfsm.ErrRefused) {
		return err
	}
	c.startTimer()
	c.dropMessages()
	c.kick()
	<-c.ctx.Done()
	var end *CloseError
	if errors.As(c.err(), &end) && end.Clean {
		return nil
	}
	return c.err()
}

// CloseNow ends the transport at once, without a closing handshake. Whoever
// reads or writes gets ErrClosed.
func (c *Conn) CloseNow() {
	c.end(&CloseError{Code: wsfsm.CloseAbnormal, Err: ErrClosed})
}

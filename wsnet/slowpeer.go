package wsnet

import "errors"

// SlowPeer says what happens to what is sent while the queue of a connection is
// full: when Driver.MaxOutput octets wait that the peer does not take.
type SlowPeer uint8

// What can happen behind a slow peer. The queue is bounded in each case.
const (
	// SlowPeerBlock has Write wait for room, and then for its message to leave,
	// as long as its context allows.
	SlowPeerBlock SlowPeer = iota
	// SlowPeerDrop loses the newest: Write returns ErrSlowPeer and has sent
	// nothing, and Ping and Pong likewise. A MessageWriter waits, as a message
	// cannot do without one of its fragments.
	SlowPeerDrop
	// SlowPeerClose ends the connection at once, as CloseNow does, with
	// ErrSlowPeer as the cause. A close frame could not get through.
	SlowPeerClose
)

// ErrSlowPeer: the peer takes less than is sent to it, and the queue is full. See
// SlowPeerDrop and SlowPeerClose.
var ErrSlowPeer = errors.New("wsnet: the peer does not take what is sent, and the queue is full")

// behindSlowPeer is called while the transport takes nothing and the queue is
// full. Nil: wait.
func (c *Conn) behindSlowPeer(i item) error {
	switch {
	case c.shared.slowPeer == SlowPeerClose:
		c.giveUp(ErrSlowPeer)
		return c.ended
	case c.shared.slowPeer == SlowPeerDrop && i != fragment:
		return ErrSlowPeer
	}
	return nil
}

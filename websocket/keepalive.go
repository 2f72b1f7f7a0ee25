package websocket

import (
	"context"
	"errors"
	"time"

	"github.com/wsfsm/wsfsm"
)

// keepAlive sends pings as long as the connection lives.
func (s *Socket) keepAlive() {
	timer := time.NewTimer(s.options.PingInterval)
	defer timer.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-timer.C:
		}
		before, wasBusy := s.progress()
		err := s.pingOnce()
		after, busy := s.progress()
		switch {
		case err == nil:
		case !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, wsfsm.ErrTooManyPings):
			return // the connection has ended, or the version has no pings
		case after == before && !wasBusy && !busy:
			s.giveUp(ErrPongTimeout)
			return
		}
		timer.Reset(s.options.PingInterval)
	}
}

func (s *Socket) pingOnce() error {
	ctx, cancel := context.WithTimeout(context.Background(), s.options.PongTimeout)
	defer cancel()
	return s.conn.Ping(ctx, nil)
}

// progress returns how many messages have been read, which a dead peer does not
// send, and whether reading waits for a listener, so that a pong may wait behind
// a message.
func (s *Socket) progress() (arrivals uint64, busy bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.arrivals, s.dispatching || len(s.queues[MessageEvent]) > 0
}

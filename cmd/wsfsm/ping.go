package main

import (
	"errors"
	"time"

	"github.com/wsfsm/wsfsm"
)

// ping sends one ping; false if no more can be sent.
func (s *session) ping() bool {
	err := s.conn.Do(func(d *wsfsm.Driver) error {
		id, err := d.Ping(nil)
		if err == nil {
			s.pings.sent(id)
		}
		return err
	})
	if errors.Is(err, wsfsm.ErrTooManyPings) {
		s.console.Remark("no pongs come; no more pings until they do")
		return true
	}
	return err == nil
}

// keepPinging sends a ping at each interval, as long as the connection is open.
func (s *session) keepPinging() {
	ticker := time.NewTicker(s.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if !s.ping() {
				return
			}
		case <-s.ended:
			return
		}
	}
}

// roundTrips times pings. It belongs to the goroutine that owns the driver.
type roundTrips struct {
	begun map[wsfsm.PingID]time.Time
	trip  time.Duration
	known bool
}

func (r *roundTrips) sent(id wsfsm.PingID) {
	if r.begun == nil {
		r.begun = make(map[wsfsm.PingID]time.Time)
	}
	r.begun[id] = time.Now()
}

// answered settles a ping and those before it; id is 0 for an unsolicited pong.
func (r *roundTrips) answered(id wsfsm.PingID) {
	var begun time.Time
	if begun, r.known = r.begun[id]; r.known {
		r.trip = time.Since(begun)
	}
	for earlier := range r.begun {
		if earlier <= id {
			delete(r.begun, earlier)
		}
	}
}

// last returns the round trip of the pong at hand.
func (r *roundTrips) last() (time.Duration, bool) { return r.trip, r.known }

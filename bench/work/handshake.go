package work

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// Handshake is a request answered with 101 by a server: from its octets, and by
// the HTTP server of the standard library.
func Handshake() []measure.Work {
	return []measure.Work{
		{Group: "handshake", Name: "from octets", Unit: "ns", Contestants: fromOctets},
		{Group: "handshake", Name: "through net/http", Unit: "ns", Contestants: throughHTTP},
	}
}

// answered wants the 101 with the right key.
func answered(octets []byte) error {
	if !bytes.HasPrefix(octets, []byte("HTTP/1.1 101 ")) || !bytes.Contains(octets, []byte(wire.AcceptKey)) {
		return fmt.Errorf("no opening handshake: %q", octets)
	}
	return nil
}

func fromOctets() (list []measure.Contestant, err error) {
	for _, p := range peers.All() {
		if p.Upgrade != nil {
			list = append(list, upgrading(p))
		}
	}
	return list, nil
}

func upgrading(p peers.Peer) measure.Contestant {
	return measure.Contestant{
		Name: p.Name, Own: p.Own,
		Check: func() error {
			c := wire.Empty(wire.Server)
			c.Keep = true
			if err := p.Upgrade(c); err != nil {
				return err
			}
			return answered(c.Out)
		},
		Sample: measure.Timed(func(n int) (int, time.Duration, error) {
			c, request := wire.Empty(wire.Server), []byte(wire.Request)
			start := time.Now()
			for range n {
				c.SetRequest(request)
				if err := p.Upgrade(c); err != nil {
					return 0, 0, err
				}
			}
			return n, time.Since(start), nil
		}),
	}
}

func throughHTTP() (list []measure.Contestant, err error) {
	for _, p := range peers.All() {
		if p.Handle == nil {
			continue
		}
		list = append(list, measure.Contestant{
			Name: p.Name, Own: p.Own,
			Check: func() error {
				_, octets, err := serveHTTP(p, 1)
				if err != nil {
					return err
				}
				return answered(octets)
			},
			Sample: measure.Timed(func(n int) (int, time.Duration, error) {
				took, _, err := serveHTTP(p, n)
				return n, took, err
			}),
		})
	}
	return list, nil
}

// serveHTTP has an HTTP server take n requests, one after the other.
func serveHTTP(p peers.Peer, n int) (time.Duration, []byte, error) {
	l := &requests{left: n, next: make(chan struct{}, 1)}
	var failed error
	l.next <- struct{}{}
	start := time.Now()
	http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := p.Handle(w, r); err != nil {
			failed = err
		}
		l.next <- struct{}{}
	}))
	return time.Since(start), l.last.Out, failed
}

// requests is a listener of connections in memory.
type requests struct {
	left int
	next chan struct{}
	last *wire.Conn
}

// Accept gives the next connection when the last one is open.
func (l *requests) Accept() (net.Conn, error) {
	<-l.next
	if l.left == 0 {
		return nil, net.ErrClosed
	}
	l.left--
	l.last = wire.Empty(wire.Server)
	l.last.Hold, l.last.Keep = nil, true
	return l.last, nil
}

func (l *requests) Close() error   { return nil }
func (l *requests) Addr() net.Addr { return &net.TCPAddr{} }

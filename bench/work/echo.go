package work

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// echoed is the size of a message in octets.
const echoed = 128

// Echo is messages that go to a server in a process of its own and back, over
// loopback.
func Echo() (list []measure.Work) {
	for _, connections := range []int{100, 1000} {
		for _, flight := range []int{1, 16} {
			name := fmt.Sprintf("%d connections, %d in flight", connections, flight)
			list = append(list, measure.Work{Group: "echo", Name: name, Unit: "messages/s", More: true, X: float64(connections),
				Contestants: func() (list []measure.Contestant, err error) {
					for _, p := range append(peers.All(), peers.RawTCP()) {
						if p.Serve != nil {
							list = append(list, echoing(p, connections, flight))
						}
					}
					return list, nil
				}})
		}
	}
	return list
}

// echoing sends so many messages at once on each of so many connections.
func echoing(p peers.Peer, connections, flight int) measure.Contestant {
	e := &echo{flight: flight}
	e.out, e.want = e.octets(p.Name == peers.RawTCP().Name)
	return measure.Contestant{
		Name: p.Name, Own: p.Own, Beside: p.Name == peers.RawTCP().Name,
		Check: func() (err error) {
			if e.server, err = startChild(p.Name); err != nil {
				return err
			}
			one, whole := e.first()
			return e.server.open(connections, []byte(wire.Request), one, whole)
		},
		Sample: func(d time.Duration) (measure.Sample, error) {
			per, err := e.run(max(d, 300*time.Millisecond))
			return measure.Sample{Value: per, Allocs: -1}, err
		},
		Close: func() {
			if e.server != nil {
				e.server.stop()
			}
		},
	}
}

type echo struct {
	server    *child
	flight    int
	out, want []byte // of all messages in flight
}

// octets are those sent at once, and those that come back.
func (e *echo) octets(raw bool) (out, want []byte) {
	f := wire.Frame{Final: true, Opcode: wire.BinaryOpcode, Payload: bytes.Repeat([]byte("a"), echoed)}
	for range e.flight {
		out = f.Append(out, &[4]byte{1, 2, 3, 4})
		want = f.Append(want, nil)
	}
	if raw {
		want = out
	}
	return out, want
}

// first is one message, and what it wants to have back.
func (e *echo) first() ([]byte, func([]byte) (bool, error)) {
	one := e.want[:len(e.want)/e.flight]
	return e.out[:len(e.out)/e.flight], func(octets []byte) (bool, error) {
		if !bytes.HasPrefix(one, octets) {
			return false, errReply
		}
		return len(octets) == len(one), nil
	}
}

var errOctets = errors.New("other octets came back")

// run returns the messages of a second.
func (e *echo) run(d time.Duration) (float64, error) {
	var rounds atomic.Int64
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	start := time.Now()
	end := start.Add(d)
	for _, c := range e.server.conns {
		wg.Go(func() {
			n, err := e.loop(c, end)
			rounds.Add(n)
			if err != nil {
				failed.Store(&err)
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(rounds.Load()) * float64(e.flight) / time.Since(start).Seconds(), nil
}

func (e *echo) loop(c net.Conn, end time.Time) (n int64, err error) {
	in := make([]byte, len(e.want))
	for time.Now().Before(end) {
		if _, err := c.Write(e.out); err != nil {
			return n, err
		}
		if _, err := io.ReadFull(c, in); err != nil {
			return n, err
		}
		if !bytes.Equal(in, e.want) {
			return n, errOctets
		}
		n++
	}
	return n, nil
}

package work

import (
	"bytes"
	"fmt"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// Linear is how the time grows: with the fragments of a message, with its size,
// with the number of connections.
func Linear() (list []measure.Work) {
	for _, n := range []int{1, 3, 10, 30, 100, 300, 1000, 3000, 10_000} {
		for _, content := range []wire.Content{wire.Binary, wire.Mixed} {
			l := wire.Load{Content: content, Size: 128 * n, Fragments: n}
			list = append(list, growing("fragments "+content.String(), n, l))
		}
	}
	for size := 1; size <= 64<<20; size *= 4 {
		for _, content := range []wire.Content{wire.Binary, wire.Mixed} {
			list = append(list, growing("octets "+content.String(), size, wire.Load{Content: content, Size: size}))
		}
	}
	for _, n := range []int{1, 10, 100, 1000, 10_000, 18_000} {
		rounds := 3
		if n > 10_000 {
			rounds = 1
		}
		list = append(list, measure.Work{
			Group: "linear", Name: fmt.Sprintf("connections %d", n), Unit: "ns", Octets: echoed, X: float64(n), Rounds: rounds,
			Contestants: func() (list []measure.Contestant, err error) {
				for _, p := range []peers.Peer{peers.Wsnet(), peers.RawTCP()} {
					list = append(list, perMessage(echoing(p, n, 1), n))
				}
				return list, nil
			},
		})
	}
	return list
}

// several messages of a connection take about that long, where many wait for a
// processor.
const several = 80 * time.Microsecond

// perMessage turns messages of a second into nanoseconds for each. The
// connections are opened for each sample, so that descriptors suffice for them; a
// sample is long enough for several messages on each.
func perMessage(c measure.Contestant, connections int) measure.Contestant {
	open, rate, end := c.Check, c.Sample, c.Close
	c.Check, c.Close = func() error { return nil }, nil
	c.Sample = func(d time.Duration) (measure.Sample, error) {
		defer end()
		if err := open(); err != nil {
			return measure.Sample{}, err
		}
		s, err := rate(max(d, time.Duration(connections)*several))
		return measure.Sample{Value: 1e9 / s.Value, Allocs: -1}, err
	}
	return c
}

// copying moves the octets as one does who hands out whole messages, and does nothing
// else: read, and appended to a buffer for a message. It shows what the machine's
// memory costs where neither input nor message fits into a cache.
func copying(s *wire.Stream, size int) measure.Contestant {
	in, message := make([]byte, wire.Chunk), make([]byte, 0, max(size, wire.Chunk))
	move := func(n int, each func([]byte)) (time.Duration, error) {
		c := s.Conn(wire.Server, n)
		if _, err := c.Read(in); err != nil { // the opening
			return 0, err
		}
		for start := time.Now(); ; {
			k, err := c.Read(in)
			if err != nil {
				return time.Since(start), nil
			}
			if len(message)+k > cap(message) {
				message = message[:0]
			}
			message = append(message, in[:k]...)
			each(message[len(message)-k:])
		}
	}
	return measure.Contestant{
		Name: "copy alone", Beside: true,
		Check: func() error {
			var all []byte
			if _, err := move(len(s.Payloads), func(p []byte) { all = append(all, p...) }); err != nil {
				return err
			}
			if !bytes.Equal(all, s.Octets) {
				return errOctets
			}
			return nil
		},
		Sample: measure.Timed(func(n int) (int, time.Duration, error) {
			took, err := move(n, func([]byte) {})
			return n, took, err
		}),
	}
}

// growing is a load of which there are n of something.
func growing(what string, n int, l wire.Load) measure.Work {
	return measure.Work{
		Group: "linear", Name: fmt.Sprintf("%s %d", what, n), Unit: "ns", Octets: l.Size, X: float64(n), Rounds: 5,
		Contestants: func() ([]measure.Contestant, error) {
			options := wsfsm.Options{AutoStart: true, MaxMessage: wsfsm.NoLimit}
			whole := peers.DriverWith(options)
			options.Deliver = wsfsm.DeliverPieces
			pieces := peers.DriverWith(options)
			pieces.Name = peers.Pieces().Name
			s := wire.NewStream(l, wire.Server)
			return append(Receivers(s, wire.Server, []peers.Peer{whole, pieces}, nil), copying(s, l.Size)), nil
		},
	}
}

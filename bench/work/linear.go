package work

import (
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
		if n > 1000 {
			rounds = 1
		}
		list = append(list, measure.Work{
			Group: "linear", Name: fmt.Sprintf("connections %d", n), Unit: "ns", Octets: echoed, X: float64(n), Rounds: rounds,
			Contestants: func() (list []measure.Contestant, err error) {
				for _, p := range []peers.Peer{peers.Wsnet(), peers.RawTCP()} {
					list = append(list, perMessage(echoing(p, n, 1)))
				}
				return list, nil
			},
		})
	}
	return list
}

// perMessage turns messages of a second into nanoseconds for each. The
// connections are opened for each sample, so that descriptors suffice for them.
func perMessage(c measure.Contestant) measure.Contestant {
	open, rate, end := c.Check, c.Sample, c.Close
	c.Check, c.Close = func() error { return nil }, nil
	c.Sample = func(d time.Duration) (measure.Sample, error) {
		defer end()
		if err := open(); err != nil {
			return measure.Sample{}, err
		}
		s, err := rate(d)
		return measure.Sample{Value: 1e9 / s.Value, Allocs: -1}, err
	}
	return c
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
			return Receivers(wire.NewStream(l, wire.Server), wire.Server, []peers.Peer{whole, pieces}, nil), nil
		},
	}
}

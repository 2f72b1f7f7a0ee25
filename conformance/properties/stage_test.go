package properties

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/trace"
)

// stage makes the drivers of one run of a property. The faults that may be planted
// are in what is put around each of them.
type stage struct {
	wrap     func(*end, calls) calls // nil: nothing
	recorded bool
	ends     []*end
}

// end is a driver and what has come of it.
type end struct {
	calls                 // with what is put around them
	driver *wsfsm.Driver  // for what is asked
	model  model.Params   // of this end, once the connection is open
	trace  *bytes.Buffer  // nil if it is not recorded
	piece  []byte         // of the message that goes on
	events []model.Event  // in the order in which they came
	sent   []byte         // since the connection was open
	counts map[string]int // events, by kind
	taken  []byte         // snapshot
}

// newEnd makes a driver.
func (s *stage) newEnd(role states.Role, o wsfsm.Options) (*end, error) {
	e := &end{counts: map[string]int{}}
	const url = "ws://a/"
	var err error
	if s.recorded {
		e.trace = new(bytes.Buffer)
		var r *trace.Recorder
		if role == states.Client {
			r, err = trace.NewClient(e.trace, url, o, trace.Settings{})
		} else {
			r, err = trace.NewServer(e.trace, o, trace.Settings{})
		}
		if err == nil {
			e.calls, e.driver = r, r.Driver()
		}
	} else {
		e.driver, err = newDriver(role, url, o)
		e.calls = e.driver
	}
	if err != nil {
		return nil, err
	}
	if s.wrap != nil {
		e.calls = s.wrap(e, e.calls)
	}
	s.ends = append(s.ends, e)
	return e, nil
}

func newDriver(role states.Role, url string, o wsfsm.Options) (*wsfsm.Driver, error) {
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		return nil, err
	}
	if role == states.Client {
		return ep.Client(url)
	}
	return ep.Server(), nil
}

// options are those of the drivers of an input.
func (in *input) options() wsfsm.Options {
	p := &in.program.Options
	o := wsfsm.Options{Versions: []string{in.version}, AutoStart: true, KeepReading: p.KeepReading, MaxMessage: int64(p.MaxMessage), Rand: in.random()}
	if p.Pieces {
		o.Deliver = wsfsm.DeliverPieces
	}
	return o
}

// random is a source of random octets that is the same for each driver of an input.
func (in *input) random() io.Reader {
	return rand.NewChaCha8([32]byte{byte(in.seed), byte(in.seed >> 8), byte(in.seed >> 16), byte(in.seed >> 24)})
}

// opened makes a pair of drivers and opens their connection; own is that of the
// input's role.
func (s *stage) opened(in *input, o wsfsm.Options) (own, peer *end, err error) {
	client, err := s.newEnd(states.Client, o)
	if err != nil {
		return nil, nil, err
	}
	o.Rand = in.random()
	server, err := s.newEnd(states.Server, o)
	if err != nil {
		return nil, nil, err
	}
	if err := open(client, server); err != nil {
		return nil, nil, err
	}
	take(server)
	client.model = modelOf(in.version, states.Client, client.driver, server.driver)
	server.model = modelOf(in.version, states.Server, client.driver, server.driver)
	if in.role == states.Client {
		return client, server, nil
	}
	return server, client, nil
}

// settle takes all events and all output.
func (e *end) settle() error {
	for {
		for ev, ok := e.Next(); ok; ev, ok = e.Next() {
			if err := e.note(ev); err != nil {
				return err
			}
		}
		octets := take(e)
		e.sent = append(e.sent, octets...)
		if len(octets) == 0 {
			return nil
		}
	}
}

// note notes an event; pieces of a message are put together.
func (e *end) note(ev wsfsm.Event) error {
	if ev.Kind == wsfsm.EventOpen {
		return nil
	}
	told, err := eventOf(ev, e.driver.Err())
	if err != nil {
		return err
	}
	if ev.Kind == wsfsm.EventMessage {
		if ev.First() {
			e.piece = nil
		}
		if e.piece = append(e.piece, ev.Data...); !ev.Last() {
			return nil
		}
		told.Data = string(e.piece)
	}
	e.counts[string(told.Kind)]++
	if len(e.events) > 0 && e.events[len(e.events)-1].Kind == model.KindClosed {
		return fmt.Errorf("%s comes behind closed", told.Kind)
	}
	e.events = append(e.events, told)
	return nil
}

// receive hands over octets in chunks of the sizes given, one after the other and
// again from the first.
func (e *end) receive(p []byte, chunks []int) error {
	for i := 0; len(p) > 0; i++ {
		n := len(p)
		if len(chunks) > 0 {
			n = min(n, chunks[i%len(chunks)])
		}
		if err := e.Receive(bytes.Clone(p[:n])); err != nil {
			return err
		}
		p = p[n:]
		if err := e.settle(); err != nil {
			return err
		}
	}
	return nil
}

// snapshot takes the driver's snapshot, behind which it is dead; and then returns
// the same again.
func (e *end) snapshot() (p []byte, err error) {
	if e.taken == nil {
		e.taken, err = e.driver.Snapshot()
	}
	return e.taken, err
}

// looksAs compares the snapshots of two drivers, behind which both are dead.
func looksAs(a, b *end) error {
	p, err := a.snapshot()
	if err != nil {
		return err
	}
	q, err := b.snapshot()
	if err == nil && !bytes.Equal(p, q) {
		err = fmt.Errorf("two drivers look different: %x and %x", p, q)
	}
	return err
}

// messages are the events that are messages.
func (e *end) messages() (all []model.Event) {
	for _, ev := range e.events {
		if ev.Kind == model.KindText || ev.Kind == model.KindBinary {
			all = append(all, ev)
		}
	}
	return all
}

// frames are the frames sent, without their keys.
func (e *end) frames() ([]model.Frame, error) {
	frames, rest := e.model.SplitFrames(e.sent)
	if len(rest) > 0 {
		return nil, fmt.Errorf("%d octets sent are no frame", len(rest))
	}
	for i := range frames {
		frames[i] = frames[i].Unmasked()
	}
	return frames, nil
}

// errDiffers: two things that must be the same are not.
var errDiffers = errors.New("differs")

// same compares two lists.
func same[T comparable](what string, got, want []T) error {
	for i := range max(len(got), len(want)) {
		g, w := got[min(i, len(got)):], want[min(i, len(want)):]
		if len(g) == 0 || len(w) == 0 || g[0] != w[0] {
			return fmt.Errorf("%s %d %w: %.300s in place of %.300s", what, i, errDiffers, fmt.Sprintf("%+v", g[:min(len(g), 1)]), fmt.Sprintf("%+v", w[:min(len(w), 1)]))
		}
	}
	return nil
}

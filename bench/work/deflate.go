package work

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"
	"github.com/lxzan/gws"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// compression is one way to compress.
type compression struct {
	size     int // octets of a message
	takeover bool
}

func (c compression) String() string {
	if c.takeover {
		return SizeName(c.size) + " JSON, takeover"
	}
	return SizeName(c.size) + " JSON"
}

// messages are several times the largest window.
func (c compression) messages() (list [][]byte) {
	r := rand.New(rand.NewPCG(uint64(c.size), 2))
	for range 64 + (1<<20)/c.size {
		list = append(list, wire.JSON.Payload(r, c.size))
	}
	return list
}

// offer asks for that way.
func (c compression) offer() []byte {
	if c.takeover {
		return wire.Offering("permessage-deflate")
	}
	return wire.Offering("permessage-deflate; server_no_context_takeover; client_no_context_takeover")
}

func (c compression) extension() extension.Extension {
	x, err := deflate.New(deflate.Options{NoContextTakeover: !c.takeover, PeerNoContextTakeover: !c.takeover})
	if err != nil {
		panic(err)
	}
	return x
}

// Deflate is permessage-deflate: what a server receives and sends, and how many
// octets it sends.
func Deflate() (list []measure.Work) {
	for _, size := range []int{1 << 10, 64 << 10} {
		for _, takeover := range []bool{false, true} {
			c := compression{size, takeover}
			work := measure.Work{Group: "deflate", Unit: "ns", Octets: size, X: float64(size)}
			work.Name, work.Contestants = "receive "+c.String(), c.receivers
			list = append(list, work)
			work.Name, work.Contestants = "send "+c.String(), c.senders
			list = append(list, work)
			work.Name, work.Contestants, work.Unit, work.Rounds = "size of "+c.String(), c.sizes, "octets", 1
			list = append(list, work)
		}
	}
	return list
}

// peers that compress, the driver first.
func (c compression) peers() []peers.Peer {
	own := peers.DriverWith(wsfsm.Options{AutoStart: true, Extensions: []extension.Extension{c.extension()}})
	return append([]peers.Peer{own}, c.others()...)
}

// others compress, as servers; gorilla has no context takeover.
func (c compression) others() []peers.Peer {
	mode := websocket.CompressionNoContextTakeover
	if c.takeover {
		mode = websocket.CompressionContextTakeover
	}
	g := &peers.GWSOptions{Deflate: gws.PermessageDeflate{
		Enabled: true, PoolSize: 1, ServerContextTakeover: c.takeover, ClientContextTakeover: c.takeover,
		ServerMaxWindowBits: 15, ClientMaxWindowBits: 15,
	}}
	list := []peers.Peer{
		{Name: "coder", Receive: peers.CoderReceive(mode), Open: peers.CoderOpen(mode), Serve: peers.CoderServe(mode)},
		{Name: "gws", Receive: g.Receive, Open: g.Open, Serve: g.Serve},
	}
	if !c.takeover {
		list = append(list, peers.GorillaWith(&gorilla.Upgrader{EnableCompression: true, ReadBufferSize: wire.Chunk}))
	}
	return list
}

// stream is what a client of this library sends.
func (c compression) stream() (*wire.Stream, error) {
	s := &wire.Stream{Text: true, Request: c.offer()}
	coder := newCoder(c)
	var payload []byte
	for _, m := range c.messages() {
		var coded bool
		payload, _, coded = coder.Encoder.Encode(payload[:0], m, extension.Whole)
		if !coded {
			return nil, fmt.Errorf("%d octets are not compressed", len(m))
		}
		f := wire.Frame{Final: true, Coded: true, Opcode: wire.TextOpcode, Payload: payload}
		s.Add(m, f.Append(nil, &[4]byte{0x37, 0xfa, 0x21, 0x3d}))
	}
	return s, nil
}

func (c compression) receivers() ([]measure.Contestant, error) {
	s, err := c.stream()
	if err != nil {
		return nil, err
	}
	var list []measure.Contestant
	for _, p := range c.peers() {
		one := receiver(s, wire.Server, p)
		pass := func(n int, check bool) (took time.Duration, err error) { // a context lasts for one pass of the stream
			for left := n; left > 0; {
				k := min(left, len(s.Payloads))
				t := s.Tally(k, check)
				if err := p.Receive(wire.Server, s.Conn(wire.Server, k), t); err != nil {
					return 0, err
				}
				d, err := t.Done()
				if err != nil {
					return 0, err
				}
				took, left = took+d, left-k
			}
			return took, nil
		}
		one.Check = func() error {
			_, err := pass(len(s.Payloads)+1, true)
			return err
		}
		one.Sample = measure.Timed(func(n int) (int, time.Duration, error) {
			took, err := pass(n, false)
			return n, took, err
		})
		list = append(list, one)
	}
	return append(list, c.inflaters(s)...), nil
}

func (c compression) senders() ([]measure.Contestant, error) {
	messages := c.messages()
	var list []measure.Contestant
	for _, p := range c.peers() {
		one := sender(wire.Server, true, messages, offering(p, c.offer()))
		one.Check = func() error {
			octets, err := c.sent(p, messages)
			if err != nil {
				return err
			}
			return inflated(octets, messages, c.takeover)
		}
		list = append(list, one)
	}
	return append(list, c.deflaters(messages)...), nil
}

// sizes are the octets of a message on the wire, on average.
func (c compression) sizes() ([]measure.Contestant, error) {
	messages := c.messages()
	var list []measure.Contestant
	for _, p := range c.peers() {
		list = append(list, measure.Contestant{Name: p.Name, Own: p.Own, Check: func() error { return nil },
			Sample: func(time.Duration) (measure.Sample, error) {
				octets, err := c.sent(p, messages)
				return measure.Sample{Value: float64(len(octets)) / float64(len(messages)), Allocs: -1}, err
			}})
	}
	return list, nil
}

// sent is what a peer writes for the messages.
func (c compression) sent(p peers.Peer, messages [][]byte) ([]byte, error) {
	conn := wire.Empty(wire.Server)
	defer conn.Close()
	send, err := offering(p, c.offer()).Open(wire.Server, conn)
	if err != nil {
		return nil, err
	}
	conn.Keep, conn.Out = true, nil
	if err := send(true, messages...); err != nil {
		return nil, err
	}
	return conn.Out, nil
}

// inflated wants the messages in compressed frames.
func inflated(octets []byte, messages [][]byte, takeover bool) error {
	var payload []byte
	var source bytes.Buffer
	r := flate.NewReader(&source)
	for i, m := range messages {
		payload = payload[:0]
		for final, first := false, true; !final; first = false {
			f, _, rest, err := wire.Cut(octets)
			if err != nil {
				return err
			}
			if f.Coded != first {
				return fmt.Errorf("message %d: RSV1 %v", i, f.Coded)
			}
			payload, octets, final = append(payload, f.Payload...), rest, f.Final
		}
		if !takeover { // otherwise the end of the last message may be there
			source.Reset()
		}
		source.Write(payload)
		source.WriteString("\x00\x00\xff\xff")
		if !takeover {
			r.(flate.Resetter).Reset(&source, nil)
		}
		got := make([]byte, len(m))
		if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, m) {
			return fmt.Errorf("message %d is another, or %v", i, err)
		}
	}
	return nil
}

package work

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
	"github.com/wsfsm/wsfsm/extension"
)

// Memory is octets of heap and stacks of an idle server connection, over loopback,
// each server in a process of its own; and of an idle driver without a socket.
func Memory() (list []measure.Work) {
	for _, n := range []int{1_000, 10_000, 18_000} {
		list = append(list, measure.Work{Group: "memory", Name: fmt.Sprintf("%d connections", n), Unit: "octets", Rounds: 1, X: float64(n),
			Contestants: func() ([]measure.Contestant, error) { return idle(n), nil }})
	}
	for _, takeover := range []bool{false, true} {
		c := compression{4 << 10, takeover}
		name := "500 connections, deflate"
		if takeover {
			name += ", takeover"
		}
		list = append(list, measure.Work{Group: "memory", Name: name, Unit: "octets", Rounds: 1,
			Contestants: func() ([]measure.Contestant, error) { return c.idle(500) }})
	}
	for _, n := range []int{50_000, 1_000_000} {
		list = append(list, measure.Work{Group: "memory", Name: fmt.Sprintf("%d drivers", n), Unit: "octets", Rounds: 1, X: float64(n),
			Contestants: func() ([]measure.Contestant, error) { return idleDrivers(n), nil }})
	}
	return list
}

// idle are connections over which one message has gone both ways. The loop around
// the driver alone is left out: what it reads into is its own.
func idle(n int) (list []measure.Contestant) {
	message := make([]byte, 100)
	frame := wire.Frame{Final: true, Opcode: wire.BinaryOpcode, Payload: message}
	for _, p := range append(slices.Concat(peers.Idle(), peers.All()), peers.Bare()) {
		switch {
		case p.Serve == nil || p.Name == "wsfsm" || p.Name == "wsnet": // Idle has it as it is meant to be used where memory counts
			continue
		case n > 10_000 && !p.Own && !slices.Contains([]string{"gws", "nbio", peers.Bare().Name}, p.Name):
			continue // with so many only some, for the time that it takes
		}
		want := frameOf(message)
		if p.Name == peers.Bare().Name {
			want = octetsOf(len(frame.Append(nil, &[4]byte{})))
		}
		one := idling(p, n, []byte(wire.Request), frame.Append(nil, &[4]byte{}), want)
		one.Name = strings.Replace(one.Name, ", idle", "", 1)
		list = append(list, one)
	}
	return list
}

// idling is one server with idle connections.
func idling(p peers.Peer, n int, request, message []byte, reply func([]byte) (bool, error)) measure.Contestant {
	var server *child
	return measure.Contestant{
		Name: p.Name, Own: p.Own, Beside: p.Name == peers.Bare().Name,
		Check: func() (err error) {
			server, err = startChild(p.Name)
			if err == nil {
				err = server.open(1, request, message, reply)
			}
			return err
		},
		Sample: func(time.Duration) (measure.Sample, error) {
			before, err := server.held()
			if err != nil {
				return measure.Sample{}, err
			}
			if err := server.open(n, request, message, reply); err != nil {
				return measure.Sample{}, err
			}
			time.Sleep(idleFor)
			after, err := server.held()
			server.stop() // the next server needs the descriptors
			server = nil
			return measure.Sample{Value: float64(after-before) / float64(n), Allocs: -1}, err
		},
		Close: func() {
			if server != nil {
				server.stop()
			}
		},
	}
}

// idleFor is how long connections are left alone before they count as idle: what
// timers they had in use have run out then.
const idleFor = 1500 * time.Millisecond

var errReply = errors.New("another reply than the message")

// frameOf wants a frame that holds the message.
func frameOf(message []byte) func([]byte) (bool, error) {
	return func(octets []byte) (bool, error) {
		f, _, rest, err := wire.Cut(octets)
		if err != nil {
			return false, nil
		}
		if len(rest) > 0 || !bytes.Equal(f.Payload, message) {
			return false, errReply
		}
		return true, nil
	}
}

// octetsOf wants that many octets.
func octetsOf(n int) func([]byte) (bool, error) {
	return func(octets []byte) (bool, error) { return len(octets) == n, nil }
}

// converse opens a connection and gets one message back.
func converse(c net.Conn, request, message []byte, reply func([]byte) (bool, error)) error {
	c.SetDeadline(time.Now().Add(10 * time.Second))
	defer c.SetDeadline(time.Time{})
	if _, err := c.Write(request); err != nil {
		return err
	}
	buf, have := make([]byte, 64<<10), 0
	for !bytes.Contains(buf[:have], []byte("\r\n\r\n")) {
		n, err := c.Read(buf[have:])
		if err != nil {
			return err
		}
		have += n
	}
	if !bytes.HasPrefix(buf, []byte("HTTP/1.1 101 ")) {
		return fmt.Errorf("answer %q", buf[:have])
	}
	if _, err := c.Write(message); err != nil {
		return err
	}
	for have = 0; ; {
		n, err := c.Read(buf[have:])
		if err != nil {
			return err
		}
		have += n
		if done, err := reply(buf[:have]); done || err != nil {
			return err
		}
	}
}

// servers are those that compress.
func (c compression) servers() []peers.Peer {
	suffix := ", deflate"
	if c.takeover {
		suffix += ", takeover"
	}
	list := append([]peers.Peer{peers.WsnetWith(wsfsm.Options{Extensions: []extension.Extension{c.extension()}})}, c.others()...)
	for i := range list {
		list[i].Name += suffix
	}
	return list
}

// idle are connections over which a compressed message has gone both ways.
func (c compression) idle(n int) (list []measure.Contestant, err error) {
	message := c.messages()[0]
	payload, _, coded := newCoder(c).Encoder.Encode(nil, message, extension.Whole)
	if !coded {
		return nil, errReply
	}
	frame := wire.Frame{Final: true, Coded: true, Opcode: wire.TextOpcode, Payload: payload}
	reply := func(octets []byte) (bool, error) {
		for rest := octets; ; {
			f, _, more, err := wire.Cut(rest)
			if err != nil {
				return false, nil
			}
			if rest = more; f.Final {
				break
			}
		}
		return true, inflated(octets, [][]byte{message}, c.takeover)
	}
	for _, p := range c.servers() {
		one := idling(p, n, c.offer(), frame.Append(nil, &[4]byte{}), reply)
		one.Name, _, _ = strings.Cut(one.Name, ",")
		list = append(list, one)
	}
	return list, nil
}

// idleDrivers are open connections without sockets.
func idleDrivers(n int) []measure.Contestant {
	return []measure.Contestant{
		inMemory("wsfsm", true, n, peers.IdleDriver(true)),
		inMemory("wsfsm, heads kept", true, n, peers.IdleDriver(false)),
		inMemory("nbio", false, n, peers.IdleNbio()),
	}
}

func inMemory(name string, own bool, n int, open func() (any, error)) measure.Contestant {
	return measure.Contestant{
		Name: name, Own: own,
		Check: func() error {
			_, err := open()
			return err
		},
		Sample: func(time.Duration) (measure.Sample, error) {
			list := make([]any, n)
			before := held()
			for i := range list {
				var err error
				if list[i], err = open(); err != nil {
					return measure.Sample{}, err
				}
			}
			after := held()
			clear(slices.Clip(list))
			return measure.Sample{Value: float64(after-before) / float64(n), Allocs: -1}, nil
		},
	}
}

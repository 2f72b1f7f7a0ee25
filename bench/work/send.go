package work

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// Send is messages in one frame each, in both roles.
func Send(rust Rust) (list []measure.Work) {
	eachLoad(func(name string, role wire.Role, content wire.Content, size int) {
		list = append(list, measure.Work{Group: "send", Name: name, Unit: "ns", Octets: size, X: float64(size),
			Contestants: func() ([]measure.Contestant, error) {
				list, err := rust.senders(role, content.Text(), payloads(content, size))
				return append(Senders(role, content, size, peers.All()), list...), err
			}})
	})
	return list
}

// Senders are those peers that can send in that role.
func Senders(role wire.Role, content wire.Content, size int, list []peers.Peer) (contestants []measure.Contestant) {
	messages := payloads(content, size)
	for _, p := range list {
		c := sender(role, content.Text(), messages, p)
		writes, err := writes(role, content.Text(), messages[0], p)
		if errors.Is(err, peers.ErrNot) {
			continue
		}
		if writes > 1 { // each of them would be a call of the system: not to be compared
			c.Beside, c.Note = true, fmt.Sprintf("%dw", writes)
		}
		contestants = append(contestants, c)
	}
	return contestants
}

// writes is how many writes a message takes.
func writes(role wire.Role, text bool, message []byte, p peers.Peer) (int, error) {
	c := wire.Empty(role)
	defer c.Close()
	send, err := p.Open(role, c)
	if err != nil {
		return 0, err
	}
	before := c.Writes
	err = send(text, message)
	return c.Writes - before, err
}

// payloads are as many as fit into 256 KiB.
func payloads(content wire.Content, size int) (list [][]byte) {
	r := rand.New(rand.NewPCG(uint64(size), 1))
	for range 1 + min(1000, (256<<10)/(size+1)) {
		list = append(list, content.Payload(r, size))
	}
	return list
}

func sender(role wire.Role, text bool, messages [][]byte, p peers.Peer) measure.Contestant {
	return measure.Contestant{
		Name: p.Name, Own: p.Own,
		Check: func() error {
			c := wire.Empty(role)
			defer c.Close()
			send, err := p.Open(role, c)
			if err != nil {
				return err
			}
			c.Keep, c.Out = true, nil
			if err := send(text, messages...); err != nil {
				return err
			}
			return sent(c.Out, role, text, messages)
		},
		Sample: measure.Timed(func(n int) (int, time.Duration, error) {
			c := wire.Empty(role)
			defer c.Close()
			send, err := p.Open(role, c)
			if err != nil {
				return 0, 0, err
			}
			start := time.Now()
			for left := n; left > 0; left -= len(messages) {
				if err := send(text, messages[:min(left, len(messages))]...); err != nil {
					return 0, 0, err
				}
			}
			return n, time.Since(start), nil
		}),
	}
}

// sent wants the messages in what was written, masked if they are a client's.
func sent(octets []byte, role wire.Role, text bool, messages [][]byte) error {
	for i, m := range messages {
		var whole []byte
		for final := false; !final; {
			f, masked, rest, err := wire.Cut(octets)
			if err != nil {
				return fmt.Errorf("message %d: %w", i, err)
			}
			if masked != (role == wire.Client) {
				return fmt.Errorf("message %d: masked %v", i, masked)
			}
			if opcode := opcodeOf(text); len(whole) == 0 && f.Opcode != opcode && f.Opcode != wire.Continuation {
				return fmt.Errorf("message %d: opcode %d", i, f.Opcode)
			}
			whole, octets, final = append(whole, f.Payload...), rest, f.Final
		}
		if !bytes.Equal(whole, m) {
			return fmt.Errorf("message %d: %d octets for %d, or others", i, len(whole), len(m))
		}
	}
	if len(octets) > 0 {
		return fmt.Errorf("%d octets behind the messages", len(octets))
	}
	return nil
}

func opcodeOf(text bool) byte {
	if text {
		return wire.TextOpcode
	}
	return wire.BinaryOpcode
}

// offering opens with another request.
func offering(p peers.Peer, request []byte) peers.Peer {
	open := p.Open
	p.Open = func(role wire.Role, c net.Conn) (peers.Sender, error) {
		c.(*wire.Conn).SetRequest(request)
		return open(role, c)
	}
	return p
}

package fuzz

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// playProxies hands the input of the program to a client that wants a tunnel, or
// two if AutoStart is set, as the answers of proxies and of the server behind them.
// Whatever the cuts, the same must come of it, and a head that is plainly right
// must have the effect of its status.
func playProxies(octets []byte) error {
	p, ok := Decode(octets)
	if !ok {
		return nil
	}
	var stream []byte
	for _, op := range p.Ops {
		stream = append(stream, op.Input(states.Client, p.Options.Version)...)
	}
	whole, err := tunnel(p, stream, way{})
	if err != nil {
		return err
	}
	if err := whole.check(p, stream); err != nil {
		return err
	}
	cut, err := tunnel(p, stream, way{observe: true, chunks: []int{1 + p.Options.Cut}})
	if err != nil {
		return err
	}
	if !slices.Equal(whole.events, cut.events) || !slices.Equal(whole.at, cut.at) {
		return fmt.Errorf("cut into pieces of %d octets: %v at %d, whole: %v at %d", 1+p.Options.Cut, cut.events, cut.at, whole.events, whole.at)
	}
	return nil
}

// tunnelled is what came of the answers of proxies.
type tunnelled struct {
	events []string
	at     []int // offsets behind the heads of the tunnels that stand
	status int   // of the proxy that refused; 0 if none did
	failed bool  // before the last tunnel stood
}

// tunnels returns how many proxies there are.
func (p Program) tunnels() int {
	if p.Options.AutoStart {
		return 2
	}
	return 1
}

// tunnel plays the stream on a client, cut as the way says.
func tunnel(p Program, stream []byte, w way) (*tunnelled, error) {
	p.Options.Handshake = true // whose limits hold
	d, err := newDriver(Config{Role: states.Client}, p, w)
	if err != nil {
		return nil, err
	}
	c, got := d.(*wsfsm.Driver), &tunnelled{}
	if err := c.Tunnel(wsfsm.Field{Name: "Proxy-Authorization", Value: "Basic eA=="}); err != nil {
		return nil, err
	}
	for _, part := range cutBy(stream, w.chunks) {
		part = slices.Clone(part)
		if err := c.Receive(part); err != nil {
			if got.failed || c.State() == states.ConnectionClosed || errors.Is(err, wsfsm.ErrInputPending) && c.Blocked() {
				break
			}
			return nil, fmt.Errorf("input is refused: %w", err)
		}
		if err := got.take(c, p.tunnels()); err != nil {
			return nil, err
		}
		fill(part)
	}
	c.ReceiveEOF(nil)
	return got, got.take(c, p.tunnels())
}

// take takes all events. Behind the last tunnel the client speaks to the server.
func (t *tunnelled) take(c *wsfsm.Driver, tunnels int) error {
	for {
		c.Sent(c.Unsent())
		e, ok := c.Next()
		if !ok {
			return nil
		}
		t.events = append(t.events, describe(e))
		switch e.Kind {
		case wsfsm.EventTunnel:
			t.at = append(t.at, int(c.Offset()))
			next := c.Tunnel
			if len(t.at) == tunnels {
				next = c.Start
			}
			if err := next(); err != nil {
				return fmt.Errorf("behind tunnel %d: %w", len(t.at), err)
			}
		case wsfsm.EventError:
			var broken *wsfsm.Error
			if !errors.As(c.Err(), &broken) {
				return fmt.Errorf("EventError without a violation: %w", c.Err())
			}
			if t.failed = len(t.at) < tunnels; t.failed && broken.Violation == states.NoTunnel {
				t.status = broken.Status
			}
		}
	}
}

// answered is the head of an answer that nobody can refuse to read.
var answered = regexp.MustCompile(`^HTTP/1\.1 ([1-9][0-9][0-9]) [ -~]*\r\n(?:[A-Za-z-]+: [!-~]+\r\n)*\r\n`)

// check looks at the heads of the proxies one after the other.
func (t *tunnelled) check(p Program, stream []byte) error {
	o, from := p.Options, 0
	usual := o.MaxHead == 0 && o.MaxLine == 0 && o.MaxFields == 0
	for i := range p.tunnels() {
		m := answered.FindSubmatch(stream[from:])
		if m == nil || !usual || len(m[0]) > 4<<10 || bytes.Count(m[0], []byte("\n")) > wsfsm.DefaultMaxFields {
			break
		}
		status, _ := strconv.Atoi(string(m[1]))
		from += len(m[0])
		stands := len(t.at) > i && t.at[i] == from
		switch {
		case status/100 == 2 && !stands:
			return fmt.Errorf("proxy %d opens the tunnel with octet %d, the driver says %v at %v", i, from, t.events, t.at)
		case status/100 != 2 && (stands || t.status != status):
			return fmt.Errorf("proxy %d refuses with %d, the driver says %v (%d)", i, status, t.events, t.status)
		case status/100 != 2:
			return nil
		}
	}
	for i, at := range t.at {
		if at > len(stream) || at < len("HTTP/1.1 200\r\n\r\n") || stream[at-1] != '\n' {
			return fmt.Errorf("tunnel %d stands at octet %d of %d", i, at, len(stream))
		}
	}
	return nil
}

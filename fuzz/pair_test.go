package fuzz

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// pair is two drivers back to back.
type pair struct {
	sender, receiver Driver
	chunks           []int
	pings            wsfsm.PingID // sent so far
}

// newPair makes a pair and takes it through the opening handshake. The role of
// the sender is that of cfg.
func newPair(cfg Config, chunks []int, seed int64) (*pair, error) {
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24)})
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, Rand: random})
	if err != nil {
		return nil, err
	}
	d, err := ep.Client("ws://example.com/")
	if err != nil {
		return nil, err
	}
	client, server := Driver(d), Driver(ep.Server())
	if cfg.Wrap != nil {
		client, server = cfg.Wrap(client), cfg.Wrap(server)
	}
	p := &pair{sender: server, receiver: client, chunks: chunks}
	if cfg.Role == states.Client {
		p.sender, p.receiver = client, server
	}
	if err := client.Start(); err != nil {
		return nil, err
	}
	if err := expect(transfer(client, server, chunks), "open 0 \"\""); err != nil {
		return nil, err
	}
	return p, expect(transfer(server, client, chunks), "open 0 \"\"")
}

// transfer hands what one end has to send to the other, in chunks, and returns
// the events of that one.
func transfer(from, to Driver, chunks []int) (events []string) {
	for from.Unsent() > 0 {
		octets := bytes.Clone(from.Output())
		from.Sent(len(octets))
		for _, part := range cutBy(octets, chunks) {
			if err := to.Receive(part); err != nil {
				return append(events, err.Error())
			}
			for e, ok := to.Next(); ok; e, ok = to.Next() {
				events = append(events, describe(e))
			}
		}
	}
	return events
}

func expect(got []string, want ...string) error {
	for i := range max(len(got), len(want)) {
		if g, w := got[min(i, len(got)):], want[min(i, len(want)):]; len(g) == 0 || len(w) == 0 || g[0] != w[0] {
			return fmt.Errorf("event %d is %.300q, not %.300q", i, g[:min(len(g), 1)], w[:min(len(w), 1)])
		}
	}
	return nil
}

// exchange sends messages and pings, and compares what arrives, there and as
// pongs; then it closes the connection from both ends.
func (p *pair) exchange(messages []Message) error {
	for _, m := range messages {
		pings, err := p.send(m)
		if err != nil {
			return err
		}
		var want, pongs []string
		for _, id := range pings {
			want = append(want, fmt.Sprintf("ping 0 %q", pingPayload(id)))
			pongs = append(pongs, fmt.Sprintf("pong %d %q", id, pingPayload(id)))
		}
		want = append(want, fmt.Sprintf("%v %q", m.Kind(), m.Payload()))
		if err := expect(transfer(p.sender, p.receiver, p.chunks), want...); err != nil {
			return err
		}
		if err := expect(transfer(p.receiver, p.sender, p.chunks), pongs...); err != nil {
			return err
		}
	}
	return p.close()
}

func pingPayload(id wsfsm.PingID) string { return fmt.Sprintf("ping %d", id) }

// send sends one message and returns the pings sent with it, behind each
// fragment but the last.
func (p *pair) send(m Message) (pings []wsfsm.PingID, err error) {
	payload := m.Payload()
	if len(m.Sizes) == 0 {
		pings, err = p.ping(nil, m.Pings)
		if err != nil {
			return nil, err
		}
		if m.Binary {
			return pings, p.sender.Binary(payload)
		}
		return pings, p.sender.Text(payload)
	}
	for i, n := range m.Sizes {
		n = min(n, len(payload))
		if i == 0 {
			err = p.sender.Begin(m.Kind(), payload[:n])
		} else {
			err = p.sender.Append(payload[:n])
		}
		if err != nil {
			return nil, err
		}
		if pings, err = p.ping(pings, m.Pings); err != nil {
			return nil, err
		}
		payload = payload[n:]
	}
	return pings, p.sender.End(payload)
}

// ping sends n pings and appends them to those sent.
func (p *pair) ping(sent []wsfsm.PingID, n int) ([]wsfsm.PingID, error) {
	for range n {
		p.pings++
		id, err := p.sender.Ping([]byte(pingPayload(p.pings)))
		if err != nil {
			return nil, err
		}
		sent = append(sent, id)
	}
	return sent, nil
}

// close closes the connection from the sender's end.
func (p *pair) close() error {
	if err := p.sender.Close(wsfsm.CloseNormal, "done"); err != nil {
		return err
	}
	if err := expect(append(transfer(p.sender, p.receiver, p.chunks), transfer(p.receiver, p.sender, p.chunks)...)); err != nil {
		return err
	}
	for _, d := range []Driver{p.sender, p.receiver} {
		d.ReceiveEOF(nil)
		e, ok := d.Next()
		if !ok || e.Kind != wsfsm.EventClosed || !e.Clean() || e.Code() != wsfsm.CloseNormal || string(e.Data) != "done" {
			return fmt.Errorf("the connection ends with %+v", e)
		}
	}
	return nil
}

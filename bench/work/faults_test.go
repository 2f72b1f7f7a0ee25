package work

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
)

func TestMain(m *testing.M) {
	Child()
	if fault := os.Getenv(fakeVariable); fault != "" {
		fake(fault, os.Args[1:])
		return
	}
	os.Exit(m.Run())
}

// tampering changes the last octet that a peer writes, or that it reads.
type tampering struct {
	net.Conn
	reads int // -1: what is written
}

func (c *tampering) Write(p []byte) (int, error) {
	if c.reads >= 0 || len(p) == 0 {
		return c.Conn.Write(p)
	}
	q := bytes.Clone(p)
	q[len(q)-1] ^= 1
	return c.Conn.Write(q)
}

func (c *tampering) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.reads >= 0 && n > 0 {
		if c.reads++; c.reads > 1 { // not the opening
			p[n-1] ^= 1
		}
	}
	return n, err
}

// faulty is the driver with a fault in what it reads or writes.
func faulty(reads bool) peers.Peer {
	p, at := peers.Driver(), -1
	if reads {
		at = 0
	}
	receive, open, upgrade := p.Receive, p.Open, p.Upgrade
	p.Receive = func(role wire.Role, c net.Conn, t *wire.Tally) error {
		return receive(role, &tampering{Conn: c, reads: at}, t)
	}
	p.Open = func(role wire.Role, c net.Conn) (peers.Sender, error) {
		send, err := open(role, c)
		if err != nil || reads {
			return send, err
		}
		return func(text bool, messages ...[]byte) error {
			broken := make([][]byte, len(messages))
			for i, m := range messages {
				broken[i] = append([]byte(nil), m...)
				broken[i][len(m)-1] ^= 1
			}
			return send(text, broken...)
		}, nil
	}
	p.Upgrade = func(c net.Conn) error { return upgrade(&tampering{Conn: c, reads: at}) }
	return p
}

// Octets that differ in what is received fail the check, whatever the load.
func TestReceivedFaultsAreFound(t *testing.T) {
	for name, l := range map[string]wire.Load{
		"receive":   {Content: wire.Binary, Size: 125},
		"fragments": {Content: wire.Binary, Size: 16 << 10, Fragments: 16},
		"chunks":    {Content: wire.Binary, Size: 125, Chunk: 7},
	} {
		for _, role := range []wire.Role{wire.Server, wire.Client} {
			s := wire.NewStream(l, role)
			if err := receiver(s, role, peers.Driver()).Check(); err != nil {
				t.Errorf("%s, %v: %v", name, role, err)
			}
			if err := receiver(s, role, faulty(true)).Check(); err == nil {
				t.Errorf("%s, %v: changed octets pass", name, role)
			}
		}
	}
}

// A peer that takes too few messages fails the check, and a timed run as well.
func TestMissingMessagesAreFound(t *testing.T) {
	s := wire.NewStream(wire.Load{Content: wire.Mixed, Size: 125}, wire.Server)
	lazy := peers.Peer{Name: "lazy", Receive: func(_ wire.Role, _ net.Conn, t *wire.Tally) error {
		t.Start()
		t.Got(true, s.Payloads[0])
		return nil
	}}
	c := receiver(s, wire.Server, lazy)
	if c.Check() == nil {
		t.Error("one message passes for all")
	}
	if _, err := c.Sample(time.Hour); err == nil {
		t.Error("one message passes for all in a timed run")
	}
	pretending := lazy
	pretending.Receive = func(_ wire.Role, _ net.Conn, tally *wire.Tally) error {
		tally.Start()
		for range 1 << 20 {
			tally.Got(true, nil)
		}
		return nil
	}
	if _, err := receiver(s, wire.Server, pretending).Sample(time.Millisecond); err == nil {
		t.Error("empty messages pass in a timed run")
	}
}

func TestSentFaultsAreFound(t *testing.T) {
	for _, role := range []wire.Role{wire.Server, wire.Client} {
		messages := payloads(wire.Binary, 125)
		if err := sender(role, false, messages, peers.Driver()).Check(); err != nil {
			t.Errorf("%v: %v", role, err)
		}
		if err := sender(role, false, messages, faulty(false)).Check(); err == nil {
			t.Errorf("%v: changed octets pass", role)
		}
		other := wire.Server + wire.Client - role
		if err := sent(wire.Frame{Final: true, Opcode: 2, Payload: messages[0]}.Append(nil, maskOf(other)), role, false, messages[:1]); err == nil {
			t.Errorf("%v: a frame of the other role passes", role)
		}
	}
}

func maskOf(role wire.Role) *[4]byte {
	if role == wire.Client {
		return &[4]byte{1, 2, 3, 4}
	}
	return nil
}

func TestHandshakeFaultsAreFound(t *testing.T) {
	if err := upgrading(peers.Driver()).Check(); err != nil {
		t.Error(err)
	}
	wrongKey := peers.Peer{Upgrade: func(c net.Conn) error {
		_, err := c.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: AAAA\r\n\r\n"))
		return err
	}, Handle: func(w http.ResponseWriter, _ *http.Request) error {
		w.WriteHeader(http.StatusOK)
		return nil
	}}
	if err := upgrading(wrongKey).Check(); err == nil {
		t.Error("a wrong key passes")
	}
	if _, octets, err := serveHTTP(wrongKey, 1); err != nil || answered(octets) == nil {
		t.Errorf("a 200 passes: %v", err)
	}
}

func TestDeflateFaultsAreFound(t *testing.T) {
	for _, takeover := range []bool{false, true} {
		c := compression{1 << 10, takeover}
		messages := c.messages()[:20]
		octets, err := c.sent(c.peers()[0], messages)
		if err != nil {
			t.Fatal(err)
		}
		if err := inflated(octets, messages, takeover); err != nil {
			t.Error(err)
		}
		messages[7] = append([]byte("x"), messages[7][1:]...)
		if inflated(octets, messages, takeover) == nil {
			t.Error("another message passes")
		}
		plain := wire.Frame{Final: true, Opcode: 1, Payload: messages[0]}.Append(nil, nil)
		if inflated(plain, messages[:1], takeover) == nil {
			t.Error("a message that is not compressed passes")
		}
	}
}

func TestEchoFaultsAreFound(t *testing.T) {
	want := frameOf([]byte("abc"))
	if ok, err := want([]byte("\x82\x03abc")); !ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := want([]byte("\x82\x03abx")); ok || !errors.Is(err, errReply) {
		t.Errorf("another reply passes: %v", err)
	}
	e := &echo{flight: 2}
	e.out, e.want = e.octets(false)
	one, first := e.first()
	if len(one)*2 != len(e.out) {
		t.Error(len(one), len(e.out))
	}
	reply := bytes.Clone(e.want[:len(e.want)/2])
	if ok, err := first(reply); !ok || err != nil {
		t.Error(ok, err)
	}
	reply[len(reply)-1] ^= 1
	if _, err := first(reply); !errors.Is(err, errReply) {
		t.Errorf("another echo passes: %v", err)
	}
	near, far := net.Pipe()
	defer near.Close()
	go func() {
		buf := make([]byte, len(e.out))
		far.Read(buf)
		far.Write(append(reply, reply...))
	}()
	if _, err := e.loop(near, time.Now().Add(time.Second)); !errors.Is(err, errOctets) {
		t.Errorf("other octets pass in a timed run: %v", err)
	}
}

package work

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// Every version's stream is received as it was sent, and a change is found.
func TestVersions(t *testing.T) {
	list, err := versions(wire.Load{Content: wire.Mixed, Size: 125})
	if err != nil || len(list) < 22 {
		t.Fatal(len(list), err)
	}
	for _, c := range list {
		if err := c.Check(); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
	s, err := versionStream("hybi-04", wire.Load{Content: wire.Mixed, Size: 125})
	if err != nil {
		t.Fatal(err)
	}
	s.Payloads[3] = append([]byte("x"), s.Payloads[3][1:]...)
	peer := peers.DriverWith(serverOptions("hybi-04"))
	if receiver(s, wire.Server, peer).Check() == nil {
		t.Error("another message passes")
	}
}

// All peers pass the checks of small loads of each kind, in a process of their own
// where they serve.
func TestPeersPass(t *testing.T) {
	var small []measure.Work
	for _, w := range All("") {
		for _, name := range []string{"receive server 125 B", "receive client 126 B", "fragments", "chunks 125 B", "send server 16 B binary", "send client 1 KiB mixed",
			"linear fragments mixed 3", "handshake", "deflate receive 1 KiB", "deflate send 1 KiB"} {
			if strings.HasPrefix(w.Group+" "+w.Name, name) {
				small = append(small, w)
				break
			}
		}
	}
	if len(small) < 15 {
		t.Fatalf("%d works", len(small))
	}
	for _, w := range small {
		list, err := w.Contestants()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if err := c.Check(); err != nil {
				t.Errorf("%s %s: %s: %v", w.Group, w.Name, c.Name, err)
			}
		}
	}
}

func TestServers(t *testing.T) {
	frame := wire.Frame{Final: true, Opcode: wire.BinaryOpcode, Payload: []byte("abc")}.Append(nil, &[4]byte{1, 2, 3, 4})
	for _, p := range peers.All() {
		if p.Serve == nil {
			continue
		}
		server, err := startChild(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		if err := server.open(3, []byte(wire.Request), frame, frameOf([]byte("abc"))); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if _, err := server.held(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if err := server.open(1, []byte(wire.Request), frame, frameOf([]byte("abx"))); !errors.Is(err, errReply) {
			t.Errorf("%s: another reply passes: %v", p.Name, err)
		}
		server.stop()
	}
}

func TestMemoryIsCounted(t *testing.T) {
	const octets = 4096
	c := inMemory("holding", true, 1000, func() (any, error) { return make([]byte, octets), nil })
	s, err := c.Sample(0)
	if err != nil || s.Value < 0.9*octets || s.Value > 1.2*octets { // stacks may shrink meanwhile
		t.Errorf("%v octets for %d, %v", s.Value, octets, err)
	}
	failing := inMemory("failing", true, 1, func() (any, error) { return nil, fmt.Errorf("no") })
	if failing.Check() == nil {
		t.Error("a connection that does not open passes")
	}
}

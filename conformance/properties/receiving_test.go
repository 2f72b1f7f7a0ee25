package properties

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
)

// anySplit: any split of the same octets gives the same events and the same
// answers, with an observer, which has the machines take their single steps, or
// without one; and messages in pieces are those that come whole.
func anySplit(s *stage, in *input) error {
	whole, err := s.fed(in, in.options(), nil)
	if err != nil {
		return err
	}
	for i, chunks := range [][]int{in.chunks, {1}, in.chunks} {
		o := in.options()
		switch i {
		case 1:
			o.Deliver = wsfsm.DeliverPieces - o.Deliver
		case 2:
			o.Observer = func(wsfsm.Transition) {}
		}
		other, err := s.fed(in, o, chunks)
		if err != nil {
			return err
		}
		if err := same("event", other.events, whole.events); err != nil {
			return err
		}
		if !bytes.Equal(other.sent, whole.sent) {
			return fmt.Errorf("sent %x in place of %x", other.sent, whole.sent)
		}
	}
	return nil
}

// fed makes a driver and hands it what the operations have come.
func (s *stage) fed(in *input, o wsfsm.Options, chunks []int) (*end, error) {
	own, peer, err := s.opened(in, o)
	if err != nil {
		return nil, err
	}
	return own, own.receive(in.stream(peer.model), chunks)
}

func TestAnySplit(t *testing.T) {
	t.Parallel()
	holds(t, anySplit, 600)
}

// sameMessages: fragments of other sizes, pings between them and other masking
// keys change no message.
func sameMessages(s *stage, in *input) error {
	o := in.options()
	o.MaxMessage = 0 // what is skipped counts against it, too
	own, peer, err := s.opened(in, o)
	if err != nil {
		return err
	}
	o.Rand = in.random()
	other, _, err := s.opened(in, o)
	if err != nil {
		return err
	}
	var plain, changed []byte
	bits := in.bits()
	for _, op := range in.program.Ops {
		if !isCommand(op) {
			continue
		}
		kind, payload := model.Kind(messageOf(op).String()), string(op.Octet.Bytes())
		if isSentinel(peer.model) {
			kind = model.KindText
		}
		var sizes []int
		for range bits.Intn(4) {
			sizes = append(sizes, bits.Intn(len(payload)+1))
		}
		if isSentinel(peer.model) {
			sizes = nil // there are no fragments
		}
		for _, f := range peer.model.MessageFrames(kind, payload) {
			plain = append(plain, peer.model.Encode(masked(peer.model, f, 1))...)
		}
		for _, f := range peer.model.MessageFrames(kind, payload, sizes...) {
			changed = append(changed, peer.model.Encode(masked(peer.model, f, byte(bits.Intn(256))))...)
			changed = append(changed, peer.model.Encode(masked(peer.model, between(peer.model, bits.Intn(3)), byte(bits.Intn(256))))...)
		}
	}
	if err := own.receive(plain, nil); err != nil {
		return err
	}
	if err := other.receive(changed, in.chunks); err != nil {
		return err
	}
	got, want := other.messages(), own.messages()
	if n := own.counts["error"]; n > 0 { // text that is none breaks off earlier or later inside a message
		want = want[:min(len(want), len(got))]
	}
	if own.counts["error"] != other.counts["error"] {
		return fmt.Errorf("%d errors in place of %d", other.counts["error"], own.counts["error"])
	}
	return same("message", got, want)
}

// between is a frame that may come between others: a ping, a pong, or, in the
// versions that have none, a frame that is skipped.
func between(p model.Params, n int) model.Frame {
	if isSentinel(p) {
		return model.Frame{Opcode: []byte{0x80, 0x01, 0xFE}[n], Payload: "skipped"}
	}
	kind := model.KindPong
	if n > 0 {
		kind = model.KindPing
	}
	return model.Frame{Fin: true, Opcode: p.Opcode(kind), Payload: "between"}
}

func TestSameMessages(t *testing.T) {
	t.Parallel()
	holds(t, sameMessages, 600)
}

// alwaysDefined: any octets at all, in any chunks, before and behind the opening
// handshake, lead to a defined state: the driver ends when the transport does, with
// exactly one closed event, and has held no more than its limits, in a number of
// steps that the octets bound.
func alwaysDefined(s *stage, in *input) error {
	steps := 0
	o := in.options()
	o.MaxMessage, o.MaxHead, o.MaxLine, o.MaxFields = 1000, 1000, 500, 10
	o.Observer = func(wsfsm.Transition) { steps++ }
	opening := in.seed%4 == 0
	var own *end
	var err error
	if opening {
		own, err = s.unopened(in, o)
	} else {
		own, _, err = s.opened(in, o)
	}
	if err != nil {
		return err
	}
	own.model = model.New(in.version, modelRole(in.role))
	octets := in.garbage(own.model, opening)
	steps = 0
	for chunk := range slices.Chunk(octets, max(1, 1+int(uint64(in.seed)>>8%700))) {
		if err := own.receive(chunk, in.chunks); err != nil {
			return err
		}
		if err := own.bounded(); err != nil {
			return err
		}
	}
	// An octet is at most: an octet of a head, its limits, and an end of each stage.
	if most := 8*len(octets) + 64; steps > most {
		return fmt.Errorf("%d steps for %d octets", steps, len(octets))
	}
	if err := own.finish(); err != nil {
		return err
	}
	if n := own.counts[string(model.KindClosed)]; n != 1 || !own.isClosed() {
		return fmt.Errorf("%d closed events, the state is %v", n, own.driver.State())
	}
	return nil
}

// unopened makes a driver whose opening handshake has not begun, or whose request
// has been sent.
func (s *stage) unopened(in *input, o wsfsm.Options) (*end, error) {
	own, err := s.newEnd(in.role, o)
	if err == nil && in.role == clientRole {
		err = own.Start()
		take(own)
	}
	return own, err
}

// bounded checks what the driver holds, now that all its events and output have
// been taken.
func (e *end) bounded() error {
	if n := e.driver.Unsent() + e.driver.Pending(); n != 0 {
		return fmt.Errorf("%d octets are unsent or pending", n)
	}
	return nil
}

// garbage returns octets that are anything: frames and heads with some of their
// bits changed, some left out, and octets that were never any of these.
func (in *input) garbage(p model.Params, opening bool) (all []byte) {
	bits := in.bits()
	peer := p
	peer.Role = modelRole(3 - in.role)
	if opening {
		all = in.head(peer)
	}
	all = append(all, in.stream(peer)...)
	for range bits.Intn(8) {
		if len(all) > 0 {
			all[bits.Intn(len(all))] ^= 1 << bits.Intn(8)
		}
	}
	if bits.Intn(3) == 0 {
		noise := make([]byte, bits.Intn(300))
		bits.Read(noise)
		at := bits.Intn(len(all) + 1)
		all = slices.Concat(all[:at], noise, all[at:])
	}
	return all
}

// head is what a peer may begin with.
func (in *input) head(peer model.Params) []byte {
	if in.role == clientRole {
		return []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: a\r\n\r\n")
	}
	r := peer.OpeningRequest(model.Offer{Host: "a", Resource: "/", Key: "dGhlIHNhbXBsZSBub25jZQ==", Key1: "4 @1  46546xW%0l 1 5", Key2: "12998 5 Y3 1  .P00", Key3: "^n:ds[4U"})
	return r.Octets()
}

func TestAlwaysDefined(t *testing.T) {
	t.Parallel()
	holds(t, alwaysDefined, 1200)
}

// boundedMemory: whatever comes, a driver holds no more than its limits and a
// constant: all that it holds is in its snapshot.
func boundedMemory(s *stage, in *input) error {
	o := in.options()
	o.MaxMessage, o.MaxHead, o.MaxLine, o.MaxFields = 1000, 1000, 500, 10
	own, _, err := s.opened(in, o)
	if err != nil {
		return err
	}
	if err := own.receive(in.garbage(own.model, false), in.chunks); err != nil {
		return err
	}
	const constant = 600 // request or response, states, control frames
	p, err := own.snapshot()
	if most := int(o.MaxMessage) + constant; err == nil && len(p) > most {
		err = fmt.Errorf("%d octets are held, more than %d", len(p), most)
	}
	return err
}

func TestBoundedMemory(t *testing.T) {
	t.Parallel()
	holds(t, boundedMemory, 600)
}

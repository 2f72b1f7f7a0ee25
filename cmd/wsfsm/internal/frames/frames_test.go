package frames_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/frames"
)

// stream is an HTTP head and frames, and what is to be seen of them.
func stream(head string) (octets []byte, want []frames.Frame) {
	octets = []byte(head)
	for _, c := range []struct {
		header wsfsm.FrameHeader
		length int
	}{
		{wsfsm.FrameHeader{Final: true, Opcode: 1, Masked: true, Key: [4]byte{0x37, 0xfa, 0x21, 0x3d}}, 5},
		{wsfsm.FrameHeader{Final: true, Opcode: 9}, 0},
		{wsfsm.FrameHeader{RSV: 5, Opcode: 2}, 125},
		{wsfsm.FrameHeader{Masked: true, Key: [4]byte{1, 2, 3, 4}}, 126},
		{wsfsm.FrameHeader{Final: true, Opcode: 0}, 65536},
		{wsfsm.FrameHeader{Final: true, Opcode: 8, Masked: true}, 48},
		{wsfsm.FrameHeader{Final: true, Opcode: 10}, 49},
	} {
		payload := bytes.Repeat([]byte("abcdefgh"), c.length/8+1)[:c.length]
		f := frames.Frame{
			Offset: int64(len(octets)), Final: c.header.Final, Reserved: c.header.RSV, Opcode: c.header.Opcode, Masked: c.header.Masked,
			Length: uint64(c.length), Payload: append([]byte(nil), payload[:min(c.length, frames.Excerpt)]...),
		}
		octets = wsfsm.AppendFrame(octets, c.header, payload)
		f.Head = octets[f.Offset : len(octets)-c.length]
		want = append(want, f)
	}
	return octets, want
}

const (
	request  = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
)

// TestFrames passes streams whole, octet by octet and in random parts.
func TestFrames(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	parts := map[string]func() int{
		"whole":  func() int { return 1 << 20 },
		"octets": func() int { return 1 },
		"random": func() int { return 1 + random.IntN(40) },
	}
	for _, head := range []string{request, response} {
		octets, want := stream(head)
		for name, next := range parts {
			var got []frames.Frame
			w := frames.NewWatcher(func(f frames.Frame) { got = append(got, f) })
			for rest := bytes.Clone(octets); len(rest) > 0; {
				n := min(next(), len(rest))
				w.Pass(rest[:n])
				rest = rest[n:]
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s, %.8s: saw\n%v\nwant\n%v", name, head, got, want)
			}
		}
	}
}

func TestPassChangesNothing(t *testing.T) {
	octets, _ := stream(request)
	passed := bytes.Clone(octets)
	frames.NewWatcher(func(f frames.Frame) { clear(f.Payload) }).Pass(passed)
	if !reflect.DeepEqual(octets, passed) {
		t.Error("the octets were changed")
	}
}

func TestNoFrames(t *testing.T) {
	_, all := stream("")
	for name, head := range map[string]string{
		"refusal":  "HTTP/1.1 403 Forbidden\r\n\r\n",
		"endless":  string(bytes.Repeat([]byte("x"), 100<<10)) + "\r\n\r\n",
		"no frame": "GET / HTTP/1.1\r\n",
	} {
		octets, _ := stream(head)
		seen := 0
		frames.NewWatcher(func(frames.Frame) { seen++ }).Pass(octets)
		if seen != 0 {
			t.Errorf("%s: saw %d frames of %d", name, seen, len(all))
		}
	}
}

func TestNames(t *testing.T) {
	got := ""
	for opcode := range byte(12) {
		got += frames.Frame{Opcode: opcode}.Name() + ", "
	}
	const want = "continuation, text, binary, opcode 3, opcode 4, opcode 5, opcode 6, opcode 7, close, ping, pong, opcode 11, "
	if got != want {
		t.Errorf("names %q, want %q", got, want)
	}
}

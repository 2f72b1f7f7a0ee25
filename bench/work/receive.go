// Package work is the kinds of work that are measured, one file for each.
package work

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// Sizes are octets of payload.
func sizes() []int { return []int{0, 16, 125, 126, 1 << 10, 16 << 10, 64 << 10, 1 << 20} }

// SizeName is a size as people write it.
func SizeName(n int) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// Receive is messages in one frame each, in both roles.
func Receive(rust Rust) (list []measure.Work) {
	eachLoad(func(name string, role wire.Role, content wire.Content, size int) {
		var without []string
		if size == 0 {
			without = []string{"nbio"} // it does not deliver empty messages
		}
		list = append(list, receiving(rust, "receive", name, role, wire.Load{Content: content, Size: size}, without))
	})
	return list
}

// eachLoad goes over both roles, all contents and sizes.
func eachLoad(do func(name string, role wire.Role, content wire.Content, size int)) {
	for _, role := range []wire.Role{wire.Server, wire.Client} {
		for _, content := range []wire.Content{wire.Binary, wire.ASCII, wire.Mixed, wire.CJK} {
			for _, size := range sizes() {
				if size > 0 || content == wire.Binary {
					do(fmt.Sprintf("%s %s %s", role, SizeName(size), content), role, content, size)
				}
			}
		}
	}
}

// Fragments is messages of 16 frames of 1 KiB, in both roles.
func Fragments(rust Rust) (list []measure.Work) {
	for _, role := range []wire.Role{wire.Server, wire.Client} {
		for _, content := range []wire.Content{wire.Binary, wire.Mixed} {
			name := "16 × 1 KiB " + content.String()
			if role == wire.Client {
				name += ", client"
			}
			list = append(list, receiving(rust, "fragments", name, role, wire.Load{Content: content, Size: 16 << 10, Fragments: 16}, []string{"x/net"}))
		}
	}
	return list
}

// Chunks is reads that give one octet, or seven.
func Chunks(rust Rust) (list []measure.Work) {
	for _, chunk := range []int{1, 7} {
		for _, content := range []wire.Content{wire.Binary, wire.Mixed} {
			for _, size := range []int{125, 1 << 10} {
				name := fmt.Sprintf("%s %s, %d at a time", SizeName(size), content, chunk)
				list = append(list, receiving(rust, "chunks", name, wire.Server, wire.Load{Content: content, Size: size, Chunk: chunk}, nil))
			}
		}
	}
	return list
}

// receiving is a load that all peers receive but those left out.
func receiving(rust Rust, group, name string, role wire.Role, l wire.Load, without []string) measure.Work {
	return measure.Work{Group: group, Name: name, Unit: "ns", Octets: l.Size, X: float64(l.Size), Contestants: func() ([]measure.Contestant, error) {
		s := wire.NewStream(l, role)
		return append(Receivers(s, role, peers.All(), without), rust.receivers(s, role)...), nil
	}}
}

// Receivers are those peers that can receive in that role.
func Receivers(s *wire.Stream, role wire.Role, list []peers.Peer, without []string) (contestants []measure.Contestant) {
	for _, p := range list {
		if slices.Contains(without, p.Name) || errors.Is(p.Receive(role, s.Conn(role, 1), s.Tally(1, false)), peers.ErrNot) {
			continue
		}
		contestants = append(contestants, receiver(s, role, p))
	}
	return contestants
}

// checked is how many messages are compared octet by octet.
func checked(s *wire.Stream) int {
	return min(2*len(s.Payloads)+1, 1+(4<<20)/(1+len(s.Octets)/len(s.Payloads)))
}

func receiver(s *wire.Stream, role wire.Role, p peers.Peer) measure.Contestant {
	receive := func(n int, check bool) (time.Duration, error) {
		t := s.Tally(n, check)
		if err := p.Receive(role, s.Conn(role, n), t); err != nil {
			return 0, err
		}
		return t.Done()
	}
	return measure.Contestant{
		Name: p.Name, Own: p.Own,
		Check: func() error {
			_, err := receive(checked(s), true)
			return err
		},
		Sample: measure.Timed(func(n int) (int, time.Duration, error) {
			took, err := receive(n, false)
			return n, took, err
		}),
	}
}

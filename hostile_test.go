//go:build !race

package wsfsm_test

import (
	"bytes"
	"errors"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// objects returns the octets of the heap's objects, garbage included.
func objects() int {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}

// flood hands a server the same octets again and again, whose output nobody takes
// but for its first octets, and answers each message as far as there is room. It
// returns by how much the heap was larger than before, at most, and how often the
// octets were taken.
func flood(t *testing.T, d *wsfsm.Driver, octets []byte, times, sent int) (most, taken int) {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	in := make([]byte, len(octets))
	for range 3 { // pools keep what they hold over a collection
		runtime.GC()
	}
	before := objects()
	for taken = range times {
		copy(in, octets)
		err := d.Receive(in)
		if errors.Is(err, wsfsm.ErrInputPending) {
			return most, taken
		} else if err != nil {
			t.Fatal(err)
		}
		for e := range d.Events() {
			if e.Kind != wsfsm.EventMessage {
				continue
			}
			if err := d.Binary(e.Data); err != nil && !errors.Is(err, wsfsm.ErrOutputFull) {
				t.Fatal(err)
			}
		}
		if n := min(sent, d.Unsent()); n > 0 {
			d.Sent(n)
			sent -= n
		}
		if taken%16 == 0 {
			most = max(most, objects()-before)
		}
	}
	return max(most, objects()-before), times
}

// TestHostilePeersCostLittle: what a driver holds at most while its peer sends and
// takes nothing, or half of what is sent. Output is bounded by MaxOutput, 1 MiB,
// which grows by copying, and one message more. Garbage counts, too.
func TestHostilePeersCostLittle(t *testing.T) {
	const mib, thousand = 1 << 20, 1000
	const size = 64*mib - 1
	const times, parts = 1000, 1024
	const part = size / parts
	whole := frame(2, strings.Repeat("x", size))
	large := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: 2, Masked: true, Key: key}, bytes.Repeat([]byte("x"), part))
	more := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Masked: true, Key: key}, bytes.Repeat([]byte("x"), part))
	pings := bytes.Repeat(frame(9, strings.Repeat("p", 125)), thousand)
	messages := bytes.Repeat(frame(2, "x"), thousand)
	reading := wsfsm.Options{KeepReading: true}
	pieces := wsfsm.Options{Deliver: wsfsm.DeliverPieces}
	for name, c := range map[string]struct {
		options wsfsm.Options
		begin   []byte
		octets  []byte
		times   int
		all     bool // of the octets are taken
		sent    int  // octets of output that the transport takes
		most    int
	}{
		"pings":                  {wsfsm.Options{}, nil, pings, times, false, 0, 6 * mib},
		"pings, read on":         {reading, nil, pings, times, true, 0, 16 * mib},
		"messages":               {wsfsm.Options{}, nil, messages, times, false, 0, 6 * mib},
		"messages, read on":      {reading, nil, messages, times, true, 0, 6 * mib},
		"one message, half sent": {reading, nil, whole, 1, true, size / 2, 2 * size},
		"its pieces, half sent":  {pieces, large, more, parts - 1, false, size / 2, 6 * mib},
		"its pieces, read on":    {wsfsm.Options{Deliver: wsfsm.DeliverPieces, KeepReading: true}, large, more, parts - 1, true, 0, 6 * mib},
	} {
		d := openServer(t, c.options)
		if c.begin != nil {
			receive(t, d, bytes.Clone(c.begin))
			for range d.Events() {
			}
		}
		most, taken := flood(t, d, c.octets, c.times, c.sent)
		if c.all != (taken == c.times) {
			t.Errorf("%s: %d of %d were taken", name, taken, c.times)
		}
		t.Logf("%s: %d KiB, %d of %d taken, %d octets unsent", name, most>>10, taken, c.times, d.Unsent())
		if most > c.most {
			t.Errorf("%s: %d KiB, want at most %d", name, most>>10, c.most>>10)
		}
	}
}

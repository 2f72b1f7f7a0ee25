package deflate_test

import (
	"bytes"
	stdflate "compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/states"
)

// zeros is the coding of a MiB of zeros with a window that holds zeros: about a KiB.
func zeros(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := stdflate.NewWriter(&b, 9)
	if err == nil {
		_, err = w.Write(make([]byte, 1<<20))
	}
	if err = errors.Join(err, w.Flush()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// watched runs work and returns by how many octets the heap was larger than
// before, at most, whenever work called its probe. Garbage is included, but with
// the race detector: its sync.Pool drops items at random, and slices.Grow then
// allocates what it appends, too.
func watched(work func(probe func())) (most int64) {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	heap := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	for range 3 { // pools keep what they hold over a collection
		runtime.GC()
	}
	before := heap()
	work(func() {
		more := heap() - before
		if raceEnabled && more > most {
			runtime.GC()
			more = heap() - before
		}
		most = max(most, more)
	})
	return most
}

// bomb hands a message of many parts to a server, in frames of one part each or in
// one frame, until it fails, and returns the octets delivered.
func bomb(t *testing.T, d *wsfsm.Driver, part []byte, parts int, fragments bool, probe func()) (delivered int64, failure error) {
	t.Helper()
	buf := make([]byte, 0, 64<<10)
	next := func(p []byte) {
		buf = append(buf[:0], p...)
		if err := d.Receive(buf); err != nil {
			t.Fatal(err)
		}
		for e := range d.Events() {
			switch e.Kind {
			case wsfsm.EventMessage:
				if delivered += int64(len(e.Data)); delivered%(8*mib) < 1<<14 {
					probe()
				}
			case wsfsm.EventError:
				failure = d.Err()
			}
		}
		probe()
	}
	if !fragments { // the key changes nothing
		next(append(binary.BigEndian.AppendUint64([]byte{0xC2, 0xFF}, uint64(parts*len(part))), 0, 0, 0, 0))
	}
	opcode, rsv := byte(2), rsv1
	for i := range parts {
		p := part
		if fragments {
			p = frame(opcode, i == parts-1, rsv, part)
			opcode, rsv = 0, 0
		}
		if next(p); failure != nil {
			return delivered, failure
		}
	}
	return delivered, nil
}

const mib = 1 << 20

func TestBombs(t *testing.T) {
	part := zeros(t) // 1 KiB for a MiB
	limits := []int64{1 * mib, 64 * mib}
	for _, limit := range limits {
		for _, deliver := range []wsfsm.Deliver{wsfsm.DeliverWhole, wsfsm.DeliverPieces} {
			for _, fragments := range []bool{false, true} {
				name := fmt.Sprintf("limit %d MiB, deliver %d, fragments %v", limit/mib, deliver, fragments)
				ep := endpoint(t, wsfsm.Options{MaxMessage: limit, Deliver: deliver}, newMessage(t, deflate.Options{}))
				d, _ := server(t, ep, deflate.Name)
				parts := 1024
				if fragments {
					parts = 10_000
				}
				var failure error
				used := watched(func(probe func()) { _, failure = bomb(t, d, part, parts, fragments, probe) })
				bound := limit + mib
				if deliver == wsfsm.DeliverPieces {
					bound = mib + 32<<10
				}
				var broken *wsfsm.Error
				if !errors.As(failure, &broken) || broken.Violation != states.TooLong || broken.Code != 1009 {
					t.Errorf("%s: %v", name, failure)
				}
				if used > bound {
					t.Errorf("%s: %d octets more, at most %d are allowed", name, used, bound)
				}
				t.Logf("%s: %.2f MiB", name, float64(used)/mib)
			}
		}
	}
}

// A whole message of the size of the limit takes no more than the limit and a MiB
// beside itself, also at the moment at which it is put together.
func TestMessageOfTheLimit(t *testing.T) {
	part := zeros(t)
	for _, limit := range []int{1, 64} {
		in := bytes.Repeat(part, limit)
		in = frame(2, true, rsv1, in[:len(in)-4]) // without what a sender takes off
		ep := endpoint(t, wsfsm.Options{MaxMessage: int64(limit) * mib}, newMessage(t, deflate.Options{}))
		d, _ := server(t, ep, deflate.Name)
		delivered := 0
		used := watched(func(probe func()) {
			for len(in) > 0 {
				n := min(4096, len(in))
				if err := d.Receive(in[:n]); err != nil {
					t.Fatal(err)
				}
				for e := range d.Events() {
					if e.Kind != wsfsm.EventMessage {
						t.Fatalf("limit %d MiB: %v, %v", limit, e.Kind, d.Err())
					}
					delivered += len(e.Data)
					probe()
				}
				in = in[n:]
			}
		})
		if delivered != limit*mib || used-int64(delivered) > int64(limit+1)*mib {
			t.Errorf("limit %d MiB: %d octets, %d octets more", limit, delivered, used-int64(delivered))
		}
		t.Logf("limit %d MiB: %.2f MiB beside the message", limit, float64(used-int64(delivered))/mib)
	}
}

// A message within the limit comes through in pieces, whatever it inflates to.
func TestLargeMessageInPieces(t *testing.T) {
	parts := 1024
	if testing.Short() {
		parts = 64
	}
	ep := endpoint(t, wsfsm.Options{MaxMessage: wsfsm.NoLimit, Deliver: wsfsm.DeliverPieces}, newMessage(t, deflate.Options{}))
	d, _ := server(t, ep, deflate.Name)
	part := zeros(t)
	var delivered int64
	var failure error
	used := watched(func(probe func()) { delivered, failure = bomb(t, d, part, parts, false, probe) })
	// The last octets may still wait for the end of the message.
	if failure != nil && !errors.Is(failure, deflate.ErrTruncated) || delivered < int64(parts-1)*mib {
		t.Errorf("%d octets, %v", delivered, failure)
	}
	if used > mib+32<<10 {
		t.Errorf("%d octets more", used)
	}
	t.Logf("%d MiB in pieces: %.2f MiB", delivered/mib, float64(used)/mib)
}

func TestRatio(t *testing.T) {
	for _, c := range []struct {
		ratio int
		fails bool
	}{{500, true}, {2000, false}, {0, false}} {
		d, _ := server(t, endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{MaxRatio: c.ratio})), deflate.Name)
		_, err := bomb(t, d, zeros(t), 3, true, func() {})
		if c.fails != errors.Is(err, deflate.ErrRatio) || c.fails != errors.Is(err, states.TooLong) {
			t.Errorf("ratio %d: %v", c.ratio, err)
		}
	}
}

func TestEmptyBlocks(t *testing.T) {
	for name, block := range map[string][]byte{"stored": {0, 0, 0, 0xFF, 0xFF}, "fixed": {0x02, 0x08, 0x20, 0x80, 0}} {
		for _, fragments := range []bool{false, true} {
			d, _ := server(t, endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{})), deflate.Name)
			var err error
			part := bytes.Repeat(block, 20)
			used := watched(func(probe func()) { _, err = bomb(t, d, part, 10_000, fragments, probe) })
			var broken *wsfsm.Error
			if !errors.As(err, &broken) || !errors.Is(err, deflate.ErrEmptyBlocks) || broken.Code != 1009 || used > mib {
				t.Errorf("%s, fragments %v: %v, %d octets", name, fragments, err, used)
			}
		}
	}
}

// Messages of the one octet that means an empty message allocate nothing.
func TestEmptyMessagesAtFullSpeed(t *testing.T) {
	const each, rounds = 8000, 5
	d, _ := server(t, endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{})), deflate.Name)
	stream := bytes.Repeat(frame(1, true, rsv1, []byte{0}), each)
	messages := 0
	in := make([]byte, len(stream))
	var allocated float64
	used := watched(func(probe func()) {
		allocated = testing.AllocsPerRun(rounds, func() { // which runs it once before
			copy(in, stream)
			if err := d.Receive(in); err != nil {
				t.Fatal(err)
			}
			for e := range d.Events() {
				if e.Kind != wsfsm.EventMessage || len(e.Data) > 0 {
					t.Fatalf("%+v", e)
				}
				messages++
			}
			probe()
		})
	})
	if messages != each*(rounds+1) || used > mib || allocated > 100 && !raceEnabled {
		t.Errorf("%d messages, %d octets, %v allocations for %d of them", messages, used, allocated, each)
	}
}

//go:build !race

package wsnet_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// heap returns the octets of the heap's objects, garbage included.
func heap() int {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}

// peak returns by how much the heap was larger than before, at most, while work
// ran. The collector runs whenever there is a little garbage.
func peak(work func()) (most int) {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	for range 3 { // pools keep what they hold over a collection
		runtime.GC()
	}
	before := heap()
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	for {
		select {
		case <-done:
			return most
		case <-time.After(time.Millisecond):
			most = max(most, heap()-before)
		}
	}
}

// hurl sends octets again and again, reads nothing, and goes on until all are
// sent or the other end has taken nothing for a while. It returns how many times
// all octets of p were sent.
func hurl(t *testing.T, nc net.Conn, p []byte, times int) int {
	for i := range times {
		nc.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
		if _, err := nc.Write(p); errors.Is(err, os.ErrDeadlineExceeded) {
			return i
		} else if err != nil {
			t.Error(err)
			return i
		}
	}
	return times
}

// streamBack sends each message back as it comes, piece by piece.
func streamBack(c *wsnet.Conn) {
	for {
		kind, r, err := c.Reader(background)
		if err != nil {
			return
		}
		w, err := c.Writer(background, kind)
		if err != nil {
			return
		}
		if _, err := io.Copy(w, r); err != nil {
			return
		}
		w.Close()
	}
}

// TestHostilePeersCostLittle: what a connection costs at most while its peer
// sends, and reads nothing or stops in the middle. Output is bounded by
// MaxOutput, 1 MiB, which grows by copying; what is read of a message by
// MaxMessage, up to four times when it is read as a whole: it grows by copying,
// too, and a copy goes out. Garbage counts.
func TestHostilePeersCostLittle(t *testing.T) {
	const kib, mib = 1 << 10, 1 << 20
	const thousand, endless = 1000, 10_000 // of a thousand
	const parts, size = 63, 63 * mib       // below MaxMessage
	times := 1000
	if testing.Short() {
		times = 400
	}
	first := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: opBinary, Masked: true}, nil)
	fragment := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Masked: true}, []byte("x"))
	head := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: opBinary, Masked: true}, make([]byte, size))[:14]
	part := make([]byte, mib)
	for name, c := range map[string]struct {
		handler func(*wsnet.Conn)
		begin   []byte
		octets  []byte
		times   int
		all     bool // of the octets are taken
		read    int  // octets that the peer reads
		most    int
	}{
		"pings":                  {echo, nil, bytes.Repeat(masked(opPing, strings.Repeat("p", 125)), thousand), times, true, 0, 12 * mib},
		"messages nobody takes":  {wait, nil, bytes.Repeat(masked(opBinary, "x"), thousand), endless, false, 0, mib},
		"messages echoed":        {echo, nil, bytes.Repeat(masked(opBinary, "x"), thousand), endless, false, 0, 4 * mib},
		"fragments":              {echo, first, bytes.Repeat(fragment, thousand), times, true, 0, 8 * mib},
		"one message":            {echo, head, part, parts, true, 0, 5 * size},
		"one message, half read": {echo, head, part, parts, true, size / 2, 5 * size},
		"one message, streamed":  {streamBack, head, part, parts, false, 0, 4 * mib},
		"half of it, streamed":   {streamBack, head, part, parts, false, size / 2, 4 * mib},
	} {
		if testing.Short() && (c.most > size || !c.all && name != "messages echoed") {
			continue // those that take long
		}
		t.Run(name, func(t *testing.T) {
			nc, _ := rawOpen(t, serve(t, c.handler, &wsnet.Options{CloseTimeout: time.Second}))
			nc.SetDeadline(time.Time{})
			most := peak(func() {
				go io.CopyN(io.Discard, nc, int64(c.read))
				if _, err := nc.Write(c.begin); err != nil {
					t.Error(err)
				}
				sent := hurl(t, nc, c.octets, c.times)
				t.Logf("%d of %d sent", sent, c.times)
				if c.read == 0 && c.all != (sent == c.times) { // the system's own buffers may take what is left
					t.Errorf("%d of %d were taken", sent, c.times)
				}
				time.Sleep(100 * time.Millisecond) // for what the last of them costs
			})
			t.Logf("%d KiB", most/kib)
			if most > c.most {
				t.Errorf("%d KiB, want at most %d", most/kib, c.most/kib)
			}
			nc.Close()
		})
	}
}

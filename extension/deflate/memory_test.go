package deflate_test

import (
	"runtime"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// idle is the heap that each of n servers takes once it has received and sent a
// compressed message of 4 KiB.
func idle(t testing.TB, n int, o deflate.Options) int64 {
	t.Helper()
	ep := endpoint(t, wsfsm.Options{}, newMessage(t, o))
	heap := func() int64 {
		for range 3 { // pools keep what they hold over a collection
			runtime.GC()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	text := make([]byte, 4096)
	for i := range text {
		text[i] = "compressible text "[i%18] + byte(i/1024)
	}
	_, sender := pair(t, ep, ep)
	if err := sender.Text(text); err != nil {
		t.Fatal(err)
	}
	payload, coded := unframed(take(sender))
	if !coded {
		t.Fatal("not compressed")
	}
	in := frame(1, true, rsv1, payload)
	buf := make([]byte, len(in))
	before := heap()
	drivers := make([]*wsfsm.Driver, n)
	for i := range drivers {
		drivers[i], _ = server(t, ep, deflate.Name+"; client_max_window_bits")
		copy(buf, in)
		if got := receive(t, drivers[i], buf); len(got.messages) != 1 || got.messages[0] != string(text) {
			t.Fatalf("%d messages, %v", len(got.messages), got.failure)
		}
		if err := drivers[i].Text(text); err != nil {
			t.Fatal(err)
		}
		drivers[i].Sent(drivers[i].Unsent())
	}
	each := (heap() - before) / int64(n)
	runtime.KeepAlive(drivers)
	return each
}

// Connections that keep no context hold no window and no compressor while idle.
func TestIdleWithoutTakeover(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 1000
	}
	plain := deflate.Options{NoContextTakeover: true, PeerNoContextTakeover: true}
	each := idle(t, n, plain)
	if each > 3<<10 {
		t.Errorf("%d octets for each of %d connections", each, n)
	}
	t.Logf("%d octets for each of %d connections without context takeover", each, n)
}

// What takeover costs is what docs/extensions.md says: window and table of the
// compressor, window of the decompressor.
func TestIdleWithTakeover(t *testing.T) {
	base := idle(t, 200, deflate.Options{NoContextTakeover: true, PeerNoContextTakeover: true})
	for bits := deflate.MinWindow; bits <= deflate.MaxWindow; bits++ {
		for _, level := range []deflate.Level{deflate.Fast, deflate.Small} {
			want := int64(1<<bits + 1<<(bits-1) + 1<<bits)
			if level == deflate.Small {
				want += 2 << bits
			}
			each := idle(t, 200, deflate.Options{Window: bits, PeerWindow: bits, Level: level}) - base
			if each < want*9/10-200 || each > want*11/10+1500 {
				t.Errorf("%d bits, level %d: %d octets, want about %d", bits, level, each, want)
			}
			t.Logf("%d bits, level %d: %d octets beyond a connection without takeover", bits, level, each)
		}
	}
}

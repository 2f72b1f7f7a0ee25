package deflate_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/states"
)

// A message below the threshold goes out as it is, one of its length compressed;
// fragments always are compressed, since the length is not known.
func TestThreshold(t *testing.T) {
	for _, c := range []struct{ threshold, first int }{{0, deflate.DefaultThreshold}, {300, 300}, {deflate.NoThreshold, 12}} {
		ep := endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{Threshold: c.threshold}))
		for n := c.first - 1; n <= c.first+1; n++ {
			d, _ := server(t, ep, deflate.Name)
			if err := d.Text(bytes.Repeat([]byte("a"), n)); err != nil {
				t.Fatal(err)
			}
			if _, coded := unframed(take(d)); coded != (n >= c.first || c.threshold == deflate.NoThreshold) {
				t.Errorf("threshold %d, %d octets: compressed: %v", c.threshold, n, coded)
			}
			if err := d.Begin(wsfsm.Text, []byte("a")); err != nil {
				t.Fatal(err)
			}
			if _, coded := unframed(take(d)); !coded {
				t.Errorf("threshold %d: a fragment is not compressed", c.threshold)
			}
		}
	}
}

// A message that would grow is no part of the context: what comes behind it is
// read by a peer that has not decompressed it.
func TestWhatWouldGrowLeavesNoTrace(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{Threshold: deflate.NoThreshold}))
	client, server := pair(t, ep, ep)
	noise := []byte("q8Zt0vXw3LpRb7Ns")
	for i, p := range [][]byte{bytes.Repeat([]byte("text "), 50), noise, append(bytes.Repeat(noise, 2), "text text text text "...), noise} {
		if err := client.Binary(p); err != nil {
			t.Fatal(err)
		}
		f := take(client)
		if coded := f[0]&0x40 != 0; coded == (i == 1) {
			t.Errorf("message %d: compressed: %v", i, coded)
		}
		if got := receive(t, server, f); got.failure != nil || len(got.messages) != 1 || got.messages[0] != string(p) {
			t.Fatalf("message %d: %q, %v", i, got.messages, got.failure)
		}
	}
}

// What is wrong with a text ends the connection as soon as it is there, not at the
// end of the frame or of the message.
func TestTextIsCheckedWhileItStreams(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{}))
	for name, stream := range map[string]string{
		"in the only frame":    "c1 0b 000500faff48ff", // stored; the second of 5 octets is no UTF-8
		"in the first of many": "41 0b 000500faff48ff",
	} {
		client, _ := pair(t, ep, ep)
		p := octets(t, stream)
		if got := receive(t, client, p[:len(p)-1]); got.failure != nil {
			t.Errorf("%s: before it came: %v", name, got.failure)
		}
		if got := receive(t, client, p[len(p)-1:]); !errors.Is(got.failure, states.InvalidText) {
			t.Errorf("%s: %v", name, got.failure)
		}
	}
}

// A connection that fails inside a message leaves nothing behind for those that
// share its pools.
func TestPoolsAfterFailures(t *testing.T) {
	for _, o := range []deflate.Options{{}, {NoContextTakeover: true, PeerNoContextTakeover: true}} {
		ep := endpoint(t, wsfsm.Options{}, newMessage(t, o))
		for _, bad := range []string{
			"c2 03 060000", "c2 03 f248cd", "c2 05 f200110000", "c2 00", "c2 0a 000500fbff48656c6c6f", "42 03 f248cd",
			"c2 07 f248cdc9c90700 c2 03 060000", "c1 0b 000500faff48656cff6f00", "82 01",
		} {
			broken, _ := pair(t, ep, ep)
			first := receive(t, broken, octets(t, bad))
			if broken.ReceiveEOF(nil); first.failure == nil && !strings.HasPrefix(bad, "42") && !strings.HasPrefix(bad, "82") {
				t.Errorf("%s: no failure", bad)
			}
			for range broken.Events() {
			}
			for range 3 {
				good, _ := pair(t, ep, ep)
				got := receive(t, good, octets(t, "c1 07 f248cdc9c90700"))
				if got.failure != nil || len(got.messages) != 1 || got.messages[0] != "Hello" {
					t.Fatalf("behind %s: %q, %v", bad, got.messages, got.failure)
				}
				got = receive(t, good, octets(t, "c2 05 f200110000")) // refers to Hello, or to nothing
				if o.NoContextTakeover != errors.Is(got.failure, deflate.ErrDistance) {
					t.Fatalf("behind %s: %q, %v", bad, got.messages, got.failure)
				}
			}
		}
	}
}

// The ratio counts from 1 MiB of output on.
func TestRatioBelowAMebibyte(t *testing.T) {
	part := zeros(t)
	for _, c := range []struct {
		more  string // behind a MiB of zeros
		fails bool
	}{{"", false}, {"f248cdc9c907000000ffff", true}} {
		d, _ := server(t, endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{MaxRatio: 2})), deflate.Name)
		p := append(bytes.Clone(part), octets(t, c.more)...)
		got := receive(t, d, frame(2, true, rsv1, p[:len(p)-4]))
		if errors.Is(got.failure, deflate.ErrRatio) != c.fails || !c.fails && (len(got.messages) != 1 || len(got.messages[0]) != mib) {
			t.Errorf("%q: %v", c.more, got.failure)
		}
	}
}

func newFrame(t testing.TB, name deflate.FrameName, o deflate.Options) extension.Extension {
	t.Helper()
	x, err := deflate.NewFrame(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// deflate-frame: what a server answers.
func TestFrameNegotiation(t *testing.T) {
	for _, c := range []struct {
		name          deflate.FrameName
		o             deflate.Options
		offer, answer string
	}{
		{deflate.WebkitFrame, deflate.Options{}, "x-webkit-deflate-frame", "x-webkit-deflate-frame"},
		{deflate.Frame, deflate.Options{}, "deflate-frame", "deflate-frame"},
		{deflate.Frame, deflate.Options{}, "x-webkit-deflate-frame", ""},
		{deflate.WebkitFrame, deflate.Options{}, "deflate-frame", ""},
		{deflate.Frame, deflate.Options{}, "deflate-frame; max_window_bits=9; no_context_takeover", "deflate-frame"},
		{deflate.Frame, deflate.Options{PeerWindow: 10, PeerNoContextTakeover: true}, "deflate-frame", "deflate-frame; max_window_bits=10; no_context_takeover"},
		{deflate.Frame, deflate.Options{}, "deflate-frame; max_window_bits=7", ""},
		{deflate.Frame, deflate.Options{}, "deflate-frame; max_window_bits", ""},
		{deflate.Frame, deflate.Options{}, "deflate-frame; no_context_takeover=1", ""},
		{deflate.Frame, deflate.Options{}, "deflate-frame; max_window_bits=16, deflate-frame; x", "deflate-frame"},
	} {
		d, answer := server(t, endpoint(t, wsfsm.Options{}, newFrame(t, c.name, c.o)), c.offer)
		if answer != c.answer || d.State() != states.ConnectionOpen {
			t.Errorf("%s %+v, offer %q: answer %q, want %q; %v", c.name, c.o, c.offer, answer, c.answer, d.State())
		}
	}
}

// Who speaks both is answered in the order of the server's list, with one of the
// two: both own RSV1.
func TestFrameStandsBehindMessage(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{}), newFrame(t, deflate.WebkitFrame, deflate.Options{}))
	for offer, want := range map[string]string{
		"x-webkit-deflate-frame":                     "x-webkit-deflate-frame",
		"x-webkit-deflate-frame, permessage-deflate": "permessage-deflate",
		"permessage-deflate, x-webkit-deflate-frame": "permessage-deflate",
	} {
		if _, answer := server(t, ep, offer); answer != want {
			t.Errorf("%q: %q, want %q", offer, answer, want)
		}
	}
}

// deflate-frame: RSV1 stands on each frame that is compressed, each of which ends
// with an octet; fragments with and without it may alternate.
func TestFramesOfFragments(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{}, newFrame(t, deflate.WebkitFrame, deflate.Options{Threshold: deflate.NoThreshold}))
	client, server := pair(t, ep, ep)
	long := bytes.Repeat([]byte("Hello"), 40)
	if err := errors.Join(server.Begin(wsfsm.Text, long), server.Append([]byte("x")), server.End(long)); err != nil {
		t.Fatal(err)
	}
	var heads []byte
	sent := take(server)
	for rest := sent; len(rest) > 0; rest = rest[headerLength(rest)+int(rest[1]):] {
		heads = append(heads, rest[0])
	}
	if want := []byte{0x41, 0x00, 0xC0}; !bytes.Equal(heads, want) {
		t.Errorf("heads %x, want %x", heads, want)
	}
	want := string(long) + "x" + string(long)
	if got := receive(t, client, sent); got.failure != nil || len(got.messages) != 1 || got.messages[0] != want {
		t.Errorf("%q, %v", got.messages, got.failure)
	}
	// The context goes on from frame to frame, and control frames do not pass.
	got := receive(t, client, octets(t, "41 07 f248cdc9c90700 89 02 6869 00 01 20 c0 05 f200110000 c9 00"))
	if len(got.messages) != 1 || got.messages[0] != "Hello Hello" || !errors.Is(got.failure, states.ReservedBits) {
		t.Errorf("%q, %v", got.messages, got.failure)
	}
}

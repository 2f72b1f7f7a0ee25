package deflate_test

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/internal/peer"
)

// pythonInflate reads lines "bits payload" and prints what they decode to, with
// one context for each number of bits; pythonDeflate the other way round.
const (
	pythonInflate = `
import sys, zlib
streams = {}
for line in sys.stdin:
    bits, payload = line.split()
    z = streams.setdefault(bits, zlib.decompressobj(-int(bits)))
    print(z.decompress(bytes.fromhex(payload) + b"\0\0\xff\xff").hex())
`
	pythonDeflate = `
import sys, zlib
streams = {}
for line in sys.stdin:
    bits, payload = (line.split() + [""])[:2]
    z = streams.setdefault(bits, zlib.compressobj(1 + int(bits) % 9, zlib.DEFLATED, -int(bits), 1 + int(bits) % 9, int(bits) % 4))
    p = z.compress(bytes.fromhex(payload)) + z.flush(zlib.Z_SYNC_FLUSH)
    assert p.endswith(b"\0\0\xff\xff")
    print(p[:-4].hex() or "00")
`
)

func python(t *testing.T, script string, lines []string) [][]byte {
	t.Helper()
	cmd := peer.Command(t, "python3", "-c", script)
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var results [][]byte
	for line := range strings.Lines(string(out)) {
		results = append(results, octets(t, strings.TrimSpace(line)))
	}
	if len(results) != len(lines) {
		t.Fatalf("%d answers to %d lines", len(results), len(lines))
	}
	return results
}

// messages are random payloads with the number of bits of their streams. zlib has
// no raw window of 8 bits.
func messages() (bits []int, payloads [][]byte) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		bits = append(bits, 9+r.IntN(7))
		payloads = append(payloads, append(payload(r), 'x'))
	}
	return bits, payloads
}

func TestZlibInflatesWhatIsSent(t *testing.T) {
	peer.Require(t, "python3")
	bits, payloads := messages()
	servers := map[int]*wsfsm.Driver{}
	var lines []string
	var want [][]byte
	for i, p := range payloads {
		d := servers[bits[i]]
		if d == nil {
			ep := endpoint(t, wsfsm.Options{MaxOutput: wsfsm.NoLimit}, newMessage(t, deflate.Options{Level: deflate.Level(i % 2), Threshold: deflate.NoThreshold}))
			d, _ = server(t, ep, deflate.Name+"; server_max_window_bits="+strconv.Itoa(bits[i]))
			servers[bits[i]] = d
		}
		if err := d.Binary(p); err != nil {
			t.Fatal(err)
		}
		f := take(d)
		if f[0]&0x40 == 0 {
			continue
		}
		lines, want = append(lines, strconv.Itoa(bits[i])+" "+hex.EncodeToString(f[headerLength(f):])), append(want, p)
	}
	for i, got := range python(t, pythonInflate, lines) {
		if !bytes.Equal(got, want[i]) {
			t.Fatalf("message %d: %d octets, want %d", i, len(got), len(want[i]))
		}
	}
	if len(lines) < 150 {
		t.Errorf("only %d messages were compressed", len(lines))
	}
}

func TestWhatZlibDeflatesIsReceived(t *testing.T) {
	peer.Require(t, "python3")
	bits, payloads := messages()
	var lines []string
	for i, p := range payloads {
		lines = append(lines, strconv.Itoa(bits[i])+" "+hex.EncodeToString(p))
	}
	ends := map[int]*wsfsm.Driver{}
	for i, coded := range python(t, pythonDeflate, lines) {
		d := ends[bits[i]]
		if d == nil {
			ep := endpoint(t, wsfsm.Options{}, newMessage(t, deflate.Options{PeerWindow: bits[i]}))
			d, _ = server(t, ep, deflate.Name+"; client_max_window_bits")
			ends[bits[i]] = d
		}
		var got received
		got.addSplit(t, d, frame(2, true, rsv1, coded), 1+i*7)
		if got.failure != nil || len(got.messages) != 1 || got.messages[0] != string(payloads[i]) {
			t.Fatalf("message %d, %d bits: %v", i, bits[i], got.failure)
		}
	}
}

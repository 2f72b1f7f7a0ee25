package wsfsm_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// TestFragmentsAreMovedTogether reads messages of many fragments, with pings between
// them and now and then an octet that is wrong, by the fused steps and by single
// steps. Both must report the same.
func TestFragmentsAreMovedTogether(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for _, version := range []string{"rfc6455", "hybi-06", "hybi-04", "hybi-03"} {
		for _, toServer := range []bool{true, false} {
			broken, messages := 0, 0
			for round := range 60 {
				from, fused := sameEnds(t, version, toServer, nil)
				_, single := sameEnds(t, version, toServer, func(wsfsm.Transition) {})
				stream := fragmented(t, random, from, version == "rfc6455")
				if round%3 == 0 {
					stream[random.IntN(len(stream))] ^= 0x80
				}
				chunk := 1 + random.IntN(1<<(4+round%14))
				got, want := readInChunks(t, fused, stream, chunk), readInChunks(t, single, stream, chunk)
				if got != want {
					t.Fatalf("%s, to the server %v, chunks of %d:\n%.500s\nby single steps:\n%.500s", version, toServer, chunk, got, want)
				}
				broken += strings.Count(got, "error")
				messages += strings.Count(got, "message")
			}
			if version == "rfc6455" && broken == 0 || messages < 200 { // the drafts replace what is no UTF-8
				t.Errorf("%s, to the server %v: %d errors, %d messages", version, toServer, broken, messages)
			}
		}
	}
}

// sameEnds returns the ends of a connection that draws the same random octets each time.
func sameEnds(t *testing.T, version string, toServer bool, observer func(wsfsm.Transition)) (from, to *wsfsm.Driver) {
	t.Helper()
	from, to = connected(t, endpoint(t, wsfsm.Options{Versions: []string{version}, AutoStart: true, Observer: observer,
		Rand: rand.NewChaCha8([32]byte{1}), MaxOutput: wsfsm.NoLimit}))
	if !toServer {
		from, to = to, from
	}
	return from, to
}

// fragmented returns some messages in fragments of many lengths.
func fragmented(t *testing.T, random *rand.Rand, from *wsfsm.Driver, binary bool) []byte {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var stream []byte
	for range 6 {
		kind := wsfsm.Text
		if binary && random.IntN(2) == 0 {
			kind = wsfsm.Binary
		}
		check(from.Begin(kind, mixed(random.IntN(1<<random.IntN(11)))))
		for range random.IntN(1 << random.IntN(6)) {
			check(from.Append(mixed(random.IntN(1 << random.IntN(11)))))
			if random.IntN(10) == 0 {
				_, err := from.Ping([]byte("between"))
				check(err)
			}
		}
		check(from.End(mixed(random.IntN(9))))
	}
	for from.Unsent() > 0 {
		p := from.Output()
		stream = append(stream, p...)
		from.Sent(len(p))
	}
	return stream
}

// readInChunks tells all that a driver reports.
func readInChunks(t *testing.T, d *wsfsm.Driver, stream []byte, chunk int) string {
	t.Helper()
	var told strings.Builder
	for p := bytes.Clone(stream); len(p) > 0 && d.Err() == nil; {
		n := min(chunk, len(p))
		receive(t, d, p[:n:n])
		p = p[n:]
		for e := range d.Events() {
			fmt.Fprintf(&told, "%v %v %x\n", e.Kind, e.Message, e.Data)
		}
		for d.Unsent() > 0 {
			d.Sent(len(d.Output()))
		}
	}
	fmt.Fprintln(&told, d.Err(), d.Offset())
	return told.String()
}

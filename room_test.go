package wsfsm_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// readIntoRoom tells all that a driver reports that is read into Room where it lends
// any, else in chunks.
func readIntoRoom(t *testing.T, d *wsfsm.Driver, stream []byte, chunk, least int) (told string, lent int) {
	t.Helper()
	var lines strings.Builder
	for len(stream) > 0 && d.Err() == nil {
		p := d.Room(least)
		if p != nil {
			lent++
			if len(p) < least && len(p) < 1<<10 {
				t.Fatalf("room for %d octets, wanted for %d", len(p), least)
			}
			p = p[:min(chunk, len(p))]
		} else {
			p = make([]byte, min(chunk, len(stream)))
		}
		n := copy(p, stream)
		stream = stream[n:]
		receive(t, d, p[:n])
		for e := range d.Events() {
			fmt.Fprintf(&lines, "%v %v %x\n", e.Kind, e.Message, e.Data)
		}
		for d.Unsent() > 0 {
			d.Sent(len(d.Output()))
		}
	}
	fmt.Fprintln(&lines, d.Err())
	return lines.String(), lent
}

// TestRoom reads messages, whole and in fragments, with pings between them and now and
// then an octet that is wrong, into buffers of the caller's and into room of the
// driver's. Both must report the same.
func TestRoom(t *testing.T) {
	random := rand.New(rand.NewPCG(19, 20))
	for _, version := range []string{"rfc6455", "hybi-06", "hybi-04", "hybi-03", "hixie-76", "hixie-75"} {
		for _, toServer := range []bool{true, false} {
			rooms, broken := 0, 0
			for round := range 60 {
				from, plain := sameEnds(t, version, toServer, nil)
				var observer func(wsfsm.Transition)
				if round%2 == 1 {
					observer = func(wsfsm.Transition) {}
				}
				_, lends := sameEnds(t, version, toServer, observer)
				stream := long(t, random, from, version)
				if round%3 == 0 {
					stream[random.IntN(len(stream))] ^= 0x80
				}
				chunk, least := 1+random.IntN(1<<(4+round%12)), 1+random.IntN(1<<(round%10))
				want, none := readIntoRoom(t, plain, stream, chunk, math.MaxInt)
				got, lent := readIntoRoom(t, lends, stream, chunk, least)
				if got != want || none > 0 {
					t.Fatalf("%s, to the server %v, chunks of %d, room for %d:\n%s", version, toServer, chunk, least, difference(got, want))
				}
				rooms += lent
				broken += strings.Count(got, "error")
			}
			if lengths := !strings.HasPrefix(version, "hixie"); (rooms > 500) != lengths {
				t.Errorf("%s, to the server %v: %d rooms", version, toServer, rooms)
			}
			if version == "rfc6455" && broken == 0 {
				t.Errorf("to the server %v: no errors", toServer)
			}
		}
	}
}

// difference returns the first lines of two that differ, shortened.
func difference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d of %d octets: %.100s\nwanted %d octets: %.100s", i, len(a[i]), a[i], len(b[i]), b[i])
		}
	}
	return fmt.Sprintf("%d lines, wanted %d", len(a), len(b))
}

// long returns some messages, of which many are long.
func long(t *testing.T, random *rand.Rand, from *wsfsm.Driver, version string) []byte {
	t.Helper()
	var stream []byte
	if !strings.HasPrefix(version, "hixie") {
		stream = fragmented(t, random, from, version == "rfc6455")
	}
	for range 8 {
		if err := from.Text(mixed(random.IntN(1 << random.IntN(18)))); err != nil {
			t.Fatal(err)
		}
		for from.Unsent() > 0 {
			p := from.Output()
			stream = append(stream, p...)
			from.Sent(len(p))
		}
	}
	return stream
}

// begun returns a server that has read the first octets of a message, and the rest of
// the frame.
func begun(t *testing.T, o wsfsm.Options, payload []byte, octets int) (d *wsfsm.Driver, rest []byte) {
	t.Helper()
	_, d = connected(t, endpoint(t, o))
	frame := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: 2, Masked: true, Key: [4]byte{1, 2, 3, 4}}, payload)
	receive(t, d, bytes.Clone(frame[:octets]))
	for e := range d.Events() {
		if e.Last() {
			t.Fatalf("%v after %d octets", e.Kind, octets)
		}
	}
	return d, frame[octets:]
}

// TestRoomIsWhereTheMessageIsDelivered: what is read there is not copied.
func TestRoomIsWhereTheMessageIsDelivered(t *testing.T) {
	payload := octets(100 << 10)
	d, rest := begun(t, wsfsm.Options{AutoStart: true}, payload, 20<<10)
	room := d.Room(16 << 10)
	if len(room) != len(rest) {
		t.Fatalf("room for %d octets, %d are to come", len(room), len(rest))
	}
	receive(t, d, room[:copy(room, rest)])
	if again := d.Room(1); again != nil {
		t.Errorf("room for %d octets while input is pending", len(again))
	}
	e, _ := d.Next()
	if !bytes.Equal(e.Data, payload) {
		t.Fatalf("%v %d octets", e.Kind, len(e.Data))
	}
	if at := len(payload) - len(rest); &e.Data[at] != &room[0] {
		t.Error("it was copied")
	}
	if again := d.Room(1); again != nil {
		t.Errorf("room for %d octets between messages", len(again))
	}
}

// TestNoRoom asks where a buffer of the caller's serves as well.
func TestNoRoom(t *testing.T) {
	payload := octets(100 << 10)
	compressed, err := deflate.New(deflate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		o      wsfsm.Options
		octets int // that have come of the frame
		least  int
		before func(*wsfsm.Driver)
	}{
		{"with pieces", wsfsm.Options{Deliver: wsfsm.DeliverPieces}, 10 << 10, 1, nil},
		{"behind an extension", wsfsm.Options{Extensions: []extension.Extension{compressed}}, 10 << 10, 1, nil},
		{"when little has come", wsfsm.Options{}, 100, 1 << 10, nil},
		{"when the header alone has", wsfsm.Options{}, 14, 0, nil},
		{"inside a header", wsfsm.Options{}, 7, 0, nil},
		{"when little is to come", wsfsm.Options{}, 100<<10 + 14 - 9, 10, nil},
		{"behind the end", wsfsm.Options{}, 10 << 10, 1, func(d *wsfsm.Driver) { d.ReceiveEOF(nil) }},
		{"when time has run out", wsfsm.Options{}, 10 << 10, 1, (*wsfsm.Driver).Expire},
		{"after Snapshot", wsfsm.Options{}, 10 << 10, 1, func(d *wsfsm.Driver) {
			if _, err := d.Snapshot(); err != nil {
				t.Error(err)
			}
		}},
	} {
		test.o.AutoStart = true
		d, _ := begun(t, test.o, payload, test.octets)
		if test.before != nil {
			test.before(d)
		}
		if room := d.Room(test.least); room != nil {
			t.Errorf("%s: room for %d octets", test.name, len(room))
		}
	}
}

// TestRoomTakesWhatHasCome: a peer that announces much and sends little does not get
// more memory for it than without Room.
func TestRoomTakesWhatHasCome(t *testing.T) {
	announced := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: 2, Masked: true}, make([]byte, 8<<20))
	_, d := connected(t, endpoint(t, wsfsm.Options{AutoStart: true}))
	for came, p := 0, bytes.Clone(announced[:64]); came < 1<<20; came += len(p) {
		receive(t, d, p)
		if e, ok := d.Next(); ok {
			t.Fatal(e.Kind)
		}
		room := d.Room(1)
		if limit := max(1<<10, 32*(came+len(p))); len(room) == 0 || len(room) > min(limit, 256<<10) {
			t.Fatalf("room for %d octets after %d", len(room), came+len(p))
		}
		p = room[:min(len(room), 1+came/3)]
	}
}

// TestRoomOutlivesTheConnection writes into room after the connection has ended; what
// other connections hold must not change.
func TestRoomOutlivesTheConnection(t *testing.T) {
	for name, end := range map[string]func(*wsfsm.Driver){
		"Expire":     (*wsfsm.Driver).Expire,
		"ReceiveEOF": func(d *wsfsm.Driver) { d.ReceiveEOF(nil) },
		"Snapshot":   func(d *wsfsm.Driver) { d.Snapshot() },
	} {
		payload := octets(100 << 10)
		d, _ := begun(t, wsfsm.Options{AutoStart: true}, payload, 60<<10)
		room := d.Room(1)
		end(d)
		for range d.Events() {
		}
		_, other := connected(t, d.Endpoint())
		frame := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: 2, Masked: true}, payload)
		receive(t, other, bytes.Clone(frame[:90<<10]))
		if e, ok := other.Next(); ok {
			t.Fatal(e.Kind)
		}
		clear(room)
		receive(t, other, bytes.Clone(frame[90<<10:]))
		if e, _ := other.Next(); !bytes.Equal(e.Data, payload) {
			t.Errorf("%s: %v of %d octets has changed", name, e.Kind, len(e.Data))
		}
	}
}

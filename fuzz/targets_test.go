package fuzz

import (
	"reflect"
	"testing"

	"github.com/wsfsm/wsfsm/states"
)

// The fuzz targets. Each takes octets, of which package fuzz says what they mean;
// their seeds are under testdata, and TestSeedsAreFresh says how they are made. This
// file needs no other test file, since go-118-fuzz-build takes it out of the tests.

// FuzzServerStream plays programs on a server's driver.
func FuzzServerStream(f *testing.F) {
	native(f, func(octets []byte) error { return playStream(octets, states.Server) })
}

// FuzzClientStream plays programs on a client's driver.
func FuzzClientStream(f *testing.F) {
	native(f, func(octets []byte) error { return playStream(octets, states.Client) })
}

// FuzzRequest plays programs, from the request on, on a server that speaks all
// versions.
func FuzzRequest(f *testing.F) { native(f, playRequests) }

// FuzzResponse plays programs, from the response on, on a client.
func FuzzResponse(f *testing.F) { native(f, playResponses) }

// FuzzProxyAnswer hands input to a client that asks proxies for a tunnel.
func FuzzProxyAnswer(f *testing.F) { native(f, playProxies) }

// FuzzPair plays programs on a client and a server that talk to each other.
func FuzzPair(f *testing.F) { native(f, playPair) }

// FuzzExtensionHeader reads, answers and accepts Sec-WebSocket-Extensions fields.
func FuzzExtensionHeader(f *testing.F) { native(f, playExtensions) }

// FuzzDeflate plays programs on a pair that compresses, and decompresses payloads.
func FuzzDeflate(f *testing.F) { native(f, playCompression) }

// FuzzSpec edits spec files, and plays programs on what is taken.
func FuzzSpec(f *testing.F) { native(f, playSpec) }

// FuzzTrace records programs and plays their traces again, or lines of a trace.
func FuzzTrace(f *testing.F) { native(f, playTrace) }

// FuzzSnapshot plays programs on drivers that are moved, or restores snapshots.
func FuzzSnapshot(f *testing.F) { native(f, playSnapshot) }

// native has Go's fuzzing engine, or what stands in its place, call play.
func native(f *testing.F, play func([]byte) error) {
	f.Fuzz(func(t *testing.T, octets []byte) {
		if p, ok := Decode(octets); ok {
			if again, ok := Decode(Encode(p)); !ok || !reflect.DeepEqual(p, again) {
				t.Fatalf("Decode(Encode) makes\n%v of\n%v", again, p)
			}
		}
		if err := play(octets); err != nil {
			p, _ := Decode(octets)
			t.Fatalf("%v\n%v", err, p)
		}
	})
}

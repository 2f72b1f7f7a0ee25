package fuzz_test

import (
	"reflect"
	"testing"

	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

// FuzzServerStream plays programs on a server's driver. Its seeds are under
// testdata; TestSeedsAreFresh says how they are made.
func FuzzServerStream(f *testing.F) { target(f, states.Server) }

// FuzzClientStream plays programs on a client's driver.
func FuzzClientStream(f *testing.F) { target(f, states.Client) }

func target(f *testing.F, role states.Role) {
	f.Fuzz(func(t *testing.T, octets []byte) {
		p, ok := fuzz.Decode(octets)
		if !ok {
			return // not a program of a known version
		}
		if again, ok := fuzz.Decode(fuzz.Encode(p)); !ok || !reflect.DeepEqual(p, again) {
			t.Fatalf("Decode(Encode) makes\n%v of\n%v", again, p)
		}
		if err := fuzz.Check(fuzz.Config{Role: role}, p); err != nil {
			t.Fatalf("%v\n%v", err, p)
		}
	})
}

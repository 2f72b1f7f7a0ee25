package deflate_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// FuzzFrames hands anything to a client that has agreed on compression. Whatever
// the cut, the messages and the error are the same.
func FuzzFrames(f *testing.F) {
	for _, v := range vectors {
		f.Add(octets(f, v.frames), uint16(3))
	}
	for _, frames := range []string{"c203060000", "c203f248cd", "c200", "c205f200110000", "c10b000500faff48656cff6f00", "4103f248cdc004c9c90700", "c900"} {
		f.Add(octets(f, frames), uint16(1))
	}
	whole := endpoint(f, wsfsm.Options{MaxMessage: 1 << 16}, newMessage(f, deflate.Options{MaxRatio: 100}))
	pieces := endpoint(f, wsfsm.Options{MaxMessage: 1 << 16, Deliver: wsfsm.DeliverPieces}, newMessage(f, deflate.Options{MaxRatio: 100}))
	f.Fuzz(func(t *testing.T, stream []byte, cut uint16) {
		var first received
		for i, ep := range []*wsfsm.Endpoint{whole, whole, pieces} {
			d, _ := pair(t, ep, whole)
			var got received
			if i == 0 {
				got.add(t, d, bytes.Clone(stream))
				first = got
				continue
			}
			got.addSplit(t, d, bytes.Clone(stream), 1+int(cut))
			if len(got.messages) != len(first.messages) || !same(got.failure, first.failure) {
				t.Fatalf("run %d: %d messages and %v, uncut %d and %v", i, len(got.messages), got.failure, len(first.messages), first.failure)
			}
			for j, m := range got.messages {
				if m != first.messages[j] {
					t.Fatalf("run %d: message %d differs", i, j)
				}
			}
		}
	})
}

// same compares what matters of two errors of the driver.
func same(a, b error) bool {
	var x, y *wsfsm.Error
	if !errors.As(a, &x) || !errors.As(b, &y) {
		return a == nil && b == nil
	}
	return x.Violation == y.Violation && x.Code == y.Code && x.Offset == y.Offset && x.State == y.State
}

//go:build !race && !wsdebug

package wsfsm_test

import (
	"runtime"
	"testing"
	"unsafe"

	"github.com/wsfsm/wsfsm"
)

// An idle driver is small: 1,000,000 of them take 256 MB, heads forgotten.
func TestIdleDriverIsSmall(t *testing.T) {
	if n := unsafe.Sizeof(wsfsm.Driver{}); n > 256 {
		t.Errorf("a driver has %d octets", n)
	}
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	const n = 10_000
	drivers := make([]*wsfsm.Driver, n)
	before := liveHeap()
	for i := range drivers {
		d := ep.Server()
		exchangeHead(t, d)
		receive(t, d, frame(2, "some message"))
		want(t, d, wsfsm.EventMessage)
		wantNone(t, d)
		d.ForgetHeads()
		drivers[i] = d
	}
	if each := (liveHeap() - before) / n; each > 256+48 { // and what is left of the opening
		t.Errorf("an idle driver holds %d octets", each)
	}
	runtime.KeepAlive(drivers)
}

// liveHeap is the size of the heap's objects without garbage, in octets.
func liveHeap() uint64 {
	runtime.GC()
	runtime.GC() // pools are emptied by the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

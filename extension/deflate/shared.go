package deflate

import (
	"sync"

	"github.com/wsfsm/wsfsm/extension/deflate/internal/flate"
)

// shared is what the connections of one extension share.
type shared struct {
	Options
	end       []byte // what a sender takes off the end of a message (RFC 7692 §7.2.2)
	fixed     *flate.FixedTables
	works     sync.Pool                // *flate.Work
	inflaters sync.Pool                // *flate.Inflater
	windows   [MaxWindow + 1]sync.Pool // *flate.Window, by bits
	deflaters [MaxWindow + 1]sync.Pool // *flate.Deflater, by bits
}

func newShared(o Options) *shared {
	x := &shared{Options: o, end: []byte{0, 0, 0xFF, 0xFF}, fixed: flate.NewFixedTables()}
	x.works.New = func() any { return flate.NewWork() }
	x.inflaters.New = func() any { return flate.NewInflater(x.fixed) }
	depth := 1
	if o.Level == Small {
		depth = 32
	}
	for bits := MinWindow; bits <= MaxWindow; bits++ {
		x.windows[bits].New = func() any { return flate.NewWindow(bits) }
		x.deflaters[bits].New = func() any { return flate.NewDeflater(bits, depth) }
	}
	return x
}

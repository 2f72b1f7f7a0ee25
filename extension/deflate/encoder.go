package deflate

import (
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate/internal/flate"
)

// encoder compresses what is sent.
type encoder struct {
	*shared
	direction
	d *flate.Deflater // nil between messages without context takeover
}

// Encode implements extension.Encoder (RFC 7692 §7.2.1).
func (e *encoder) Encode(dst, p []byte, at extension.Position) ([]byte, extension.Bits, bool) {
	whole, last := at == extension.Whole, at == extension.Whole || at == extension.Last
	if whole && (len(p) < e.Threshold || len(p) == 0) {
		return dst, 0, false
	}
	if e.d == nil {
		e.d = e.deflaters[e.bits].Get().(*flate.Deflater)
		if e.takeover || !whole {
			e.d.Reset()
		}
	}
	w := e.works.Get().(*flate.Work)
	out := e.d.Deflate(w, dst, p, last)
	e.works.Put(w)
	grown := whole && len(out)-len(dst) >= len(p)
	switch {
	case !e.takeover && last:
		e.Release()
	case !grown:
		e.d.Commit(p)
	}
	if grown {
		return dst, 0, false
	}
	return out, extension.RSV1, true
}

// Release implements extension.Encoder.
func (e *encoder) Release() {
	if e.d != nil {
		e.d.Forget()
		e.deflaters[e.bits].Put(e.d)
		e.d = nil
	}
}

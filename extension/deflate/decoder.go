package deflate

import (
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate/internal/flate"
)

// What can be wrong with a message. The driver's *wsfsm.Error wraps them.
var (
	// ErrCorrupt: the octets are no DEFLATE blocks.
	ErrCorrupt = fmt.Errorf("deflate: %w", flate.ErrCorrupt)
	// ErrDistance: a block refers to octets before the message, or before the
	// window that was agreed on.
	ErrDistance = fmt.Errorf("deflate: %w", flate.ErrDistance)
	// ErrTruncated: the message ends inside a block.
	ErrTruncated = errors.New("deflate: the message ends inside a block")
	// ErrRatio: more came of a message than Options.MaxRatio allows.
	ErrRatio = fmt.Errorf("deflate: ratio of compression: %w", extension.ErrTooLong)
	// ErrEmptyBlocks: a message has too many blocks without any octet.
	ErrEmptyBlocks = fmt.Errorf("deflate: %w: %w", flate.ErrEmptyBlocks, extension.ErrTooLong)
)

// decoder decompresses what comes.
type decoder struct {
	*shared
	direction
	f       *flate.Inflater // nil between messages
	w       *flate.Window   // nil between messages without context takeover
	in, out int64           // octets of the message
	tail    int             // octets behind the message that have been taken
}

// Begin implements extension.Decoder.
func (d *decoder) Begin(extension.Bits) {
	if d.w == nil {
		d.w = d.windows[d.bits].Get().(*flate.Window)
	}
	if d.f == nil {
		d.f = d.inflaters.Get().(*flate.Inflater)
	}
	d.f.Begin(d.w)
	d.in, d.out, d.tail = 0, 0, 0
}

// Decode implements extension.Decoder.
func (d *decoder) Decode(dst, src []byte, room int) ([]byte, int, error) {
	start := len(dst)
	dst, n, err := d.f.Inflate(dst, src, room)
	d.in += int64(n)
	d.out += int64(len(dst) - start)
	switch {
	case err != nil:
		return dst, n, public(err)
	case d.MaxRatio > 0 && d.out > ratioFrom && d.out/int64(d.MaxRatio) > d.in:
		return dst, n, ErrRatio
	}
	return dst, n, nil
}

// End implements extension.Decoder. A message may end with a final block without
// the octet behind it that RFC 7692 §7.2.3.4 adds.
func (d *decoder) End(dst []byte, room int) ([]byte, bool, error) {
	if _, final := d.f.AtBoundary(); !final || d.tail > 0 {
		out, n, err := d.f.Inflate(dst, d.end[d.tail:], room)
		dst, d.tail = out, d.tail+n
		if err != nil {
			return dst, true, public(err)
		}
		if d.tail < len(d.end) {
			return dst, false, nil
		}
		if boundary, _ := d.f.AtBoundary(); !boundary {
			return dst, true, ErrTruncated
		}
	}
	d.rest()
	return dst, true, nil
}

// rest gives back what is not needed between messages.
func (d *decoder) rest() {
	d.f.Drop()
	d.inflaters.Put(d.f)
	d.f = nil
	if !d.takeover {
		d.dropWindow()
	}
}

func (d *decoder) dropWindow() {
	d.w.Reset()
	d.windows[d.bits].Put(d.w)
	d.w = nil
}

// Release implements extension.Decoder.
func (d *decoder) Release() {
	if d.f != nil {
		d.rest()
	}
	if d.w != nil {
		d.dropWindow()
	}
}

// public returns the exported error for one of package flate.
func public(err error) error {
	switch err {
	case flate.ErrCorrupt:
		return ErrCorrupt
	case flate.ErrDistance:
		return ErrDistance
	}
	return ErrEmptyBlocks
}

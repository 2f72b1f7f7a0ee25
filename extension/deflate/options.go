package deflate

import (
	"fmt"

	"github.com/wsfsm/wsfsm/extension"
)

// Level is how hard the compressor tries.
type Level uint8

// The levels.
const (
	// Fast looks at one earlier place for each octet.
	Fast Level = iota
	// Small looks at up to 32, which takes more time and, with context takeover,
	// two octets more of memory for each of the window.
	Small
)

// Windows in bits: 2^bits octets are referred back to.
const (
	MinWindow = 8
	MaxWindow = 15
)

// DefaultThreshold is the length in octets from which on messages are compressed.
const DefaultThreshold = 128

// NoThreshold in Options.Threshold compresses messages of any length.
const NoThreshold = -1

// ratioFrom is the number of octets of output from which on Options.MaxRatio counts.
const ratioFrom = 1 << 20

// Options configures an extension. The zero value keeps the context from message
// to message, with the largest windows.
type Options struct {
	// Window is the window in bits that this end compresses with, MinWindow to
	// MaxWindow, or less if the peer asks for it. Zero: MaxWindow.
	Window int
	// PeerWindow is the window in bits that the peer is asked to keep to. If it
	// cannot, it is asked for PeerNoContextTakeover in its place. Zero: MaxWindow.
	PeerWindow int
	// NoContextTakeover compresses each message by itself, so that nothing is
	// kept between messages. A peer's wish for it is always granted.
	NoContextTakeover bool
	// PeerNoContextTakeover asks the peer to compress each message by itself, so
	// that nothing is kept between its messages.
	PeerNoContextTakeover bool
	// Level is how hard the compressor tries.
	Level Level
	// Threshold is the length in octets from which on whole messages are
	// compressed. Messages sent in fragments always are. Zero: DefaultThreshold.
	Threshold int
	// MaxRatio limits how many octets may come of one that was received, once a
	// message has 1 MiB; the message limit holds without it. Zero: no limit.
	MaxRatio int
	// Required has a client end the connection, with close code 1010, if the
	// server does not agree.
	Required bool
}

// checked returns the options with defaults put in. The error wraps
// extension.ErrConfiguration.
func (o Options) checked() (Options, error) {
	wrong := func(name string, value int) (Options, error) {
		return o, fmt.Errorf("%w: deflate: %s is %d", extension.ErrConfiguration, name, value)
	}
	for _, bits := range []struct {
		name string
		of   *int
	}{{"Window", &o.Window}, {"PeerWindow", &o.PeerWindow}} {
		if *bits.of == 0 {
			*bits.of = MaxWindow
		}
		if *bits.of < MinWindow || *bits.of > MaxWindow {
			return wrong(bits.name, *bits.of)
		}
	}
	switch {
	case o.Level > Small:
		return wrong("Level", int(o.Level))
	case o.Threshold < NoThreshold:
		return wrong("Threshold", o.Threshold)
	case o.MaxRatio < 0:
		return wrong("MaxRatio", o.MaxRatio)
	case o.Threshold == 0:
		o.Threshold = DefaultThreshold
	}
	return o, nil
}

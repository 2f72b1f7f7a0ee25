package deflate

import (
	"fmt"

	"github.com/wsfsm/wsfsm/extension"
)

// FrameName is a name of the extension that compresses frame by frame.
type FrameName string

// The names under which it was used, by Safari and by Chrome until 2013
// (draft-tyoshino-hybi-websocket-perframe-deflate).
const (
	Frame       FrameName = "deflate-frame"
	WebkitFrame FrameName = "x-webkit-deflate-frame"
)

// NewFrame returns the predecessor of permessage-deflate: each data frame is
// compressed by itself, with RSV1 on each. It is for old peers and comes behind
// permessage-deflate in the list of extensions. The error wraps
// extension.ErrConfiguration.
func NewFrame(name FrameName, o Options) (extension.Extension, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	if name != Frame && name != WebkitFrame {
		return nil, fmt.Errorf("%w: deflate: %q is no name of deflate-frame", extension.ErrConfiguration, name)
	}
	return &perFrame{newShared(o), name}, nil
}

// perFrame is deflate-frame.
type perFrame struct {
	*shared
	name FrameName
}

// Parameters: each limits what the end that gets them may use when it sends.
const (
	maxWindowBits     = "max_window_bits"
	noContextTakeover = "no_context_takeover"
)

// Name implements extension.Extension.
func (x *perFrame) Name() string { return string(x.name) }

// Offers implements extension.Extension.
func (x *perFrame) Offers() [][]extension.Parameter { return [][]extension.Parameter{x.wishes()} }

// wishes are the limits for the peer.
func (x *perFrame) wishes() (list []extension.Parameter) {
	if x.PeerWindow < MaxWindow {
		list = append(list, bitsParameter(maxWindowBits, x.PeerWindow))
	}
	if x.PeerNoContextTakeover {
		list = append(list, extension.Parameter{Name: noContextTakeover, Bare: true})
	}
	return list
}

// limits reads what the peer wishes. What is not known is left out.
func (x *perFrame) limits(list []extension.Parameter) (sends direction, err error) {
	sends = direction{x.Window, !x.NoContextTakeover}
	for _, q := range list {
		switch q.Name {
		case maxWindowBits:
			var bits int
			if bits, err = windowBits(q); err == nil {
				sends.bits = min(sends.bits, bits)
			}
		case noContextTakeover:
			sends.takeover, err = false, wantBare(q)
		}
		if err != nil {
			return sends, err
		}
	}
	return sends, nil
}

// Answer implements extension.Extension.
func (x *perFrame) Answer(offers [][]extension.Parameter) ([]extension.Parameter, *extension.Session) {
	for _, offer := range offers {
		if sends, err := x.limits(offer); err == nil {
			return x.wishes(), x.frameSession(sends)
		}
	}
	return nil, nil
}

// Accept implements extension.Extension.
func (x *perFrame) Accept(answer []extension.Parameter) (*extension.Session, error) {
	sends, err := x.limits(answer)
	if err != nil {
		return nil, err
	}
	return x.frameSession(sends), nil
}

func (x *perFrame) frameSession(sends direction) *extension.Session {
	s := x.session(sends, direction{x.PeerWindow, !x.PeerNoContextTakeover})
	s.Scope = extension.PerFrame
	return s
}

package deflate

import (
	"errors"

	"github.com/wsfsm/wsfsm/extension"
)

// Name is the registered name of the extension (RFC 7692 §9).
const Name = "permessage-deflate"

// New returns permessage-deflate with these options. The error wraps
// extension.ErrConfiguration. Windows and compressors are shared by the
// connections that use the result.
func New(o Options) (extension.Extension, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	return &perMessage{newShared(o)}, nil
}

// perMessage is permessage-deflate.
type perMessage struct{ *shared }

// Name implements extension.Extension.
func (x *perMessage) Name() string { return Name }

// Offers implements extension.Extension. A server that cannot keep to a window is
// offered to keep no context.
func (x *perMessage) Offers() [][]extension.Parameter {
	wanted := parameters{
		serverNoTakeover: x.PeerNoContextTakeover,
		clientNoTakeover: x.NoContextTakeover,
		clientHint:       true,
	}
	if x.Window < MaxWindow {
		wanted.clientBits = x.Window
	}
	if x.PeerWindow == MaxWindow {
		return [][]extension.Parameter{wanted.list()}
	}
	small, fallback := wanted, wanted
	small.serverBits = x.PeerWindow
	fallback.serverNoTakeover = true
	return [][]extension.Parameter{small.list(), fallback.list()}
}

// Answer implements extension.Extension (RFC 7692 §7.1). The first offer that is
// valid is taken.
func (x *perMessage) Answer(offers [][]extension.Parameter) ([]extension.Parameter, *extension.Session) {
	for _, offer := range offers {
		if p, err := readParameters(offer, true); err == nil {
			answer := x.answer(p)
			return answer.list(), x.session(answer.serverSends(x.Options), answer.clientSends())
		}
	}
	return nil, nil
}

func (x *perMessage) answer(offer parameters) (a parameters) {
	a.serverNoTakeover = offer.serverNoTakeover || x.NoContextTakeover
	a.clientNoTakeover = offer.clientNoTakeover || x.PeerNoContextTakeover
	if offer.serverBits != 0 {
		a.serverBits = min(offer.serverBits, x.Window)
	}
	bits := x.PeerWindow
	if offer.clientBits != 0 {
		bits = min(bits, offer.clientBits)
	}
	switch {
	case bits == MaxWindow:
	case offer.clientHint:
		a.clientBits = bits
	default:
		a.clientNoTakeover = true // it cannot limit its window
	}
	return a
}

var (
	errBits     = errors.New("the server does not keep to the window that it was asked for")
	errTakeover = errors.New("the server does not give up context takeover as it was asked to")
)

// Accept implements extension.Extension: the answer must suit one of the offers.
func (x *perMessage) Accept(answer []extension.Parameter) (*extension.Session, error) {
	a, err := readParameters(answer, false)
	if err != nil {
		return nil, err
	}
	small := a.serverBits != 0 && a.serverBits <= x.PeerWindow
	switch {
	case x.PeerNoContextTakeover && !a.serverNoTakeover:
		return nil, errTakeover
	case x.PeerWindow < MaxWindow && !small && !a.serverNoTakeover:
		return nil, errBits
	}
	return x.session(a.clientSendsBy(x.Options), a.serverSendsTo()), nil
}

// direction is how one end compresses.
type direction struct {
	bits     int
	takeover bool
}

// session makes the session of an end that sends and receives so.
func (x *shared) session(sends, receives direction) *extension.Session {
	s := &extension.Session{
		Bits:    extension.RSV1,
		Encoder: &encoder{shared: x, direction: sends},
		Decoder: &decoder{shared: x, direction: receives},
	}
	if !sends.takeover {
		s.Alike = alike{x, sends.bits}
	}
	return s
}

// alike are the encoders that give the same octets for the same message.
type alike struct {
	*shared
	bits int
}

func orMax(bits int) int {
	if bits == 0 {
		return MaxWindow
	}
	return bits
}

// serverSends is what an answer says of the server that gives it.
func (a parameters) serverSends(o Options) direction {
	return direction{min(orMax(a.serverBits), o.Window), !a.serverNoTakeover}
}

// clientSends is what an answer says of the client, for the server.
func (a parameters) clientSends() direction {
	return direction{orMax(a.clientBits), !a.clientNoTakeover}
}

// clientSendsBy is what an answer says of the client that gets it.
func (a parameters) clientSendsBy(o Options) direction {
	return direction{min(orMax(a.clientBits), o.Window), !a.clientNoTakeover && !o.NoContextTakeover}
}

// serverSendsTo is what an answer says of the server, for the client.
func (a parameters) serverSendsTo() direction {
	return direction{orMax(a.serverBits), !a.serverNoTakeover}
}

// Required implements extension.Required.
func (x *shared) Required() bool { return x.Options.Required }

package wsfsm

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wsfsm/wsfsm/states"
)

// Endpoint holds what many connections have in common: checked options and
// prepared tables. It is immutable and may be shared by any number of drivers
// and goroutines.
type Endpoint struct {
	options      Options
	servers      []*program // by preference
	clients      []*program
	origins      []originRule
	wireVersions string // for Sec-WebSocket-Version in refusals
	maxMessage   uint64
	maxHead      int
	maxLine      int
	maxFields    int
	maxOutput    int
	buffers      buffers
}

// NewEndpoint checks the options once for all connections.
func NewEndpoint(o Options) (*Endpoint, error) {
	ep := &Endpoint{options: o, maxMessage: math.MaxUint64}
	if err := ep.chooseProtocols(); err != nil {
		return nil, err
	}
	if err := errors.Join(
		limit(&ep.maxHead, o.MaxHead, DefaultMaxHead, "MaxHead"),
		limit(&ep.maxLine, o.MaxLine, DefaultMaxLine, "MaxLine"),
		limit(&ep.maxFields, o.MaxFields, DefaultMaxFields, "MaxFields"),
		limit(&ep.maxOutput, o.MaxOutput, DefaultMaxOutput, "MaxOutput"),
		checkFields(o.Header, handshakeFields()...),
		checkSubprotocols(o.Subprotocols),
	); err != nil {
		return nil, err
	}
	switch {
	case o.MaxMessage < NoLimit:
		return nil, fmt.Errorf("wsfsm: MaxMessage is %d", o.MaxMessage)
	case o.MaxMessage == 0:
		ep.maxMessage = DefaultMaxMessage
	case o.MaxMessage > 0:
		ep.maxMessage = uint64(o.MaxMessage)
	}
	if o.Deliver > DeliverPieces {
		return nil, fmt.Errorf("wsfsm: Deliver is %d", o.Deliver)
	}
	if !isFieldValue(o.Origin) {
		return nil, errors.New("wsfsm: Origin holds a control octet")
	}
	for _, s := range o.Origins {
		rule, err := parseOriginRule(s)
		if err != nil {
			return nil, err
		}
		ep.origins = append(ep.origins, rule)
	}
	if o.Rand == nil {
		ep.options.Rand = rand.Reader
	}
	ep.buffers.pool = &sync.Pool{New: func() any { return new([]byte) }}
	return ep, nil
}

// limit sets a limit from its option: 0 is the default, NoLimit none.
func limit(to *int, option, standard int, name string) error {
	switch {
	case option < NoLimit:
		return fmt.Errorf("wsfsm: %s is %d", name, option)
	case option == NoLimit:
		*to = math.MaxInt
	case option == 0:
		*to = standard
	default:
		*to = option
	}
	return nil
}

// chooseProtocols prepares the protocols that the options name.
func (ep *Endpoint) chooseProtocols() error {
	chosen := ep.options.Protocols
	if len(chosen) == 0 {
		names := ep.options.Versions
		if len(names) == 0 {
			names = []string{"rfc6455"}
		}
		for _, name := range names {
			p := protocolNamed(name)
			if p == nil {
				return fmt.Errorf("wsfsm: unknown version %q", name)
			}
			chosen = append(chosen, p)
		}
	}
	var numbers []string
	for _, p := range chosen {
		if err := checkProtocol(p); err != nil {
			return err
		}
		ep.servers = append(ep.servers, newProgram(p, states.Server))
		ep.clients = append(ep.clients, newProgram(p, states.Client))
		if p.WireVersion >= 0 {
			numbers = append(numbers, strconv.Itoa(p.WireVersion))
		}
	}
	ep.wireVersions = strings.Join(slices.Compact(numbers), ", ")
	return nil
}

// Protocols returns the compiled protocols, oldest first.
func Protocols() []*Protocol { return slices.Clone(protocols) }

// protocolNamed finds a compiled protocol by its name or, the newest first, by
// its number on the wire.
func protocolNamed(name string) *Protocol {
	for _, p := range slices.Backward(protocols) {
		if p.Name == name || p.WireVersion >= 0 && strconv.Itoa(p.WireVersion) == name {
			return p
		}
	}
	return nil
}

// recognise returns the program of the version that a request asks for; the
// preferred one if it asks for none that is spoken.
func (ep *Endpoint) recognise(r *Request) *program {
	for _, prog := range ep.servers {
		if r.Header.Get(prog.Recognise.Header) == prog.Recognise.Value {
			return prog
		}
	}
	return ep.servers[0]
}

// Server returns a driver that reads the request from the transport.
func (ep *Endpoint) Server() *Driver { return newDriver(ep, ep.servers[0]) }

// ServerFor returns a driver for a request that somebody else has read from the
// transport. What followed the request's head goes to Receive. The driver keeps
// r, whose Header and first-line parts must be as they came. The error is for a
// request that no HTTP parser could have produced.
func (ep *Endpoint) ServerFor(r *Request) (*Driver, error) {
	if err := checkFields(r.Header); err != nil {
		return nil, err
	}
	d := ep.Server()
	request := *r
	d.fireHandshake(d.readRequest(&request))
	return d, nil
}

// Client returns a driver for a connection to a ws or wss URL. Start sends the
// request. User and password in the URL become an Authorization field.
func (ep *Endpoint) Client(rawURL string) (*Driver, error) {
	u, err := parseURL(rawURL)
	if err != nil {
		return nil, err
	}
	d := newDriver(ep, ep.clients[0])
	d.opening.target = u.target
	d.opening.authority = u.authority
	d.opening.authorization = u.authorization
	return d, nil
}

// handshakeFields are the names of the fields that the handshake writes itself.
func handshakeFields() []string {
	return []string{"Host", "Upgrade", "Connection", "Content-Length", "Transfer-Encoding", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
		"Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Origin"}
}

func checkSubprotocols(names []string) error {
	for i, name := range names {
		if !isToken(name) || slices.Contains(names[:i], name) {
			return fmt.Errorf("wsfsm: subprotocol %q is no token or named twice", name)
		}
	}
	return nil
}

package wsfsm

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/wsfsm/wsfsm/extension"
)

// Endpoint holds what many connections have in common: checked options and
// prepared tables. It is immutable and may be shared by any number of drivers
// and goroutines.
type Endpoint struct {
	options      Options
	servers      []*program // by preference
	clients      []*program
	origins      []originRule
	wireVersions string   // for Sec-WebSocket-Version in refusals
	offers       string   // of extensions, for Sec-WebSocket-Extensions
	reserved     []string // names of the fields that the handshakes write themselves
	maxMessage   uint64
	maxHead      int
	maxLine      int
	maxFields    int
	maxOutput    int
	buffers      buffers
	openings     openings
	heads        heldHeads
	names        fieldNames
	host         int       // number of the name Host
	opensAtOnce  bool      // a request may be read, decided and answered in one step
	parts        sync.Pool // *parts
	loans        sync.Pool // *loans
	working      sync.Pool // *working
	keys         io.Reader // of masking keys
}

// NewEndpoint checks the options once for all connections.
func NewEndpoint(o Options) (*Endpoint, error) {
	ep := &Endpoint{options: o}
	if err := ep.chooseProtocols(); err != nil {
		return nil, err
	}
	if err := errors.Join(
		limit(&ep.maxHead, o.MaxHead, DefaultMaxHead, "MaxHead"),
		limit(&ep.maxLine, o.MaxLine, DefaultMaxLine, "MaxLine"),
		limit(&ep.maxFields, o.MaxFields, DefaultMaxFields, "MaxFields"),
		limit(&ep.maxOutput, o.MaxOutput, DefaultMaxOutput, "MaxOutput"),
		checkFields(o.Header, ep.reserved...),
		checkSubprotocols(o.Subprotocols),
		extension.Check(o.Extensions),
	); err != nil {
		return nil, err
	}
	ep.opensAtOnce = o.AutoStart && o.Observer == nil && len(o.Extensions) == 0
	ep.prepareHeads()
	var err error
	if ep.maxMessage, err = messageLimit(o.MaxMessage); err != nil {
		return nil, err
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
	ep.keys = o.Rand
	if o.Rand == nil {
		ep.options.Rand = rand.Reader
		ep.keys = newKeySource()
	}
	ep.offers = elements(extension.Offers(o.Extensions))
	ep.parts.New = func() any { return new(parts) }
	ep.loans.New = func() any { return new(loans) }
	ep.working.New = func() any { return new(working) }
	ep.openings.pool = &sync.Pool{New: func() any { return new(opening) }}
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

// messageLimit is the limit that Options.MaxMessage stands for.
func messageLimit(option int64) (uint64, error) {
	switch {
	case option < NoLimit:
		return 0, fmt.Errorf("wsfsm: MaxMessage is %d", option)
	case option == NoLimit:
		return math.MaxUint64, nil
	case option == 0:
		return DefaultMaxMessage, nil
	}
	return uint64(option), nil
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
	d.fireHandshake(d.readRequestOf(&opened{request: &request}))
	return d, nil
}

// Client returns a driver for a connection to a ws or wss URL. Start sends the
// request. User and password in the URL become an Authorization field.
func (ep *Endpoint) Client(rawURL string) (*Driver, error) {
	return ep.client(ep.clients[0], rawURL)
}

// ClientSpeaking is Client with another of the endpoint's versions than the
// preferred one, by its name.
func (ep *Endpoint) ClientSpeaking(version, rawURL string) (*Driver, error) {
	for _, prog := range ep.clients {
		if prog.Name == version {
			return ep.client(prog, rawURL)
		}
	}
	return nil, fmt.Errorf("wsfsm: the endpoint does not speak %q", version)
}

func (ep *Endpoint) client(prog *program, rawURL string) (*Driver, error) {
	u, err := parseURL(rawURL)
	if err != nil {
		return nil, err
	}
	d := newDriver(ep, prog)
	if missing := extension.Missing(ep.options.Extensions, nil); len(missing) > 0 && !d.prog.HasExtensions() {
		return nil, fmt.Errorf("%w: %s is required, which %s cannot negotiate", extension.ErrConfiguration, missing[0], d.prog.Name)
	}
	d.opening.target = u.target
	d.opening.authority = u.authority
	d.opening.tunnel = u.tunnel
	d.opening.secure = u.secure
	d.opening.authorization = u.authorization
	d.opening.origin = d.valueSomeOrigin()
	return d, nil
}

func checkSubprotocols(names []string) error {
	for i, name := range names {
		if !isToken(name) || slices.Contains(names[:i], name) {
			return fmt.Errorf("wsfsm: subprotocol %q is no token or named twice", name)
		}
	}
	return nil
}

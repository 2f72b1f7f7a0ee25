package wsnet

import (
	"time"

	"github.com/wsfsm/wsfsm"
)

// Defaults of Options and DialOptions.
const (
	DefaultHeadTimeout  = 10 * time.Second
	DefaultDialTimeout  = 30 * time.Second
	DefaultCloseTimeout = 60 * time.Second
)

// Options configures the server side. The zero value, or nil where a pointer is
// taken, is the safe default.
type Options struct {
	// Driver are the options of the driver: versions, limits, subprotocols,
	// origins. Deliver, AutoStart and KeepReading are set by this package.
	Driver wsfsm.Options
	// HeadTimeout bounds the time from accept to the end of the request's head.
	// Zero: DefaultHeadTimeout. Accept, which gets the request as read, has no
	// use for it.
	HeadTimeout time.Duration
	// CloseTimeout bounds the closing handshake and the end of the transport.
	// Zero: DefaultCloseTimeout.
	CloseTimeout time.Duration
	// Decide, if not nil, is asked about each request that passed all checks,
	// and about each that is not for WebSocket (Request.WebSocket tells). Nil,
	// or a nil Answer, accepts the former and refuses the latter with 426.
	Decide func(*wsfsm.Request) *Answer
	// Error, if not nil, is told of failed handshakes and of panics of the
	// handler. It may be called by several goroutines at once.
	Error func(error)
}

// Answer is a decision about a request.
type Answer struct {
	// Status, if not zero, answers the request with an HTTP response, 200 to
	// 599; otherwise it is accepted.
	Status int
	// Header is added to the response.
	Header []wsfsm.Field
	// Body is the content of the response; without Status it is not used.
	Body []byte
	// Subprotocol, if not empty, is chosen among those that the client offers.
	Subprotocol string
}

// endpoint prepares the driver's options for this package.
func endpoint(o wsfsm.Options) (*wsfsm.Endpoint, error) {
	o.Deliver = wsfsm.DeliverPieces
	o.AutoStart = false
	o.KeepReading = true
	return wsfsm.NewEndpoint(o)
}

// orDefault returns d, or the default if it is zero.
func orDefault(d, standard time.Duration) time.Duration {
	if d == 0 {
		return standard
	}
	return d
}

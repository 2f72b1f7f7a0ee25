package wsnet

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/wsfsm/wsfsm"
)

// Defaults of Options and DialOptions.
const (
	DefaultHeadTimeout  = 10 * time.Second
	DefaultDialTimeout  = 30 * time.Second
	DefaultCloseTimeout = 60 * time.Second
)

// NoTimeout lifts HeadTimeout or DialOptions.Timeout. Zero never does: it means
// the default.
const NoTimeout time.Duration = -1

// Options configures the server side. The zero value, or nil where a pointer is
// taken, is the safe default. After its first use an Options must be neither
// changed nor copied; any number of servers and connections may share it.
type Options struct {
	// Driver are the options of the driver: versions, limits, subprotocols,
	// origins, extensions, header fields of each response. Deliver, AutoStart and
	// KeepReading are set by this package.
	Driver wsfsm.Options
	// HeadTimeout bounds the time from accept until the connection is open, TLS
	// included. Zero: DefaultHeadTimeout. For Accept, which gets the request as
	// read, it bounds what is left of the opening.
	HeadTimeout time.Duration
	// CloseTimeout bounds the wait for the peer's close frame, and then the end
	// of the transport. Zero or less: DefaultCloseTimeout.
	CloseTimeout time.Duration
	// SlowPeer says what happens to messages when Driver.MaxOutput octets wait
	// that the peer does not take. Zero: SlowPeerBlock. With the other values
	// Write never waits for the transport: it returns nil as soon as the message
	// is in the queue.
	SlowPeer SlowPeer

	// What follows is for Server; Accept has no use for it.

	// Decide, if not nil, is asked about each request that passed all checks,
	// and about each that is not for WebSocket (Request.WebSocket tells). Nil,
	// or a nil Answer, accepts the former and refuses the latter with status
	// 426. The transport is given for its addresses and TLS state; nobody may
	// read or write it.
	Decide func(*wsfsm.Request, net.Conn) *Answer
	// TLS is the configuration for ListenAndServeTLS; it is copied.
	TLS *tls.Config
	// Error, if not nil, is told of failed openings (*OpenError), of panics of
	// the handler (*PanicError), and of failures to accept. It may be called by
	// several goroutines at once. Openings that Decide refused, that the client
	// left before it had sent anything, or that Shutdown or Close ended have not
	// failed. Nil: panics go to the standard logger.
	Error func(error)

	prepared prepared
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
	// Secure says that the client reached the server over TLS, as that which a
	// proxy in front has ended: see wsfsm.Options.Secure.
	Secure bool
	// Subprotocol, if not empty, is chosen among those that the client offers.
	Subprotocol string
}

// DialOptions configures the client side. The zero value, or nil, is the safe
// default. After its first use a DialOptions must be neither changed nor copied,
// unless it holds a Conn, which serves for one Dial; any number of Dials may
// share it.
type DialOptions struct {
	// Driver are the options of the driver: version, limits, subprotocols,
	// extensions, Origin. Deliver, AutoStart and KeepReading are set by this package.
	Driver wsfsm.Options
	// Header is sent with the request, after the fields of the handshake.
	Header []wsfsm.Field
	// TLS is used for wss URLs; it is copied. Its ServerName is the URL's host
	// unless it is set.
	TLS *tls.Config
	// DialContext, if not nil, makes the transport in place of a net.Dialer. If
	// it returns a *tls.Conn, no further TLS is laid over it.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
	// Conn, if not nil, is the transport to use, and belongs to Dial from then
	// on. As for DialContext, a *tls.Conn is used as it is.
	Conn net.Conn
	// Proxy, if not nil, returns the proxy for a server, or nil, as that of
	// http.Transport does: http.ProxyFromEnvironment, which heeds NO_PROXY, or
	// http.ProxyURL. It is asked with the server's URL under https and, for ws,
	// then under http. User and password of the proxy's URL, percent-decoded,
	// go to the proxy only. The proxy is asked for a tunnel by CONNECT, for ws
	// too. Without Proxy, and with Conn, there is none.
	Proxy func(*http.Request) (*url.URL, error)
	// ProxyHeader is sent with the request to the proxy.
	ProxyHeader []wsfsm.Field
	// ProxyTLS is used for https proxies; it is copied. Its ServerName is the
	// proxy's host unless it is set.
	ProxyTLS *tls.Config
	// Fallback dials once more, with another version of Driver.Versions, when
	// the server refuses the first and names that other one in
	// Sec-WebSocket-Version (RFC 6455 §4.4).
	Fallback bool
	// Timeout bounds the whole of Dial: names, TCP, TLS and opening handshake.
	// Zero: DefaultDialTimeout.
	Timeout time.Duration
	// CloseTimeout bounds the wait for the peer's close frame, and then the end
	// of the transport. Zero or less: DefaultCloseTimeout.
	CloseTimeout time.Duration
	// SlowPeer says what happens to messages when Driver.MaxOutput octets wait
	// that the peer does not take. Zero: SlowPeerBlock. With the other values
	// Write never waits for the transport: it returns nil as soon as the message
	// is in the queue.
	SlowPeer SlowPeer

	prepared prepared
}

// orDefault returns d, or the default if d is zero.
func orDefault(d, standard time.Duration) time.Duration {
	if d == 0 {
		return standard
	}
	return d
}

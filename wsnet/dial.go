package wsnet

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/wsfsm/wsfsm"
)

// DialOptions configures the client side. The zero value, or nil where a pointer
// is taken, is the safe default.
type DialOptions struct {
	// Driver are the options of the driver: version, limits, subprotocols to
	// offer, the origin to send. Deliver, AutoStart and KeepReading are set by
	// this package.
	Driver wsfsm.Options
	// Header is added to the request. User and password in the URL become an
	// Authorization field unless it is given here.
	Header []wsfsm.Field
	// TLS is used for wss. Nil: the host's root certificates and the URL's host
	// name. It is not changed.
	TLS *tls.Config
	// DialContext makes the transport, below TLS. Nil: that of a net.Dialer.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
	// Timeout bounds name resolution, connection, TLS and the opening
	// handshake. Zero: DefaultDialTimeout. The context may end it earlier.
	Timeout time.Duration
	// CloseTimeout bounds the closing handshake and the end of the transport.
	// Zero: DefaultCloseTimeout.
	CloseTimeout time.Duration
}

// Dial opens a connection to a ws or wss URL. The context and
// DialOptions.Timeout bound opening it, not its life. The causes of a failure
// are told apart by errors.As and errors.Is: *net.DNSError, syscall.ECONNREFUSED
// and other *net.OpError, *tls.CertificateVerificationError, *HandshakeError
// with the server's status and header, ErrDialTimeout, the context's cause. No
// error holds the URL's user or password.
func Dial(ctx context.Context, rawURL string, o *DialOptions) (*Conn, error) {
	if o == nil {
		o = &DialOptions{}
	}
	ep, err := endpoint(o.Driver)
	if err != nil {
		return nil, err
	}
	d, err := ep.Client(rawURL)
	if err != nil {
		return nil, err
	}
	if err := d.Start(o.Header...); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, orDefault(o.Timeout, DefaultDialTimeout), ErrDialTimeout)
	defer cancel()
	nc, err := o.connect(ctx, rawURL)
	if err != nil {
		return nil, dialError(ctx, err)
	}
	stop := endsWith(ctx, nc)
	buf, err := open(nc, d, nil)
	if !stop() && err == nil {
		err = context.Cause(ctx)
		nc.Close()
	}
	if err != nil {
		return nil, dialError(ctx, err)
	}
	return newConn(nc, d, buf, orDefault(o.CloseTimeout, DefaultCloseTimeout)), nil
}

// dialError prefers the cause of the context's end to what it brought about.
func dialError(ctx context.Context, err error) error {
	var refused *HandshakeError
	if ctx.Err() != nil && !(errors.As(err, &refused) && refused.Response != nil) {
		err = context.Cause(ctx)
	}
	return fmt.Errorf("wsnet: dial: %w", err)
}

// connect makes the transport, with TLS if the URL wants it.
func (o *DialOptions) connect(ctx context.Context, rawURL string) (net.Conn, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("malformed URL")
	}
	secure := u.Scheme == "wss"
	port := u.Port()
	switch {
	case port == "" && secure:
		port = "443"
	case port == "":
		port = "80"
	}
	dial := o.DialContext
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	nc, err := dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil || !secure {
		return nc, err
	}
	return handshakeTLS(ctx, nc, o.TLS, u.Hostname())
}

// handshakeTLS wraps nc in TLS, before anything else is sent (RFC 6455 §4.1).
func handshakeTLS(ctx context.Context, nc net.Conn, config *tls.Config, host string) (net.Conn, error) {
	if config == nil {
		config = &tls.Config{}
	} else {
		config = config.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	config.NextProtos = []string{"http/1.1"}
	secure := tls.Client(nc, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		nc.Close()
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return secure, nil
}

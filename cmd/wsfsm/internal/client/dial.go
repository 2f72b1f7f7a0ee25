// Package client is a WebSocket client that hides nothing: its caller sees every
// event of the driver, pings and pongs too, and messages also behind the own
// close frame. One goroutine owns the driver; two more read and write the
// transport, so that neither direction can hold up the other.
package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/frames"
)

// Options say how to connect.
type Options struct {
	Driver wsfsm.Options // KeepReading is set by this package
	Header []wsfsm.Field // added to the request
	TLS    *tls.Config   // for wss; nil for the host's root certificates
	// Timeout bounds, each for itself, connecting with TLS, the opening
	// handshake and the closing handshake.
	Timeout time.Duration
	// SeeIn and SeeOut, if neither is nil, are called for each frame as it passes, by
	// the goroutines that read and write the transport.
	SeeIn, SeeOut func(frames.Frame)
}

// ErrConnectTimeout: there was no connection in time.
var ErrConnectTimeout = errors.New("no connection in time")

// UsageError is an error of what Dial was given, rather than of the network.
type UsageError struct{ Err error }

// Error implements error.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

// Dial connects to the host of a ws or wss URL. Run goes on from there. Errors
// do not repeat the URL, which may hold a password.
func Dial(ctx context.Context, rawURL string, o Options) (*Conn, error) {
	o.Driver.KeepReading = true
	endpoint, err := wsfsm.NewEndpoint(o.Driver)
	if err != nil {
		return nil, &UsageError{err}
	}
	d, err := endpoint.Client(rawURL)
	if err != nil {
		return nil, &UsageError{err}
	}
	if err := d.Start(o.Header...); err != nil {
		return nil, &UsageError{err}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, o.Timeout, ErrConnectTimeout)
	defer cancel()
	transport, err := connect(ctx, rawURL, o.TLS)
	if ctx.Err() != nil && err != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	if o.SeeIn != nil && o.SeeOut != nil {
		transport = frames.NewTap(transport, o.SeeIn, o.SeeOut)
	}
	return newConn(d, transport, o.Timeout), nil
}

// connect makes the transport, with TLS before anything is sent if the URL wants
// it (RFC 6455 §4.1). The URL has been checked.
func connect(ctx context.Context, rawURL string, config *tls.Config) (net.Conn, error) {
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
	transport, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil || !secure {
		return transport, err
	}
	if config == nil {
		config = new(tls.Config)
	}
	config = config.Clone()
	config.ServerName = u.Hostname()
	config.NextProtos = []string{"http/1.1"}
	protected := tls.Client(transport, config)
	if err := protected.HandshakeContext(ctx); err != nil {
		transport.Close()
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return protected, nil
}

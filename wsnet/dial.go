package wsnet

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/states"
)

// Dial opens a connection to a ws or wss URL. ctx bounds Dial, not the
// connection. User and password in the URL become an Authorization field and
// appear in no error. Redirects are not followed.
//
// A server that does not agree to an extension with extension.Required is told so
// with close code 1010, and Dial fails with extension.ErrRequired.
//
// The error is an *OpenError; its cause is context.Cause(ctx) or ErrDialTimeout
// if time ran out. For a URL or options that cannot be used it is another.
func Dial(ctx context.Context, rawURL string, o *DialOptions) (*Conn, error) {
	s, o, err := o.share()
	var c *Conn
	if err == nil {
		c, err = o.dialAny(ctx, rawURL, s)
	}
	if err != nil && o.Conn != nil && !errors.Is(err, extension.ErrRequired) { // then the transport ends behind the close frame
		o.Conn.Close()
	}
	return c, err
}

// dialAny dials with the preferred version and, if that is asked for, with
// another one that the server names when it refuses the first.
func (o *DialOptions) dialAny(ctx context.Context, rawURL string, s *shared) (*Conn, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("wsnet: malformed URL") // err repeats the URL, which may hold a password
	}
	if timeout := orDefault(o.Timeout, DefaultDialTimeout); timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, ErrDialTimeout)
		defer cancel()
	}
	d, err := s.endpoint.Client(rawURL)
	if err != nil {
		return nil, err
	}
	c, err := o.dial(ctx, u, s, d)
	if other := o.fallback(err, d); other != "" {
		if d, err = s.endpoint.ClientSpeaking(other, rawURL); err == nil {
			c, err = o.dial(ctx, u, s, d)
		}
	}
	return c, err
}

// dial opens a connection for a driver that has not started.
func (o *DialOptions) dial(ctx context.Context, u *url.URL, s *shared, d *wsfsm.Driver) (*Conn, error) {
	proxy, err := o.proxyFor(u)
	if err != nil {
		return nil, err
	}
	opening := &opening{shared: s, driver: d}
	if proxy == nil {
		if err := d.Start(o.Header...); err != nil {
			return nil, err
		}
		if opening.nc, err = o.connect(ctx, u); err != nil {
			return nil, openError(ctx, StageConnect, err)
		}
	} else if err := o.tunnel(ctx, opening, proxy); err != nil {
		return nil, err
	}
	if u.Scheme == "wss" {
		if opening.nc, err = o.secure(ctx, opening, u.Hostname()); err != nil {
			return nil, openError(ctx, StageTLS, err)
		}
	}
	if proxy != nil {
		if err := d.Start(o.Header...); err != nil {
			cut(opening.nc)
			return nil, err
		}
	}
	if err := opening.runWithin(ctx); err != nil {
		return nil, opening.failed(ctx, StageHandshake, err)
	}
	c := opening.conn()
	if err := c.brokenAtOnce(); err != nil {
		return nil, &OpenError{Stage: StageHandshake, Response: c.Response(), Err: err}
	}
	return c, nil
}

// brokenAtOnce returns why this end has failed the connection as soon as it was
// open: the server has not agreed to an extension that the client insists on
// (RFC 6455 §7.4.1).
func (c *Conn) brokenAtOnce() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.driver.State() == states.ConnectionOpen {
		return nil
	}
	c.handleEvents()
	return c.ended.Err
}

// tunnel has a proxy open a tunnel to the server.
func (o *DialOptions) tunnel(ctx context.Context, opening *opening, proxy *url.URL) (err error) {
	if err := opening.driver.Tunnel(o.proxyFields(proxy)...); err != nil {
		return err
	}
	if opening.nc, err = o.connectProxy(ctx, proxy); err != nil {
		return openError(ctx, StageProxy, err)
	}
	if err := opening.runWithin(ctx); err != nil {
		return opening.failed(ctx, StageProxy, err)
	}
	return nil
}

// failed ends the transport of an opening that has failed, and says why.
func (o *opening) failed(ctx context.Context, stage Stage, err error) error {
	cut(o.nc)
	e := openError(ctx, stage, err)
	e.Response = o.driver.Response()
	return e
}

// runWithin carries the handshake to its end, or to that of a tunnel, unless ctx
// ends first.
func (o *opening) runWithin(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { cut(o.nc) })
	err := o.run(nil)
	if !stop() {
		return context.Cause(ctx)
	}
	return err
}

// connect makes the transport to the host of a URL.
func (o *DialOptions) connect(ctx context.Context, u *url.URL) (net.Conn, error) {
	if o.Conn != nil {
		return o.Conn, nil
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"ws": "80", "http": "80", "wss": "443", "https": "443"}[u.Scheme]
	}
	dial := o.DialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
}

// secure lays TLS over the transport to the server, unless it is there.
func (o *DialOptions) secure(ctx context.Context, opening *opening, host string) (net.Conn, error) {
	if _, ok := opening.nc.(*tls.Conn); ok && !opening.tunnel {
		return opening.nc, nil
	}
	if opening.driver.Pending() > 0 {
		opening.nc.Close()
		return nil, errEarly
	}
	return secureWith(ctx, opening.nc, o.TLS, host)
}

// openError names the end of ctx as the cause, if it is. A transport that knows
// the deadline may be a little ahead of ctx.
func openError(ctx context.Context, stage Stage, err error) *OpenError {
	if deadline, ok := ctx.Deadline(); ok && isTimeout(err) && !time.Now().Before(deadline) {
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return &OpenError{Stage: stage, Err: err}
}

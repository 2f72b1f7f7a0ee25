package wsnet

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"time"
)

// Dial opens a connection to a ws or wss URL. ctx bounds Dial, not the
// connection. User and password in the URL become an Authorization field and
// appear in no error. Redirects are not followed.
//
// The error is an *OpenError; its cause is context.Cause(ctx) or ErrDialTimeout
// if time ran out. For a URL or options that cannot be used it is another.
func Dial(ctx context.Context, rawURL string, o *DialOptions) (*Conn, error) {
	s, o, err := o.share()
	var c *Conn
	if err == nil {
		c, err = o.dial(ctx, rawURL, s)
	}
	if err != nil && o.Conn != nil {
		o.Conn.Close()
	}
	return c, err
}

func (o *DialOptions) dial(ctx context.Context, rawURL string, s *shared) (*Conn, error) {
	d, err := s.endpoint.Client(rawURL)
	if err != nil {
		return nil, err
	}
	if err := d.Start(o.Header...); err != nil {
		return nil, err
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("wsnet: malformed URL") // err repeats the URL, which may hold a password
	}
	if timeout := orDefault(o.Timeout, DefaultDialTimeout); timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, ErrDialTimeout)
		defer cancel()
	}
	nc, err := o.connect(ctx, u)
	if err != nil {
		return nil, openError(ctx, StageConnect, err)
	}
	if u.Scheme == "wss" {
		if nc, err = o.secure(ctx, nc, u.Hostname()); err != nil {
			return nil, openError(ctx, StageTLS, err)
		}
	}
	opening := &opening{nc: nc, shared: s, driver: d}
	if err := opening.runWithin(ctx); err != nil {
		cut(nc)
		e := openError(ctx, StageHandshake, err)
		e.Response = d.Response()
		return nil, e
	}
	return opening.conn(o.CloseTimeout), nil
}

// runWithin carries the handshake to its end unless ctx ends first.
func (o *opening) runWithin(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { cut(o.nc) })
	err := o.run(nil)
	if !stop() {
		return context.Cause(ctx)
	}
	return err
}

// connect makes the transport.
func (o *DialOptions) connect(ctx context.Context, u *url.URL) (net.Conn, error) {
	if o.Conn != nil {
		return o.Conn, nil
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"ws": "80", "wss": "443"}[u.Scheme]
	}
	dial := o.DialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
}

// secure lays TLS over the transport, unless it is there.
func (o *DialOptions) secure(ctx context.Context, nc net.Conn, host string) (net.Conn, error) {
	if _, ok := nc.(*tls.Conn); ok {
		return nc, nil
	}
	config := o.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	config.NextProtos = []string{"http/1.1"} // with "h2" a server would speak HTTP/2
	t := tls.Client(nc, config)
	if err := t.HandshakeContext(ctx); err != nil {
		nc.Close()
		return nil, err
	}
	return t, nil
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

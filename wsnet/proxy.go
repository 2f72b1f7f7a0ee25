package wsnet

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/wsfsm/wsfsm"
)

// errEarly: a server cannot have sent anything before the client's part of TLS.
var errEarly = errors.New("wsnet: the proxy sent octets behind its answer, before TLS had begun")

// proxyFor returns the proxy for a server's URL; nil if there is none. As RFC
// 6455 §4.1 prefers, that for https is asked for first, also for ws.
func (o *DialOptions) proxyFor(u *url.URL) (*url.URL, error) {
	if o.Proxy == nil || o.Conn != nil {
		return nil, nil
	}
	schemes := []string{"https", "http"}
	if u.Scheme == "wss" {
		schemes = schemes[:1]
	}
	for _, scheme := range schemes {
		as := *u
		as.Scheme, as.User = scheme, nil
		proxy, err := o.Proxy(&http.Request{Method: http.MethodConnect, URL: &as, Host: as.Host, Header: http.Header{}})
		if err != nil {
			return nil, errors.New("wsnet: the proxy's URL cannot be used") // err may hold its password
		}
		if proxy != nil {
			return proxy, checkProxy(proxy)
		}
	}
	return nil, nil
}

func checkProxy(u *url.URL) error {
	if u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("wsnet: a proxy's URL has the scheme http or https and a host, this one has %q; for others there is DialContext", u.Scheme)
	}
	return nil
}

// proxyFields are the fields of the request to the proxy. User and password are
// for it alone (RFC 9110 §11.7.2).
func (o *DialOptions) proxyFields(proxy *url.URL) []wsfsm.Field {
	fields := o.ProxyHeader
	if proxy.User != nil {
		password, _ := proxy.User.Password()
		basic := base64.StdEncoding.EncodeToString([]byte(proxy.User.Username() + ":" + password))
		fields = append(fields[:len(fields):len(fields)], wsfsm.Field{Name: "Proxy-Authorization", Value: "Basic " + basic})
	}
	return fields
}

// connectProxy makes the transport to a proxy.
func (o *DialOptions) connectProxy(ctx context.Context, proxy *url.URL) (net.Conn, error) {
	nc, err := o.connect(ctx, proxy)
	if err != nil || proxy.Scheme == "http" {
		return nc, err
	}
	return secureWith(ctx, nc, o.ProxyTLS, proxy.Hostname())
}

// secureWith lays TLS over a transport.
func secureWith(ctx context.Context, nc net.Conn, config *tls.Config, host string) (net.Conn, error) {
	if config = config.Clone(); config == nil {
		config = &tls.Config{}
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	config.NextProtos = []string{"http/1.1"} // with "h2" the other end would speak HTTP/2
	t := tls.Client(nc, config)
	if err := t.HandshakeContext(ctx); err != nil {
		nc.Close()
		return nil, err
	}
	return t, nil
}

package wsnet_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/wsnet"
)

// tunnels is a proxy that opens tunnels for those who know the password.
type tunnels struct {
	url      string
	password string // of user "jörg"; "" for none
	extra    string // octets behind the answer

	mu       sync.Mutex
	requests []*http.Request
}

func startTunnels(t *testing.T, l net.Listener, scheme string) *tunnels {
	t.Helper()
	p := &tunnels{url: scheme + "://" + l.Addr().String()}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(nc)
		}
	}()
	return p
}

func (p *tunnels) serve(nc net.Conn) {
	defer nc.Close()
	r := bufio.NewReader(nc)
	request, err := http.ReadRequest(r)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.requests = append(p.requests, request)
	p.mu.Unlock()
	if p.password != "" && request.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte("jörg:"+p.password)) {
		io.WriteString(nc, "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 2\r\n\r\nno")
		return
	}
	to, err := net.Dial("tcp", request.Host)
	if err != nil {
		io.WriteString(nc, "HTTP/1.1 502 Bad Gateway\r\n\r\n")
		return
	}
	defer to.Close()
	io.WriteString(nc, "HTTP/1.0 200 Connection established\r\nVia: test\r\n\r\n"+p.extra)
	go func() {
		io.Copy(to, r)
		to.(*net.TCPConn).CloseWrite()
	}()
	io.Copy(nc, to)
}

// last is the last request that the proxy has had.
func (p *tunnels) last(t *testing.T) *http.Request {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.requests) == 0 {
		t.Fatal("the proxy was not asked")
	}
	return p.requests[len(p.requests)-1]
}

func by(t *testing.T, raw string) func(*http.Request) (*url.URL, error) {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return http.ProxyURL(u)
}

func TestProxy(t *testing.T) {
	headers := make(chan wsfsm.Header, 1)
	server := serve(t, func(c *wsnet.Conn) {
		headers <- c.Request().Header
		echo(c)
	}, nil)
	p := startTunnels(t, listen(t), "http")
	p.password = "s%:ecret"
	proxy := strings.Replace(p.url, "://", "://j%C3%B6rg:s%25%3Aecret@", 1)
	c := dial(t, server, &wsnet.DialOptions{Proxy: by(t, proxy), ProxyHeader: []wsfsm.Field{{Name: "X-Trace", Value: "7"}}})
	if err := c.Write(soon(t), wsnet.Text, []byte("through")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, c); got != "through" {
		t.Errorf("%q came back", got)
	}
	request := p.last(t)
	host := strings.TrimSuffix(strings.TrimPrefix(server, "ws://"), "/")
	if request.Method != "CONNECT" || request.RequestURI != host || request.Host != host || request.Header.Get("X-Trace") != "7" {
		t.Errorf("%s %s, Host %s, %v", request.Method, request.RequestURI, request.Host, request.Header)
	}
	seen := <-headers
	for _, name := range []string{"Proxy-Authorization", "X-Trace"} {
		if seen.Get(name) != "" {
			t.Errorf("the server saw %s", name)
		}
	}
	if err := c.Close(wsfsm.CloseNormal, ""); err != nil {
		t.Error(err)
	}
}

// Each refusal has its stage, status and header, and no password.
func TestProxyRefuses(t *testing.T) {
	p := startTunnels(t, listen(t), "http")
	p.password = "right"
	dead := listen(t)
	dead.Close()
	for _, c := range []struct {
		name, server, proxy string
		status              int
	}{
		{"password", "ws://127.0.0.1:1/", strings.Replace(p.url, "://", "://j%C3%B6rg:wrong@", 1), 407},
		{"server", "ws://127.0.0.1:1/", strings.Replace(p.url, "://", "://j%C3%B6rg:right@", 1), 502},
		{"proxy", "ws://127.0.0.1:1/", "http://x:wrong@" + dead.Addr().String(), 0},
	} {
		_, err := wsnet.Dial(soon(t), c.server, &wsnet.DialOptions{Proxy: by(t, c.proxy)})
		var failed *wsnet.OpenError
		switch {
		case !errors.As(err, &failed) || failed.Stage != wsnet.StageProxy || strings.Contains(err.Error(), "wrong"):
			t.Errorf("%s: %v", c.name, err)
		case c.status == 0:
			if failed.Response != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		case failed.Response == nil || failed.Response.Status != c.status || !errors.Is(err, states.NoTunnel):
			t.Errorf("%s: %v", c.name, err)
		case c.status == 407 && failed.Response.Header.Get("Proxy-Authenticate") != `Basic realm="p"`:
			t.Errorf("%s: header %v", c.name, failed.Response.Header)
		}
	}
	for _, bad := range []string{"socks5://h:1", "http:///x", "ftp://h"} {
		if _, err := wsnet.Dial(soon(t), "ws://h/", &wsnet.DialOptions{Proxy: by(t, bad)}); err == nil || !strings.Contains(err.Error(), "proxy") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// A wss server behind a proxy that is reached over TLS itself.
func TestProxyOverTLS(t *testing.T) {
	config, trust := certificate(t)
	p := startTunnels(t, tls.NewListener(listen(t), config), "https")
	l := tls.NewListener(listen(t), config)
	serveOn(t, l, &wsnet.Server{Handler: echo})
	c := dial(t, "wss://"+l.Addr().String()+"/", &wsnet.DialOptions{Proxy: by(t, p.url), TLS: trust, ProxyTLS: trust})
	if err := c.Write(soon(t), wsnet.Text, []byte("twice")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, c); got != "twice" {
		t.Errorf("%q came back", got)
	}
	p.extra = "early"
	if _, err := wsnet.Dial(soon(t), "wss://"+l.Addr().String()+"/", &wsnet.DialOptions{Proxy: by(t, p.url), TLS: trust, ProxyTLS: trust}); err == nil || !strings.Contains(err.Error(), "before TLS had begun") {
		t.Errorf("octets behind the answer: %v", err)
	}
}

// The first drafts tell the client the URL of the resource, over TLS a wss one.
func TestLocationOverTLS(t *testing.T) {
	config, trust := certificate(t)
	versions := wsfsm.Options{Versions: []string{"hixie-76"}}
	l := tls.NewListener(listen(t), config)
	serveOn(t, l, &wsnet.Server{Handler: echo, Options: &wsnet.Options{Driver: versions}})
	url := "wss://" + l.Addr().String() + "/x"
	c := dial(t, url, &wsnet.DialOptions{Driver: versions, TLS: trust})
	if got := c.Response().Header.Get("Sec-WebSocket-Location"); got != url {
		t.Errorf("the location is %q", got)
	}
}

// The proxy for https is preferred, also for ws (RFC 6455 §4.1).
func TestProxyIsAskedFor(t *testing.T) {
	var asked []string
	none := func(r *http.Request) (*url.URL, error) {
		asked = append(asked, r.Method+" "+r.URL.String())
		return nil, nil
	}
	server := serve(t, echo, nil)
	host := strings.TrimSuffix(strings.TrimPrefix(server, "ws://"), "/")
	dial(t, "ws://user:secret@"+host+"/x?y", &wsnet.DialOptions{Proxy: none})
	if want := "CONNECT https://" + host + "/x?y CONNECT http://" + host + "/x?y"; strings.Join(asked, " ") != want {
		t.Errorf("asked for %q, want %q", asked, want)
	}
	broken := func(*http.Request) (*url.URL, error) { return nil, errors.New("http://u:secret@p") }
	if _, err := wsnet.Dial(context.Background(), server, &wsnet.DialOptions{Proxy: broken}); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}

// TestFallback: another version is spoken only if that is asked for and the
// server names it.
func TestFallback(t *testing.T) {
	server := serve(t, echo, &wsnet.Options{Driver: wsfsm.Options{Versions: []string{"hybi-07", "hybi-12"}}})
	versions := wsfsm.Options{Versions: []string{"rfc6455", "hybi-06", "hybi-12"}}
	c := dial(t, server, &wsnet.DialOptions{Driver: versions, Fallback: true})
	if c.Version() != "hybi-12" {
		t.Errorf("%s is spoken", c.Version())
	}
	for name, o := range map[string]*wsnet.DialOptions{
		"not asked for":  {Driver: versions},
		"none in common": {Driver: wsfsm.Options{Versions: []string{"rfc6455", "hybi-06"}}, Fallback: true},
	} {
		var failed *wsnet.OpenError
		if _, err := wsnet.Dial(soon(t), server, o); !errors.As(err, &failed) || failed.Response == nil || failed.Response.Status != 426 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package conformance_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/wsnet"
)

// first makes a connection without a peer and returns the address dialled and
// the first octet sent.
func (f *faults) first(rawURL string) (address string, octet byte) {
	if f.url != nil {
		rawURL = f.url(rawURL)
	}
	ours, theirs := net.Pipe()
	read := make(chan byte, 1)
	go func() {
		var p [1]byte
		theirs.Read(p[:])
		theirs.Close()
		read <- p[0]
	}()
	o := &wsnet.DialOptions{Timeout: patience, DialContext: func(_ context.Context, _, to string) (net.Conn, error) {
		address = to
		return ours, nil
	}}
	if c, err := wsnet.Dial(context.Background(), rawURL, o); err == nil {
		c.CloseNow()
	}
	ours.Close()
	return address, <-read
}

// RFC 6455 §3: the ports are 80 and 443 unless the URL has another.
func TestDefaultPorts(t *testing.T) { pass(t, defaultPorts) }

func defaultPorts(_ *testing.T, f *faults) error {
	for rawURL, want := range map[string]string{
		"ws://a.test/": "a.test:80", "wss://a.test/": "a.test:443", "WSS://a.test/": "a.test:443", "ws://a.test:443/": "a.test:443", "wss://[::1]": "[::1]:443",
	} {
		if got, _ := f.first(rawURL); got != want {
			return fmt.Errorf("%s: %q is dialled", rawURL, got)
		}
	}
	return nil
}

// RFC 6455 §3: wss, in any case, is over TLS, and ws is not.
func TestSchemeSelectsTLS(t *testing.T) { pass(t, schemeSelectsTLS) }

func schemeSelectsTLS(_ *testing.T, f *faults) error {
	for _, scheme := range []string{"ws", "WS", "wss", "WSS", "wSs"} {
		_, octet := f.first(scheme + "://a.test/")
		if secure := octet == recordHandshake; secure != strings.EqualFold(scheme, "wss") {
			return fmt.Errorf("%s: the first octet is %#x", scheme, octet)
		}
	}
	return nil
}

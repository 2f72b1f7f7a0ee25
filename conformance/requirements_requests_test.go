package conformance_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// RFC 6455 §4.1: the nonce is chosen at random for each connection.
func TestNonceIsRandom(t *testing.T) { pass(t, nonceIsRandom) }

func nonceIsRandom(_ *testing.T, f *faults) error {
	seen := map[string]bool{}
	for range 50 {
		r, err := f.parsed("ws://example.com/", wsfsm.Options{})
		if err != nil {
			return err
		}
		key := r.Header.Get("Sec-WebSocket-Key")
		if nonce, err := base64.StdEncoding.DecodeString(key); err != nil || len(nonce) != 16 || seen[key] {
			return fmt.Errorf("key %q: %v, %d octets, seen %v", key, err, len(nonce), seen[key])
		}
		seen[key] = true
	}
	return nil
}

// RFC 6455 §4.2.1: the order of the header fields does not matter.
func TestOrderOfFieldsIsFree(t *testing.T) { pass(t, orderOfFieldsIsFree) }

func orderOfFieldsIsFree(_ *testing.T, f *faults) error {
	for i := range requestFields {
		var fields [][]byte
		for _, s := range slices.Concat(requestFields[i:], requestFields[:i]) {
			fields = append(fields, []byte(s))
		}
		if f.in != nil {
			fields = f.in(fields)
		}
		if _, err := openServer(string(bytes.Join(fields, nil))); err != nil {
			return fmt.Errorf("%q: %w", fields, err)
		}
	}
	return nil
}

// RFC 6455 §3: the resource name is the path and, if there is one, the query.
func TestResourceNames(t *testing.T) { pass(t, resourceNames) }

func resourceNames(_ *testing.T, f *faults) error {
	for rawURL, want := range map[string]string{
		"ws://a": "/", "ws://a/": "/", "ws://a/b/c": "/b/c", "ws://a?x": "/?x", "ws://a/?": "/", "ws://a/b?c=d&e": "/b?c=d&e", "wss://a/%20": "/%20",
	} {
		r, err := f.parsed(rawURL, wsfsm.Options{})
		if err != nil {
			return err
		}
		if r.RequestURI != want {
			return fmt.Errorf("%s: %q", rawURL, r.RequestURI)
		}
	}
	return nil
}

// RFC 6455 §11.1: a request holds the ASCII form of hosts, and escapes.
func TestInternationalURLs(t *testing.T) { pass(t, internationalURLs) }

func internationalURLs(_ *testing.T, f *faults) error {
	for _, rawURL := range []string{"ws://bücher.example/", "ws://xn--bcher-kva.example/ü", "ws://a/?ü", "ws://a/%C3%BC", "ws://a/?%C3%BC"} {
		_, p, err := f.request(rawURL, wsfsm.Options{})
		if err != nil && strings.Contains(rawURL, "%") {
			return err
		}
		if i := slices.IndexFunc(p, func(b byte) bool { return b >= 0x80 }); i >= 0 {
			return fmt.Errorf("%s: the request holds %#x", rawURL, p[i])
		}
	}
	r, err := f.parsed("ws://xn--bcher-kva.example/ü", wsfsm.Options{})
	if err != nil || r.Host != "xn--bcher-kva.example" || r.RequestURI != "/"+url.PathEscape("ü") {
		return fmt.Errorf("got %v, %w", r, err)
	}
	return nil
}

// RFC 6455 §3: a URL has no fragment; "#" is escaped.
func TestURLsWithFragments(t *testing.T) { pass(t, urlsWithFragments) }

func urlsWithFragments(_ *testing.T, f *faults) error {
	for _, rawURL := range []string{"ws://a/#b", "wss://a/b?c#d", "ws://a/#"} {
		if _, _, err := f.request(rawURL, wsfsm.Options{}); err == nil {
			return fmt.Errorf("%s is accepted", rawURL)
		}
	}
	r, err := f.parsed("ws://a/%23b", wsfsm.Options{})
	if err != nil || r.RequestURI != "/%23b" {
		return fmt.Errorf("got %v, %w", r, err)
	}
	return nil
}

// RFC 6455 §4.1: what makes no valid URL is not connected to.
func TestInvalidURLs(t *testing.T) { pass(t, invalidURLs) }

func invalidURLs(_ *testing.T, f *faults) error {
	for _, rawURL := range []string{"", "example.com", "http://a/", "ws:///a", "ws:a", "ws://a:99999/", "ws://a:b/", "ws://a b/", "ws://a/?b c"} {
		if _, _, err := f.request(rawURL, wsfsm.Options{}); err == nil {
			return fmt.Errorf("%q is accepted", rawURL)
		}
	}
	return nil
}

// RFC 6455 §4.1: subprotocols are tokens, none twice, the preferred one first.
func TestSubprotocolsOffered(t *testing.T) { pass(t, subprotocolsOffered) }

func subprotocolsOffered(_ *testing.T, f *faults) error {
	for _, bad := range [][]string{{""}, {"a b"}, {"a,b"}, {"ü"}, {"a", "a"}} {
		if _, err := wsfsm.NewEndpoint(wsfsm.Options{Subprotocols: bad}); err == nil {
			return fmt.Errorf("%q are accepted", bad)
		}
	}
	want := []string{"z", "a.b", "M"}
	r, err := f.parsed("ws://a/", wsfsm.Options{Subprotocols: want})
	if err != nil {
		return err
	}
	if got := r.Header.Get("Sec-WebSocket-Protocol"); got != strings.Join(want, ", ") {
		return fmt.Errorf("%q are offered as %q", want, got)
	}
	return nil
}

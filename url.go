package wsfsm

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
)

// target is what a client needs of a ws or wss URL (RFC 6455 §3).
type target struct {
	target        string // resource name
	authority     string // host, and the port unless it is the default
	tunnel        string // host and port, in any case
	secure        bool   // wss
	authorization string // value of Authorization; "" if none
}

// parseURL takes a WebSocket URL apart. Its errors do not repeat the URL, which
// may hold a password.
func parseURL(raw string) (target, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return target{}, errors.New("wsfsm: malformed URL")
	}
	defaultPort := ""
	switch u.Scheme {
	case "ws":
		defaultPort = "80"
	case "wss":
		defaultPort = "443"
	default:
		return target{}, errors.New("wsfsm: the URL's scheme is neither ws nor wss")
	}
	switch {
	case u.Hostname() == "" || !isPort(u.Port()):
		return target{}, errors.New("wsfsm: the URL names no host")
	case !isASCII(u.Host):
		return target{}, errors.New("wsfsm: the URL's host must be in its ASCII form (RFC 6455 §11.1)")
	case u.Fragment != "" || strings.Contains(raw, "#"):
		return target{}, errors.New("wsfsm: a WebSocket URL has no fragment (RFC 6455 §3)")
	}
	host := strings.ToLower(u.Host) // as browsers send it, and the first drafts want it
	t := target{target: u.EscapedPath(), authority: host}
	if t.target == "" {
		t.target = "/"
	}
	if u.RawQuery != "" {
		t.target += "?" + u.RawQuery
	}
	if !isTarget(t.target) {
		return target{}, errors.New("wsfsm: the URL's query holds octets that must be escaped")
	}
	t.secure, t.tunnel = u.Scheme == "wss", host
	if port := u.Port(); port == defaultPort || port == "" {
		t.authority = strings.TrimSuffix(host, ":"+port)
		t.tunnel = t.authority + ":" + defaultPort
	}
	if u.User != nil {
		password, _ := u.User.Password()
		t.authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password))
	}
	return t, nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// isTarget reports whether s can stand on a request line.
func isTarget(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7F {
			return false
		}
	}
	return true
}

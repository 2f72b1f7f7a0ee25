package wsfsm

import (
	"fmt"
	"net/url"
	"strings"
)

// originRule is one entry of Options.Origins.
type originRule struct {
	any    bool
	scheme string // "" for any
	host   string // host with optional port, lower case; a leading "*." stands for one or more labels
}

func parseOriginRule(s string) (originRule, error) {
	if s == "*" {
		return originRule{any: true}, nil
	}
	r := originRule{host: strings.ToLower(s)}
	if scheme, host, ok := strings.Cut(r.host, "://"); ok {
		r.scheme, r.host = scheme, host
	}
	if r.host == "" || strings.ContainsAny(r.host, "/?#@ ,") {
		return r, fmt.Errorf("wsfsm: %q is no origin", s)
	}
	return r, nil
}

// allowsOrigin reports whether a request from that origin is accepted: of the
// same host as the request's Host, or allowed by a rule (RFC 6455 §10.2).
func (ep *Endpoint) allowsOrigin(origin, host string) bool {
	for _, r := range ep.origins {
		if r.any {
			return true
		}
	}
	return sameHost(origin, host) || ep.parsedOrigin(origin, host)
}

// parsedOrigin is allowsOrigin without the short ways.
func (ep *Endpoint) parsedOrigin(origin, host string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme == "" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	if strings.EqualFold(withoutDefaultPort(u.Host, u.Scheme), withoutDefaultPort(host, u.Scheme)) {
		return true
	}
	for _, r := range ep.origins {
		if r.matches(u.Scheme, strings.ToLower(u.Host)) {
			return true
		}
	}
	return false
}

// sameHost reports whether an origin is http or https and that host, where that
// takes no parsing: of names and addresses in plain letters and digits.
func sameHost(origin, host string) bool {
	rest, ok := strings.CutPrefix(origin, "http")
	if !ok {
		return false
	}
	rest = strings.TrimPrefix(rest, "s")
	name, ok := strings.CutPrefix(rest, "://")
	if !ok || name == "" || name != host {
		return false
	}
	for i := range len(name) {
		if !isAlphanumeric(name[i]) && name[i] != '.' && name[i] != '-' {
			return name[i] == ':' && i > 0 && isPort(name[i+1:])
		}
	}
	return true
}

// withoutDefaultPort drops the port that the scheme implies.
func withoutDefaultPort(host, scheme string) string {
	switch scheme {
	case "http":
		return strings.TrimSuffix(host, ":80")
	case "https":
		return strings.TrimSuffix(host, ":443")
	}
	return host
}

func (r originRule) matches(scheme, host string) bool {
	if r.scheme != "" && r.scheme != scheme {
		return false
	}
	if suffix, ok := strings.CutPrefix(r.host, "*"); ok {
		return strings.HasSuffix(host, suffix) && len(host) > len(suffix)
	}
	return r.host == host
}

package wsfsm

import (
	"strings"

	"github.com/wsfsm/wsfsm/extension"
)

// Field is one header field of a request or response. Names are compared
// without case; values are raw octets, white space around them removed.
type Field struct{ Name, Value string }

// Header is the header section of a request or response, in the order received.
type Header []Field

// Get returns the value of the first field with that name; "" if there is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if equalFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Values returns the values of all fields with that name, in order.
func (h Header) Values(name string) []string {
	var values []string
	for _, f := range h {
		if equalFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// combined returns the values of a field joined by commas (RFC 9110 §5.3).
func (h Header) combined(name string) string { return strings.Join(h.Values(name), ", ") }

// Request is the head of an HTTP request.
type Request struct {
	Method string
	Target string // as on the request line
	Proto  string // "HTTP/1.1"
	Header Header
	// WebSocket reports whether the request asks for WebSocket and passed all
	// checks. Set by the driver.
	WebSocket bool
	// Subprotocols are those that the client offers, in its order of
	// preference. Set by the driver.
	Subprotocols []string
	// Extensions are those that the client offers, in its order of preference;
	// nil if they are malformed. Set by the driver.
	Extensions []extension.Element
}

// pathOf returns a target without scheme and authority (RFC 9112 §3.2).
func pathOf(target string) string {
	if strings.HasPrefix(target, "/") {
		return target
	}
	_, rest, absolute := strings.Cut(target, "://")
	if !absolute {
		return target
	}
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		return "/" + strings.TrimPrefix(rest[i:], "/")
	}
	return "/"
}

// AsksForWebSocket reports whether the request asks for WebSocket at all: a GET
// whose Connection has the token upgrade and whose Upgrade the token websocket.
// Whether it holds in all else is for the driver to say.
func (r *Request) AsksForWebSocket() bool {
	return r.Method == "GET" && hasToken(r.Header.combined("Connection"), "upgrade") && hasToken(r.Header.combined("Upgrade"), "websocket")
}

// Response is the head of an HTTP response.
type Response struct {
	Proto  string // "HTTP/1.1"
	Status int
	Reason string
	Header Header
}

// equalFold compares without case, ASCII letters only: strings of one length in
// which a letter outside ASCII folds to one inside differ in their runes.
func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

// tokens calls yield for each element of a comma-separated list, blanks around
// it removed, until yield returns false. Empty elements do not count (RFC 9110
// §5.6.1.2).
func tokens(list string, yield func(string) bool) {
	for rest, more := list, true; more; {
		var element string
		element, rest, more = strings.Cut(rest, ",")
		if element = strings.Trim(element, " \t"); element != "" && !yield(element) {
			return
		}
	}
}

// hasToken reports whether a list holds a token, compared without case.
func hasToken(list, token string) (found bool) {
	if equalFold(list, token) { // the only one
		return true
	}
	tokens(list, func(element string) bool {
		found = equalFold(element, token)
		return !found
	})
	return found
}

// isToken reports whether s is a token (RFC 9110 §5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenOctet(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenOctet(b byte) bool {
	return isAlphanumeric(b) || b != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}

// isFieldValue reports whether s can be sent as a field value: no line end and
// no other control octet (RFC 9110 §5.5).
func isFieldValue(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < ' ' && b != '\t' || b == 0x7F {
			return false
		}
	}
	return true
}

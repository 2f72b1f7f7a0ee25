package model

import "strings"

// lower returns s with A-Z in lower case. Nothing beyond ASCII is folded: the
// long s is no s, the Kelvin sign no k.
func lower(s string) string {
	out := []byte(s)
	for i, b := range out {
		if b >= 'A' && b <= 'Z' {
			out[i] = b + 'a' - 'A'
		}
	}
	return string(out)
}

// trim returns s without the spaces and tabs around it.
func trim(s string) string {
	return strings.Trim(s, " \t")
}

// values returns the trimmed values of all header fields called name, which is
// in lower case.
func values(headers []Header, name string) []string {
	var found []string
	for _, h := range headers {
		if lower(h.Name) == name {
			found = append(found, trim(h.Value))
		}
	}
	return found
}

// has tells whether there is a header field called name, which is in lower case.
func has(headers []Header, name string) bool {
	return len(values(headers, name)) > 0
}

// single returns the value of the one header field called name; false if there
// is none or more than one.
func single(headers []Header, name string) (string, bool) {
	found := values(headers, name)
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// among tells whether s is one of list, octet for octet.
func among(s string, list []string) bool {
	for _, each := range list {
		if s == each {
			return true
		}
	}
	return false
}

// elements returns the elements of a comma list; empty ones do not count
// (RFC 2616 §2.1, RFC 9110 §5.6.1.2).
func elements(list string) []string {
	var found []string
	for _, part := range strings.Split(list, ",") {
		if trim(part) != "" {
			found = append(found, trim(part))
		}
	}
	return found
}

// lists tells whether the header fields called name list token, whatever the
// case of its letters.
func lists(headers []Header, name, token string) bool {
	for _, value := range values(headers, name) {
		for _, element := range elements(value) {
			if lower(element) == token {
				return true
			}
		}
	}
	return false
}

// atLeastHTTP11 judges an HTTP version, "HTTP/" digit "." digit (RFC 9112 §2.3).
func atLeastHTTP11(version string) bool {
	if len(version) != 8 || version[:5] != "HTTP/" || version[6] != '.' {
		return false
	}
	major, minor := version[5], version[7]
	if major < '0' || major > '9' || minor < '0' || minor > '9' {
		return false
	}
	return major > '1' || major == '1' && minor >= '1'
}

// isKey tells whether key is 16 bytes in base64: 22 characters that hold 132
// bits, and two of padding. The 4 bits left over may have any value
// (RFC 4648 §3.5 leaves it to the reader).
func isKey(key string) bool {
	if len(key) != 24 || key[22:] != "==" {
		return false
	}
	for _, b := range []byte(key[:22]) {
		letter := b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
		digit := b >= '0' && b <= '9'
		if !letter && !digit && b != '+' && b != '/' {
			return false
		}
	}
	return true
}

// isSubprotocolList tells whether list names at least one subprotocol, each a
// token and none twice (RFC 6455 §4.1; RFC 7936: case matters).
func isSubprotocolList(list string) bool {
	seen := make(map[string]bool)
	for _, name := range elements(list) {
		if !isToken(name) || seen[name] {
			return false
		}
		seen[name] = true
	}
	return len(seen) > 0
}

// isToken tells whether s is a token (RFC 2616 §2.2): not empty, no control
// character, blank or separator, nothing beyond ASCII.
func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenChar(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenChar(b byte) bool {
	if b <= ' ' || b >= 0x7F {
		return false
	}
	switch b {
	case '(', ')', '<', '>', '@', ',', ';', ':', '\\', '"', '/', '[', ']', '?', '=', '{', '}':
		return false
	}
	return true
}

// isPlainText tells whether s is what a subprotocol of 75 and 76 may be, or a
// list of them in hybi-01 to -03: not empty, of the characters U+0020 to U+007E.
func isPlainText(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E {
			return false
		}
	}
	return s != ""
}

// originAllowed tells whether there is no field called name or exactly one, whose
// host and port are spelled as in Host, but for the case of letters (RFC 6454
// §6.2, RFC 6455 §10.2).
func originAllowed(headers []Header, name, host string) bool {
	if !has(headers, name) {
		return true
	}
	origin, ok := single(headers, name)
	if !ok {
		return false
	}
	scheme, authority, found := strings.Cut(origin, "://")
	return found && isScheme(scheme) && lower(authority) == lower(host)
}

// isScheme tells whether s is a scheme: a letter, then letters, digits, plus, minus
// and dots (RFC 3986 §3.1).
func isScheme(s string) bool {
	for i := range len(s) {
		letter := s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z'
		other := s[i] >= '0' && s[i] <= '9' || s[i] == '+' || s[i] == '-' || s[i] == '.'
		if !letter && (i == 0 || !other) {
			return false
		}
	}
	return s != ""
}

// isExtensionList tells whether list follows the grammar of
// Sec-WebSocket-Extensions (RFC 6455 §9.1) and names at least one extension.
func isExtensionList(list string) bool {
	t := &headerText{rest: list}
	count := 0
	for {
		t.skipBlanks()
		if t.rest == "" {
			return count > 0
		}
		if t.take(',') {
			continue
		}
		if !t.extension() {
			return false
		}
		count++
		if t.rest != "" && !t.take(',') {
			return false
		}
	}
}

// headerText is a header value that is read from its front. Blanks may stand
// between all tokens and separators (RFC 2616 §2.1, implied *LWS).
type headerText struct {
	rest string
}

func (t *headerText) skipBlanks() {
	t.rest = strings.TrimLeft(t.rest, " \t")
}

// take removes the octet b if it comes next.
func (t *headerText) take(b byte) bool {
	if t.rest == "" || t.rest[0] != b {
		return false
	}
	t.rest = t.rest[1:]
	return true
}

// token removes a token; false if none comes next.
func (t *headerText) token() bool {
	n := 0
	for n < len(t.rest) && isTokenChar(t.rest[n]) {
		n++
	}
	t.rest = t.rest[n:]
	return n > 0
}

// extension removes a name, its parameters and the blanks behind.
func (t *headerText) extension() bool {
	if !t.token() {
		return false
	}
	t.skipBlanks()
	for t.take(';') {
		if !t.parameter() {
			return false
		}
	}
	return true
}

// parameter removes a name, its value if it has one, and the blanks around.
func (t *headerText) parameter() bool {
	t.skipBlanks()
	if !t.token() {
		return false
	}
	t.skipBlanks()
	if t.take('=') {
		t.skipBlanks()
		if t.take('"') {
			if !t.quotedToken() {
				return false
			}
		} else if !t.token() {
			return false
		}
	}
	t.skipBlanks()
	return true
}

// quotedToken removes the rest of a quoted string after its first quote; what
// it says once backslashes are resolved must be a token (§9.1).
func (t *headerText) quotedToken() bool {
	n := 0
	for !t.take('"') {
		t.take('\\')
		if t.rest == "" || !isTokenChar(t.rest[0]) {
			return false
		}
		t.rest = t.rest[1:]
		n++
	}
	return n > 0
}

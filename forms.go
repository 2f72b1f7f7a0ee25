package wsfsm

import (
	"net/netip"
	"slices"
	"strings"
)

// Each form method checks one form of the vocabulary.

func (d *Driver) formHTTPVersion(v string) bool {
	digits, ok := strings.CutPrefix(v, "HTTP/")
	return ok && len(digits) == 3 && isDigit(digits[0]) && digits[1] == '.' && isDigit(digits[2])
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// formRequestTarget wants origin-form or an absolute http(s) URI (RFC 6455
// §4.1; RFC 9112 §3.2).
func (d *Driver) formRequestTarget(v string) bool {
	if strings.IndexByte(v, '#') >= 0 {
		return false
	}
	if strings.HasPrefix(v, "/") {
		return true
	}
	scheme, rest, ok := strings.Cut(v, "://")
	return ok && (equalFold(scheme, "http") || equalFold(scheme, "https")) && rest != "" && rest[0] != '/'
}

// formAuthority wants host [":" port] (RFC 9110 §7.2, RFC 3986 §3.2).
func (d *Driver) formAuthority(v string) bool {
	return v != "" && allIn(inRegName, v) || isAuthority(v)
}

// isAuthority is formAuthority without the short way for a name.
func isAuthority(v string) bool {
	host, port, hasPort := v, "", false
	if i := strings.LastIndexByte(v, ':'); i >= 0 && !strings.HasSuffix(v, "]") {
		host, port, hasPort = v[:i], v[i+1:], true
	}
	if hasPort && !isPort(port) {
		return false
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		addr, err := netip.ParseAddr(inner)
		return ok && err == nil && addr.Is6() && addr.Zone() == ""
	}
	return isRegName(host)
}

// isPort reports whether s is empty or a number up to 65535.
func isPort(s string) bool {
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) || len(s) > 5 {
			return false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n <= 65535
}

// isRegName reports whether s is a non-empty host name or IPv4 address.
func isRegName(s string) bool {
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case octetSets[b]&inRegName != 0:
		case b == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			i += 2
		default:
			return false
		}
	}
	return s != ""
}

func isHex(b byte) bool { return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }

// formBase6416 wants 16 octets in base64 (RFC 6455 §4.2.1): 22 digits, two of
// padding. Bits of the last digit that stand for nothing may be set.
func (d *Driver) formBase6416(v string) bool {
	return len(v) == 24 && v[22:] == "==" && allIn(inBase64, v[:22])
}

func isAlphanumeric(b byte) bool {
	return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'z'
}

// formTokenList wants tokens, none twice (RFC 6455 §4.1).
func (d *Driver) formTokenList(v string) bool {
	var seen []string
	ok := true
	tokens(v, func(name string) bool {
		ok = isToken(name) && len(seen) < maxListed && !slices.Contains(seen, name)
		seen = append(seen, name)
		return ok
	})
	return ok && len(seen) > 0
}

// maxListed bounds the elements of a subprotocol list, so that comparing each
// with all takes no quadratic time.
const maxListed = 100

// formOpaqueProtocol wants one name, which may hold spaces (hixie-75 §3.1).
func (d *Driver) formOpaqueProtocol(v string) bool { return isOpaque(v) }

// formSpacedProtocols wants tokens, none twice, separated by spaces.
func (d *Driver) formSpacedProtocols(v string) bool {
	return !strings.Contains(v, ",") && d.formTokenList(strings.Join(strings.Fields(v), ","))
}

func (d *Driver) formAllowedOrigin(v string) bool {
	return d.ep.allowsOrigin(v, d.opening.host)
}

// formOfferedProtocol wants one of the offered names, compared with case (RFC
// 7936).
func (d *Driver) formOfferedProtocol(v string) bool {
	return slices.Contains(d.ep.options.Subprotocols, v)
}

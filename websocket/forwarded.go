package websocket

import (
	"crypto/tls"
	"net"
	"net/netip"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// forwarded returns what the outermost of the trusted proxies says in a list to
// which each of them adds a value: the one that many from the right, since what
// stands before it may be the client's invention. Of a shorter list it is the
// first; "" if there is none.
func forwarded(r *wsfsm.Request, name string, proxies int) string {
	list := strings.Split(strings.Join(r.Header.Values(name), ","), ",")
	return strings.TrimSpace(list[max(len(list)-proxies, 0)])
}

// forwardedSecure reports whether the client reached the proxies over TLS; known
// is false if they do not say.
func forwardedSecure(r *wsfsm.Request, proxies int) (secure, known bool) {
	for _, name := range []string{"X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Forwarded-Ssl"} {
		switch strings.ToLower(forwarded(r, name, proxies)) {
		case "":
		case "https", "wss", "on":
			return true, true
		default:
			return false, true
		}
	}
	return false, false
}

// forwardedAddr returns the address of the client, with port 0 if the proxies do
// not say it; nil if they do not say the address.
func forwardedAddr(r *wsfsm.Request, proxies int) net.Addr {
	s := forwarded(r, "X-Forwarded-For", proxies)
	address, err := netip.ParseAddrPort(s)
	if err != nil {
		inner, bracketed := strings.CutPrefix(s, "[")
		if bracketed {
			inner, _ = strings.CutSuffix(inner, "]")
		}
		ip, err := netip.ParseAddr(inner)
		if err != nil {
			return nil
		}
		address = netip.AddrPortFrom(ip, 0)
	}
	return net.TCPAddrFromAddrPort(address)
}

// securely reports whether the client has reached a server over TLS, as far as
// the server can know.
func securely(c *wsnet.Conn, o *Options) bool {
	if o.Secure {
		return true
	}
	if o.TrustedProxies > 0 {
		if secure, known := forwardedSecure(c.Request(), o.TrustedProxies); known {
			return secure
		}
	}
	_, ok := c.NetConn().(*tls.Conn)
	return ok
}

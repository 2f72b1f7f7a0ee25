package model

import (
	"strconv"
	"strings"
)

// Header is one header field of a parsed head. Blanks around the value do not
// matter.
type Header struct {
	Name, Value string
}

// Request is the parsed head of an opening request.
type Request struct {
	Method  string
	Target  string // not judged
	Version string // as on the wire, "HTTP/1.1"
	Headers []Header
	// Body is what followed the head: in 76 and hybi-01 to -03 the eight octets
	// of the third key, and whatever came behind them.
	Body string
}

// LeftOpen reports whether the request has something in it that the drafts leave open,
// or the facts about them do, so that another server may decide otherwise than Judge,
// which has taken it for a version ("" if for none).
func (r Request) LeftOpen(enabled []string, version string) bool {
	has := func(name string, odd func(value string) bool) bool {
		for _, h := range r.Headers {
			if strings.EqualFold(h.Name, name) && odd(h.Value) {
				return true
			}
		}
		return false
	}
	given := func(string) bool { return true }
	foreign := func(v string) bool { return !has("Host", func(host string) bool { return v == "http://"+host }) }
	switch {
	case version == "": // a key without the rest of any version: the preferred one says what is wrong with it
		return (has("Sec-WebSocket-Key", given) || has("Sec-WebSocket-Key2", given)) && !has("Sec-WebSocket-Version", given)
	case version >= "hybi-01" && version <= "hybi-03" && has("Sec-WebSocket-Protocol", func(v string) bool { return !isToken(v) }):
		return true // spaces separate subprotocols: whether they are tokens, and may come twice
	case version == "hixie-76" && among("hybi-01", enabled) && has("Sec-WebSocket-Draft", func(v string) bool { return strings.Contains(v, "0") }):
		return true // which of the two is listed first may come before the draft
	case version == "hybi-04" && !has("Sec-WebSocket-Origin", given), version <= "hybi-03" && !has("Origin", given):
		return true // a server should refuse that
	}
	return version >= "hybi-04" && version <= "hybi-06" && has("Origin", foreign) // a field of later drafts
}

// Response is the parsed head of the answer to an opening request.
type Response struct {
	Status  int
	Reason  string // the text behind the status; it counts in 75 only
	Headers []Header
	// Body is what followed the head: in 76 and hybi-01 to -03 the sixteen
	// octets of the digest, and whatever came behind them.
	Body string
}

// Octets is the request as it is on the wire, with what follows it.
func (r Request) Octets() []byte {
	return wire(r.Method+" "+r.Target+" "+r.Version, r.Headers, r.Body)
}

// Octets is the response as it is on the wire, with what follows it.
func (r Response) Octets() []byte {
	return wire("HTTP/1.1 "+strconv.Itoa(r.Status)+" "+r.Reason, r.Headers, r.Body)
}

func wire(first string, headers []Header, body string) []byte {
	var b strings.Builder
	b.WriteString(first + "\r\n")
	for _, h := range headers {
		b.WriteString(h.Name + ": " + h.Value + "\r\n")
	}
	b.WriteString("\r\n" + body)
	return []byte(b.String())
}

// Offer is what a client asks for.
type Offer struct {
	// Host is the server's name in lower case, with its port if that is not the
	// default one.
	Host string
	// Secure tells whether the scheme is wss.
	Secure bool
	// Resource is the path, from its slash on, and the query.
	Resource string
	// Origin is what the application set, empty for nothing.
	Origin string
	// Protocols are the subprotocols, the preferred ones first; one at most in 75
	// and 76.
	Protocols []string
	// Key is the 16 random bytes in base64; hybi-04 and later.
	Key string
	// Key1, Key2 and the eight octets Key3 are the challenge of 76 and hybi-01 to
	// -03.
	Key1, Key2, Key3 string
}

// Choice is what a server answers beyond what the request settles.
type Choice struct {
	// Protocol is the subprotocol chosen, empty for none.
	Protocol string
	// Secure tells whether the client's scheme is wss.
	Secure bool
	// Nonce is 16 random bytes in base64; hybi-04 only.
	Nonce string
}

// usesChallenge tells whether the proof is a digest over three keys.
func (d draft) usesChallenge() bool {
	return d >= hixie76 && d <= 3
}

// originNames returns the names of the header fields in which a server looks for
// the origin, in lower case; a client sends the first. Version values 7 and 8 were
// in use with both names.
func (d draft) originNames() []string {
	switch {
	case d <= 3 || d >= 13:
		return []string{"origin"}
	case d <= 6:
		return []string{"sec-websocket-origin"}
	case d <= 10:
		return []string{"sec-websocket-origin", "origin"}
	}
	return []string{"origin", "sec-websocket-origin"}
}

// needsOrigin tells whether a request has to have an origin. Up to hybi-03 the
// answer repeats it.
func (d draft) needsOrigin() bool {
	return d <= 4
}

// protocolName returns the name of the subprotocol header field.
func (d draft) protocolName() string {
	if d == hixie75 {
		return "WebSocket-Protocol"
	}
	return "Sec-WebSocket-Protocol"
}

// OpeningRequest returns the request that a client with offer sends. The order
// of the fields is binding in 75 only; up to hybi-03 an origin is in lower case.
// It panics if a version takes one subprotocol at most and offer has more.
func (p Params) OpeningRequest(offer Offer) Request {
	d := p.draft()
	r := Request{Method: "GET", Target: offer.Resource, Version: "HTTP/1.1"}
	add := func(name, value string) { r.Headers = append(r.Headers, Header{name, value}) }
	if d >= 4 {
		add("Host", offer.Host)
		add("Upgrade", "websocket")
		add("Connection", "Upgrade")
	} else {
		add("Upgrade", "WebSocket")
		add("Connection", "Upgrade")
		add("Host", offer.Host)
	}
	if origin := d.originOf(offer); origin != "" {
		name := "Origin"
		if d.originNames()[0] == "sec-websocket-origin" {
			name = "Sec-WebSocket-Origin"
		}
		add(name, origin)
	}
	if len(offer.Protocols) > 0 {
		add(d.protocolName(), d.joinProtocols(offer.Protocols))
	}
	if d.usesChallenge() {
		add("Sec-WebSocket-Key1", offer.Key1)
		add("Sec-WebSocket-Key2", offer.Key2)
		r.Body = offer.Key3
	}
	if d == 2 || d == 3 {
		add("Sec-WebSocket-Draft", p.WireVersion())
	}
	if d >= 4 {
		add("Sec-WebSocket-Key", offer.Key)
		add("Sec-WebSocket-Version", p.WireVersion())
	}
	return r
}

// originOf returns the origin that a client sends, empty if none. Versions that
// need one take the origin of the resource itself where none was set.
func (d draft) originOf(offer Offer) string {
	origin := offer.Origin
	if origin == "" && d.needsOrigin() {
		origin = "http://" + offer.Host
		if offer.Secure {
			origin = "https://" + offer.Host
		}
	}
	if d <= 3 {
		return lower(origin)
	}
	return origin
}

// joinProtocols returns the value of the subprotocol header field.
func (d draft) joinProtocols(names []string) string {
	if d <= hixie76 && len(names) > 1 {
		panic("model: more than one subprotocol")
	}
	between := ", "
	if d <= 3 {
		between = " "
	}
	return strings.Join(names, between)
}

// location returns the URL of a resource: default ports are left out.
func location(secure bool, host, resource string) string {
	host = lower(host)
	if secure {
		return "wss://" + strings.TrimSuffix(host, ":443") + resource
	}
	return "ws://" + strings.TrimSuffix(host, ":80") + resource
}

// OpeningAnswer returns the answer of a server that accepts r, a request that
// [Judge] gave 101. The order of the first two fields is binding in 75 only. The
// digest is missing while fewer than eight octets have followed the request; the
// head does not wait for them.
func (p Params) OpeningAnswer(r Request, c Choice) Response {
	d := p.draft()
	a := Response{Status: 101, Reason: "Switching Protocols"}
	add := func(name, value string) { a.Headers = append(a.Headers, Header{name, value}) }
	if d <= 3 {
		a.Reason = "WebSocket Protocol Handshake"
		add("Upgrade", "WebSocket")
		add("Connection", "Upgrade")
		host, _ := single(r.Headers, "host")
		origin, _ := single(r.Headers, "origin")
		prefix := "Sec-WebSocket-"
		if d == hixie75 {
			a.Reason = "Web Socket Protocol Handshake"
			prefix = "WebSocket-"
		}
		add(prefix+"Origin", lower(origin))
		add(prefix+"Location", location(c.Secure, host, r.Target))
	} else {
		key, _ := single(r.Headers, "sec-websocket-key")
		add("Upgrade", "websocket")
		add("Connection", "Upgrade")
		add("Sec-WebSocket-Accept", AcceptKey(key))
	}
	if d == 4 {
		add("Sec-WebSocket-Nonce", c.Nonce)
	}
	if c.Protocol != "" {
		add(d.protocolName(), c.Protocol)
	}
	if d.usesChallenge() && len(r.Body) >= 8 {
		key1, _ := single(r.Headers, "sec-websocket-key1")
		key2, _ := single(r.Headers, "sec-websocket-key2")
		a.Body, _ = Digest(key1, key2, r.Body[:8])
	}
	return a
}

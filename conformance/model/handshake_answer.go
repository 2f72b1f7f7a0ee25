package model

// ResponseFault names what is wrong with a response; empty means nothing.
type ResponseFault string

// The faults, in the order in which they are looked for.
const (
	FaultStatus     ResponseFault = "status"
	FaultUpgrade    ResponseFault = "upgrade"
	FaultConnection ResponseFault = "connection"
	FaultOrigin     ResponseFault = "origin"   // 75, 76, hybi-01 to -03
	FaultLocation   ResponseFault = "location" // 75, 76, hybi-01 to -03
	FaultAccept     ResponseFault = "accept"   // hybi-04 and later
	FaultNonce      ResponseFault = "nonce"    // hybi-04
	FaultProtocol   ResponseFault = "protocol"
	FaultExtensions ResponseFault = "extensions" // hybi-04 and later
	FaultDigest     ResponseFault = "digest"     // 76, hybi-01 to -03
)

// CheckAnswer judges the answer to the request that [Params.OpeningRequest]
// makes of offer, which offered no extension. It returns the first fault, or none
// if the connection is open. Where a digest is due, fewer than sixteen octets
// behind the head are a wrong one: ask when they have come.
func (p Params) CheckAnswer(offer Offer, r Response) ResponseFault {
	d := p.draft()
	if d >= 4 {
		return d.checkAccepted(offer, r)
	}
	if fault := d.checkStart(r); fault != "" {
		return fault
	}
	prefix := "sec-websocket-"
	if d == hixie75 {
		prefix = "websocket-"
	}
	if origin, ok := single(r.Headers, prefix+"origin"); !ok || origin != d.originOf(offer) {
		return FaultOrigin
	}
	if url, ok := single(r.Headers, prefix+"location"); !ok || url != location(offer.Secure, offer.Host, offer.Resource) {
		return FaultLocation
	}
	if len(offer.Protocols) > 0 {
		chosen, ok := single(r.Headers, lower(d.protocolName()))
		if !ok || !among(chosen, offer.Protocols) {
			return FaultProtocol
		}
	}
	if d == hixie75 {
		return ""
	}
	digest, ok := Digest(offer.Key1, offer.Key2, offer.Key3)
	if !ok || len(r.Body) < 16 || r.Body[:16] != digest {
		return FaultDigest
	}
	return ""
}

// CheckResponse is [Params.CheckAnswer] of RFC 6455, for a request that carried
// key and offered the subprotocols offered, in this spelling (§4.1, RFC 7936).
func CheckResponse(key string, offered []string, r Response) ResponseFault {
	return Params{}.CheckAnswer(Offer{Key: key, Protocols: offered}, r)
}

// checkStart judges the status line and the two fields of every upgrade, up to
// hybi-03. In 75 the answer begins with fixed octets: text, order and case count.
func (d draft) checkStart(r Response) ResponseFault {
	if r.Status != 101 {
		return FaultStatus
	}
	if d == hixie75 {
		if r.Reason != "Web Socket Protocol Handshake" {
			return FaultStatus
		}
		if len(r.Headers) < 1 || r.Headers[0] != (Header{"Upgrade", "WebSocket"}) {
			return FaultUpgrade
		}
		if len(r.Headers) < 2 || r.Headers[1] != (Header{"Connection", "Upgrade"}) {
			return FaultConnection
		}
		return ""
	}
	if upgrade, ok := single(r.Headers, "upgrade"); !ok || upgrade != "WebSocket" {
		return FaultUpgrade
	}
	if connection, ok := single(r.Headers, "connection"); !ok || lower(connection) != "upgrade" {
		return FaultConnection
	}
	return ""
}

// checkAccepted judges an answer of hybi-04 and later.
func (d draft) checkAccepted(offer Offer, r Response) ResponseFault {
	if r.Status != 101 {
		return FaultStatus
	}
	if upgrade, ok := single(r.Headers, "upgrade"); !ok || lower(upgrade) != "websocket" {
		return FaultUpgrade
	}
	if !lists(r.Headers, "connection", "upgrade") {
		return FaultConnection
	}
	if accept, ok := single(r.Headers, "sec-websocket-accept"); !ok || accept != AcceptKey(offer.Key) {
		return FaultAccept
	}
	if d == 4 {
		if nonce, ok := single(r.Headers, "sec-websocket-nonce"); !ok || !isKey(nonce) {
			return FaultNonce
		}
	}
	if has(r.Headers, "sec-websocket-protocol") {
		chosen, ok := single(r.Headers, "sec-websocket-protocol")
		if !ok || !among(chosen, offer.Protocols) {
			return FaultProtocol
		}
	}
	if has(r.Headers, "sec-websocket-extensions") {
		list, ok := single(r.Headers, "sec-websocket-extensions")
		if !ok || len(elements(list)) > 0 {
			return FaultExtensions
		}
	}
	return ""
}

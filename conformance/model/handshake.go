package model

import (
	"crypto/sha1"
	"encoding/base64"
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
}

// Response is the parsed head of the answer to an opening request.
type Response struct {
	Status  int
	Headers []Header
}

// AcceptKey returns the value of Sec-WebSocket-Accept that proves that the
// request with this Sec-WebSocket-Key was understood (RFC 6455 §4.2.2): key as
// the text it is on the wire, without surrounding blanks.
func AcceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// CheckRequest judges an opening request as a server of RFC 6455 does that
// speaks version 13 only, serves every target, and takes requests from pages of
// its own host only (§4.2). It returns 101, or the status of the first failure
// in this order:
//
//	405  the method is not GET
//	505  the HTTP version is below 1.1 or none
//	400  not exactly one Host, or an empty one
//	426  Upgrade does not list websocket, or Connection does not list upgrade
//	400  a body is announced
//	426  not exactly one Sec-WebSocket-Version, or not 13
//	400  not exactly one Sec-WebSocket-Key, or not 16 bytes in base64
//	400  Sec-WebSocket-Protocol is not a list of different tokens
//	400  Sec-WebSocket-Extensions breaks its grammar (§9.1)
//	403  an Origin other than one of the same host and port as Host
func CheckRequest(r Request) int {
	if r.Method != "GET" {
		return 405
	}
	if !atLeastHTTP11(r.Version) {
		return 505
	}
	host, ok := single(r.Headers, "host")
	if !ok || host == "" {
		return 400
	}
	if !lists(r.Headers, "upgrade", "websocket") || !lists(r.Headers, "connection", "upgrade") {
		return 426
	}
	if len(values(r.Headers, "content-length")) > 0 || len(values(r.Headers, "transfer-encoding")) > 0 {
		return 400
	}
	version, ok := single(r.Headers, "sec-websocket-version")
	if !ok || version != "13" {
		return 426
	}
	key, ok := single(r.Headers, "sec-websocket-key")
	if !ok || !isKey(key) {
		return 400
	}
	protocols := values(r.Headers, "sec-websocket-protocol")
	if len(protocols) > 0 && !isSubprotocolList(strings.Join(protocols, ",")) {
		return 400
	}
	extensions := values(r.Headers, "sec-websocket-extensions")
	if len(extensions) > 0 && !isExtensionList(strings.Join(extensions, ",")) {
		return 400
	}
	if !originAllowed(r.Headers, host) {
		return 403
	}
	return 101
}

// ResponseFault names what is wrong with a response; empty means nothing.
type ResponseFault string

// The faults, in the order in which they are looked for.
const (
	FaultStatus     ResponseFault = "status"
	FaultUpgrade    ResponseFault = "upgrade"
	FaultConnection ResponseFault = "connection"
	FaultAccept     ResponseFault = "accept"
	FaultProtocol   ResponseFault = "protocol"
	FaultExtensions ResponseFault = "extensions"
)

// CheckResponse judges the answer to a request that carried key and offered
// the subprotocols offered, in this spelling (§4.1, RFC 7936), and no
// extension. It returns the first fault, or none if the connection is open.
func CheckResponse(key string, offered []string, r Response) ResponseFault {
	if r.Status != 101 {
		return FaultStatus
	}
	upgrade, ok := single(r.Headers, "upgrade")
	if !ok || lower(upgrade) != "websocket" {
		return FaultUpgrade
	}
	if !lists(r.Headers, "connection", "upgrade") {
		return FaultConnection
	}
	accept, ok := single(r.Headers, "sec-websocket-accept")
	if !ok || accept != AcceptKey(key) {
		return FaultAccept
	}
	if len(values(r.Headers, "sec-websocket-protocol")) > 0 {
		chosen, ok := single(r.Headers, "sec-websocket-protocol")
		if !ok || !among(chosen, offered) {
			return FaultProtocol
		}
	}
	if len(values(r.Headers, "sec-websocket-extensions")) > 0 {
		list, ok := single(r.Headers, "sec-websocket-extensions")
		if !ok || len(elements(list)) > 0 {
			return FaultExtensions
		}
	}
	return ""
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

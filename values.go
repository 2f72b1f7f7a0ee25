package wsfsm

import (
	"crypto/sha1"
	"encoding/base64"
	"strconv"
	"strings"
)

// Each value method computes one value of the vocabulary; "" means that nothing
// is sent.

func (d *Driver) valueMethod() string { return "GET" }

func (d *Driver) valueTarget() string { return d.opening.target }

func (d *Driver) valueAuthority() string { return d.opening.authority }

func (d *Driver) valueKey() string { return d.opening.key }

func (d *Driver) valueAccept() string { return AcceptKey(d.opening.key) }

func (d *Driver) valueWireVersion() string { return strconv.Itoa(d.prog.WireVersion) }

func (d *Driver) valueOrigin() string { return d.ep.options.Origin }

// valueSentOrigin is the client's origin as the first drafts repeat it.
func (d *Driver) valueSentOrigin() string { return strings.ToLower(d.opening.origin) }

// valueSomeOrigin is the origin of the resource where the client has none of its
// own: the first drafts want one.
func (d *Driver) valueSomeOrigin() string {
	if d.ep.options.Origin != "" {
		return d.ep.options.Origin
	}
	return d.scheme("http") + strings.ToLower(d.opening.authority)
}

// scheme is "ws://" or "wss://", "http://" or "https://".
func (d *Driver) scheme(plain string) string {
	if d.opening.secure {
		return plain + "s://"
	}
	return plain + "://"
}

// valueLocation is the URL of the resource (hixie-75 §3.1).
func (d *Driver) valueLocation() string {
	return d.scheme("ws") + strings.ToLower(d.opening.authority) + d.opening.target
}

func (d *Driver) valueNonce() string { return d.opening.nonce }

func (d *Driver) valueOneProtocol() string {
	if len(d.ep.options.Subprotocols) == 0 {
		return ""
	}
	return d.ep.options.Subprotocols[0]
}

func (d *Driver) valueSpaced() string { return strings.Join(d.ep.options.Subprotocols, " ") }

func (d *Driver) valueProtocols() string { return strings.Join(d.ep.options.Subprotocols, ", ") }

func (d *Driver) valueProtocol() string { return d.opened.subprotocol }

// keyGUID goes behind a Sec-WebSocket-Key (RFC 6455 §4.2.2).
const keyGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// keySize is the length of a right Sec-WebSocket-Key.
const keySize = 24

// AcceptKey returns the Sec-WebSocket-Accept value for a Sec-WebSocket-Key: the
// base64 of the SHA-1 of the key with the GUID of the protocol appended (RFC
// 6455 §4.2.2).
func AcceptKey(key string) string {
	var buf [keySize + len(keyGUID)]byte
	sum := sha1.Sum(append(append(buf[:0], key...), keyGUID...))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// appendAcceptKey appends AcceptKey of the handshake's key.
func (o *opening) appendAcceptKey(dst []byte) []byte {
	if len(o.key) != keySize {
		return append(dst, AcceptKey(o.key)...)
	}
	if o.accept == nil {
		o.accept = newPaddedText(keySize + len(keyGUID))
		copy(o.accept.octets[keySize:], keyGUID)
	}
	copy(o.accept.octets, o.key)
	return base64.StdEncoding.AppendEncode(dst, o.accept.sum()[:])
}

// Package extension is for those who write extensions of WebSocket (RFC 6455
// §9), and holds what all of them have in common: the grammar of the
// Sec-WebSocket-Extensions header field, the negotiation, and what an extension
// has to do on a connection.
//
// An [Extension] is a configuration that any number of connections share. Once a
// connection has agreed on it, it gives a [Session], which owns reserved bits of
// the frame head, codes what is sent and decodes what comes: message by message
// or frame by frame, in pieces, and never more than it was given room for.
//
//	type checksum struct{}
//
//	func (checksum) Name() string                                   { return "x-checksum" }
//	func (checksum) Offers() [][]extension.Parameter                { return [][]extension.Parameter{nil} }
//	func (checksum) Answer([][]extension.Parameter) (…)             { … }
//	func (checksum) Accept([]extension.Parameter) (…)               { … }
//
//	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Extensions: []extension.Extension{checksum{}}})
//
// examples/checksum is a whole one. docs/extensions.md says how to write one.
//
// # Order
//
// The order of the server's answer is the order of application (RFC 6455 §9.1):
// what is sent passes the first extension first, what comes passes it last. A
// server answers in the order of its own options. Extensions that work frame by
// frame come behind those that work message by message, since a frame is made of
// a message; an extension that stands before is not agreed to, nor is one that
// owns a reserved bit that an earlier one owns.
//
// # Errors
//
// What is wrong with the options of this end is an [ErrConfiguration], found
// before there is a connection. What the peer does wrong in the handshake
// refuses the request or fails the client; what it does wrong later comes from
// [Decoder] and fails the connection.
package extension

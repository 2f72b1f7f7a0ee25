package wsfsm

import (
	"io"

	"github.com/wsfsm/wsfsm/extension"
)

// NoLimit lifts a limit of Options. Zero never does: it means the default.
const NoLimit = -1

// Defaults of Options.
const (
	DefaultMaxMessage = 1<<26 - 1 // 67,108,863 octets
	DefaultMaxHead    = 16 << 10
	DefaultMaxLine    = 8 << 10
	DefaultMaxFields  = 100
	DefaultMaxOutput  = 1 << 20
	// MaxPings is the number of pings that may wait for their pongs.
	MaxPings = 32
	// PieceSize is the size in octets from which a piece is delivered before
	// its message is complete; smaller ones are gathered.
	PieceSize = 4 << 10
)

// Deliver says how messages are handed out.
type Deliver uint8

// The ways to hand out messages.
const (
	// DeliverWhole gives each message as one event.
	DeliverWhole Deliver = iota
	// DeliverPieces gives a message in pieces as they come, each of PieceSize
	// octets or more except the last; text pieces end on code-point boundaries.
	DeliverPieces
)

// Options configures an Endpoint. The zero value is the documented, safe
// default for servers and clients alike.
type Options struct {
	// Versions are the versions to speak, by name ("rfc6455", "hixie-76"), by
	// number on the wire ("8", which is its newest draft), or AllVersions, the
	// preferred one first. A client speaks the first. Empty: a client speaks
	// rfc6455, a server the numbers 13, 8 and 7 on the wire. Older drafts are
	// less secure: they do not mask, or do not prove that both ends mean
	// WebSocket.
	Versions []string
	// Protocols, if not empty, are used in place of Versions: protocols as
	// values, for instance loaded from changed spec files.
	Protocols []*Protocol

	// MaxMessage limits a received message, in octets after decoding,
	// inclusive. Zero: DefaultMaxMessage. NoLimit: none.
	MaxMessage int64
	// MaxHead limits an HTTP head, in octets, inclusive. Zero: DefaultMaxHead.
	MaxHead int
	// MaxLine limits one line of an HTTP head with its line end, in octets,
	// inclusive. Zero: DefaultMaxLine.
	MaxLine int
	// MaxFields limits the header fields of a head, inclusive. Zero: DefaultMaxFields.
	MaxFields int
	// MaxOutput is the number of unsent octets from which on commands are
	// refused with ErrOutputFull. One command may exceed it. Zero:
	// DefaultMaxOutput. NoLimit: none.
	MaxOutput int
	// KeepReading lets Next go on while output is full. A caller that answers
	// each message it reads wants false; one that reads and writes
	// independently wants true, or two such peers may wait for each other.
	KeepReading bool

	// Deliver says whether messages are handed out whole or in pieces.
	Deliver Deliver
	// AutoStart answers each request without asking: what passes all checks is
	// accepted, anything else refused. Without it the application is asked by
	// EventRequest.
	AutoStart bool

	// Subprotocols that this end speaks, the preferred one first. A server
	// chooses the first of the client's that is among them. A client offers
	// all; in hixie-75 and hixie-76 it can offer one, the first.
	Subprotocols []string
	// Origins are the origins a server accepts besides its own host: "*" for
	// any, "https://example.com", or a host with an optional port and an
	// optional leading "*." label. Requests without Origin are accepted.
	Origins []string
	// Origin is the Origin that a client sends; none if empty, but that of the
	// resource in drafts that want one (hixie-75 to hybi-04).
	Origin string
	// Secure says that a server's clients reach it over TLS, also if that ends
	// before it: drafts up to hybi-03 tell the client the URL of the resource.
	Secure bool
	// Extensions that this end speaks (RFC 6455 §9). A client offers them in this
	// order; a server answers in it, and that is the order of application.
	// Versions from hybi-10 on negotiate extensions, the others leave them out.
	Extensions []extension.Extension
	// Header is sent with each request or reply, after the fields of the handshake.
	Header []Field

	// Rand is the source of masking keys and nonces. Nil: crypto/rand, which for
	// masking keys seeds ChaCha8 generators that the endpoint's drivers share.
	Rand io.Reader
	// Observer is called at each transition, if not nil. It must not call the
	// driver.
	Observer func(Transition)
}

// Package wsnet speaks WebSocket on sockets: Dial connects a client, Accept
// takes a request over from net/http, Serve and its relatives are a server of
// their own. Around each connection is a [wsfsm.Driver], which knows the
// protocol; this package does the I/O and keeps the time.
//
// A Conn may be used by any number of goroutines. One goroutine of its own
// reads: it answers pings and close frames whatever the application does, and
// pauses while a message waits to be read, so that a slow reader slows the peer
// down. Frames are written by whoever sends them, or, where that could block,
// by a goroutine that ends with the last octet.
//
// # Ending
//
// Close sends a close frame, waits for the peer's and lets the server end the
// transport first (RFC 6455 §7.1.1). A side that ends the transport writes all
// output, half-closes, and reads until the end of the stream within bounds, so
// that no reset destroys its close frame. After the end every method returns
// the error that [Conn.Context] has as its cause.
//
// # Timeouts
//
// The request must come within [Options.HeadTimeout] (server), the connection be
// open within [DialOptions.Timeout] (client), the closing handshake be complete
// within [Options.CloseTimeout]. Each has an error of its own.
package wsnet

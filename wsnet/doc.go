// Package wsnet speaks WebSocket on sockets: Dial connects a client, Serve and its
// relatives are a server of their own, a [Server] is an http.Handler too, and
// Accept takes a request over in a handler of one's own. Around each connection is a [wsfsm.Driver], which knows the
// protocol; this package does the I/O and keeps the time.
//
//	conn, err := wsnet.Dial(ctx, "wss://example.com/chat", nil)
//	...
//	err = conn.Write(ctx, wsnet.Text, []byte("hello"))
//	kind, message, err := conn.Read(ctx)
//	...
//	err = conn.Close(wsfsm.CloseNormal, "")
//
// # Reading
//
// A Conn may be used by any number of goroutines. The transport is read by the
// goroutine that waits in Read, which looks at nothing behind the message that
// it returns: a close frame there is answered when the next message is asked
// for, so that the answer to the last message still goes out. When nobody has
// been in Read for 50 ms since the opening, or for about a second since a
// message was taken, or when Ping or Close wait for an answer, a goroutine of
// the Conn reads on, so that pings and close frames are answered whatever the
// application does. It stops at the first message: nothing more is read until
// that is taken, which slows the peer down. So an idle connection costs one
// goroutine, and on Unix, over a plain socket, no buffer.
//
// [Conn.Read] allocates the message that it returns, [Conn.AppendMessage] not
// even that. A context that can end costs a few small allocations each time
// that Read has to wait.
//
// # Writing
//
// Frames are written by the goroutine that sends them, as long as that cannot
// block longer than its context allows. What a plain socket on Unix does not
// take at once, and with a context that can end all that goes to another
// transport, is left to a goroutine that ends with the last octet. Everything
// that gathers meanwhile leaves in one write, as do the answers to all that was
// read at once.
//
// What waits for the peer is bounded by Driver.MaxOutput; [Options.SlowPeer] says
// what happens then. [Broadcast] sends one message on many connections.
//
// # Ending
//
// Close sends a close frame and waits for the peer's. The connection has ended
// when both have gone, and every method then returns the error that is the
// cause of [Conn.Context]. The transport is ended behind that: the server ends
// it first, the client waits for that (RFC 6455 §7.1.1), and who ends it writes
// all output, half-closes, and reads until the end of the stream within bounds,
// so that no reset destroys the close frame.
//
// # Transports
//
// A *net.TCPConn or *net.UnixConn is read and written on its file descriptor,
// any other net.Conn by its methods. Read deadlines, if the transport has them,
// must work: they end the waiting of a Read whose context ends. A transport
// whose SetReadDeadline returns an error is read by a goroutine of its own.
//
// # Timeouts
//
// The request must come within [Options.HeadTimeout] (server), the connection be
// open within [DialOptions.Timeout] (client), the closing handshake be complete
// within CloseTimeout. Each has an error of its own: ErrHeadTimeout,
// ErrDialTimeout, ErrCloseTimeout.
package wsnet

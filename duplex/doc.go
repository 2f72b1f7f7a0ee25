// Package duplex makes two streams of a [wsfsm.Driver]: Wire, which is joined to
// a transport, and Messages, which the application reads and writes, as the Node
// driver has its two streams.
//
//	wire, messages := duplex.New(endpoint.Server(), nil)
//	go func() {
//		_, err := io.Copy(wire, conn) // what comes from the transport
//		wire.CloseWithError(err)
//	}()
//	go func() {
//		io.Copy(conn, wire) // what goes to the transport
//		conn.Close()
//	}()
//	io.Copy(messages, messages) // echo
//
// All methods may be called by any number of goroutines at once. The package
// starts none; the work is done by those who call.
//
// # Back-pressure
//
// Wire.Write keeps at most ReadSize octets and blocks until what was written
// before has been read from Messages, which lets the transport slow the peer
// down. Messages.Write blocks while the driver's MaxOutput octets wait to be
// read from Wire. Besides that memory holds what the driver gathers: a message
// up to MaxMessage octets; with wsfsm.DeliverPieces, a piece of one.
//
// While its output is full a driver reads on only if its KeepReading option is
// set. Set it when the application reads and writes independently: otherwise two
// such ends that flood each other wait for each other for ever.
//
// What comes behind a message is looked at when the next one is asked for, so
// that the answer to the last message still goes out when a close frame follows
// it; or, for an application that does not read, about a second later.
//
// # Ends
//
// Messages.CloseWrite sends a close frame; what the peer has still to say can be
// read. Messages.Close also throws that away. When both close frames have gone,
// or a rule was broken, or the transport has ended, reading from Messages ends:
// with io.EOF if both close frames have gone and said goodbye, else with a
// *CloseError.
//
// Wire.Read returns io.EOF when the transport is to be ended: behind the last
// octet, on a client only when the server has ended it (RFC 6455 §7.1.1).
// Wire.CloseWrite says that the peer has ended its side of the transport,
// Wire.Close and Wire.CloseWithError that the transport is gone.
package duplex

// Package callback calls functions for the events of a [wsfsm.Driver], in the
// order in which the established drivers (websocket-driver for Ruby and Node)
// call their listeners. Like the driver it does no I/O of its own, knows no
// clock and starts no goroutine.
//
//	a := callback.New(endpoint.Server(), conn, callback.Listeners{
//		OnMessage: func(a *callback.Adapter, m callback.Message) error {
//			return a.Send(m.Kind, m.Data)
//		},
//		OnClose: func(*callback.Adapter, callback.CloseEvent) { conn.Close() },
//	})
//	for {
//		n, err := conn.Read(buf)
//		...
//		err = a.Receive(buf[:n])
//	}
//
// # Order
//
//   - OnConnect (server) when the request has been read. The application answers
//     with Start, Reject or Detach, at once or later; without OnConnect the
//     adapter calls Start. It is not called for a request answered before that.
//     On a client it is called when a proxy has opened a tunnel.
//   - What was sent before the connection was open is written before OnOpen.
//   - A pong is written before the OnPing of the ping that it answers.
//   - The function given to Ping is called before the OnPong of its pong.
//   - OnError at most once, behind the close frame that says so to the peer, and
//     before OnClose.
//   - OnClose exactly once, last, and not after Detach. It does not wait for the
//     end of the transport: it is the sign to end it.
//
// Each function is called behind the octets that its event has caused.
//
// # Calls from within
//
// Every command, Sent, ReceiveEOF and Expire may be called from within a
// function. What they cause is called when that function has returned. Receive
// is refused there with ErrReentrant: the data of the event lies in the buffer
// that was given last.
//
// # Faults
//
// A function that panics or returns an error is a fault of the application, not
// of the protocol: the adapter closes the connection with code 1011 (a request
// that waits for its answer gets status 500), calls OnFault, and after that only
// OnError and OnClose. The driver stays consistent. A panic that no OnFault
// takes is raised again by the method that the caller of the adapter has called,
// when all other work of that method is done.
package callback

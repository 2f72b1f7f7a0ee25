// Package wsfsm speaks WebSocket: a driver without I/O, as server and as client,
// that runs on the tables of package states.
//
// A Driver eats the octets that came from a transport and yields events; it
// takes commands and yields the octets to be sent. Sockets, event loops, HTTP/2
// streams, a test or a fuzzer can be around it; package wsnet is the one for
// sockets.
//
//	Receive ─▶ http ─▶ handshake ─▶ frame ─▶ message ─▶ connection ─▶ Next
//	           octets   head        octets   frames     facts         events
//
//	Output ◀───────────── encode ◀── message' ◀── connection ◀── Text, Binary, Ping, Close
//
// Each of the five names in the middle is a finite state machine: its states,
// events and transitions are in the spec files of package states, from which
// transitions.go is generated. The code here is the hands: one method for each
// action word, one file for each machine. No transition lives in code.
//
// # Use
//
// An Endpoint checks the options once and makes drivers:
//
//	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
//	d := ep.Server()
//	for {
//		n, err := conn.Read(buf)
//		d.Receive(buf[:n])
//		for e := range d.Events() {
//			if e.Kind == wsfsm.EventMessage {
//				d.Text(e.Data)
//			}
//		}
//		n, err = conn.Write(d.Output())
//		d.Sent(n)
//	}
//
// # Buffers
//
//  1. Receive borrows its argument, and may overwrite it, until Next has
//     returned false and Pending is zero.
//  2. Receive before that returns ErrInputPending and takes nothing.
//  3. Event.Data is valid until the next Next or Receive; Event.Clone keeps it.
//  4. Commands copy their payloads before they return.
//  5. Lend is the exception: its payload is not copied and must stay untouched
//     until done is called.
//
// # Order of events
//
// Messages, pings and pongs as they came; then, if a rule was broken, one
// EventError; then, once the end of the transport was reported by ReceiveEOF or
// Expire, exactly one EventClosed, always last.
//
// # Errors
//
// What the peer does wrong comes as EventError with an *Error: a
// states.Violation with its citation and close code, the machine and state, and
// the place in the stream. What the application may not do is refused at once,
// by an error that errors.Is knows (ErrRefused and the others), and changes
// nothing.
package wsfsm

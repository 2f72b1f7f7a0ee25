// Package loop serves WebSocket connections on the event loops of
// github.com/lesismal/nbio: a [wsfsm.Driver] for each connection, a goroutine for
// each processor, and none for a connection.
//
// A goroutine of nbio reads what has come on any of its sockets into the one
// buffer that it has, hands it to the driver of that connection, calls
// Options.Message for each message, and writes what answers them in one go.
// What the socket does not take waits in nbio, up to Options.MaxQueue. So an idle
// connection holds its driver, nbio's own connection, and no buffer.
package loop

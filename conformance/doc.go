// Package conformance holds the conformance cases of the WebSocket versions and
// the runner that plays them on a [wsfsm.Driver].
//
// A case is a small text file under cases/: who the driver is, the octets that
// it is given, the commands of the application, and everything that must come
// out: octets, events, what the driver waits for. docs/cases.md describes the
// format; cases/<version>/<topic>/<name>.case is the case <version>/<topic>/<name>.
//
//	cases, err := conformance.Cases()
//	for _, c := range cases {
//		err := conformance.RunCuts(c, conformance.Config{})
//	}
//
// The runner uses the driver's public API only. It takes the compiled protocol
// that the case names, or any other [wsfsm.Protocol] in its place. [Run] plays a
// case once; [RunCuts] plays it as written, with its input cut at every place,
// octet by octet, with and without the driver's fused path, and with messages
// delivered in pieces. Nothing that the driver does may stay unmentioned by the
// case: an event, an octet or an error too many fails it like one too few.
package conformance

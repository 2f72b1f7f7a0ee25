// Package interop holds the tests that let other implementations of WebSocket
// talk to this one: as servers and as clients, in each version that they speak,
// directly and through proxies. docs/interop.md is the table of what came out.
//
// Everything is in the tests. The other implementations run as processes under
// remote control: a command per line on standard input, an event per line on
// standard output (testdata/node/main.cjs describes both). So each exercise is
// written once, in Go, as something that one end does and the other end must
// see; the ends are connections of this module's driver or of a peer.
//
// What is expected is in testdata/outcomes.txt, a line per cell; what is not as
// it should be is in testdata/faults.yaml, with the octets that show it and the
// reason. A cell that comes out otherwise than expected fails, also when a fault
// is gone. The flag -update writes both files and the page.
package interop

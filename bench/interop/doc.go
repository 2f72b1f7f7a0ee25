// Package interop is the tests of permessage-deflate against other
// implementations in Go: gorilla/websocket, lxzan/gws and coder/websocket, each
// as client and as server, with every combination of parameters that it has.
package interop

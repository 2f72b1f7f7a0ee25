// Package deflate is permessage-deflate, the compression of WebSocket messages
// (RFC 7692), and its predecessors deflate-frame and x-webkit-deflate-frame.
//
//	compression, err := deflate.New(deflate.Options{})
//	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Extensions: []extension.Extension{compression}})
//
// What is negotiated is what is done: a window smaller than 32 KiB is really kept
// to, in both directions. Messages that are short or would grow go out as they
// are. What comes is decompressed as it comes, in the room that the driver's
// message limit leaves, so that a bomb costs no more than any message.
//
// Compressors and windows come from pools and go back at the end of a message
// unless the context is kept for the next (the default). What that costs is in
// docs/extensions.md: 80 KiB for both directions with windows of 15 bits, half as
// much for each bit less.
package deflate

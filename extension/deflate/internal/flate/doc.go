// Package flate codes and decodes raw DEFLATE (RFC 1951) for permessage-deflate,
// which wants of it what general libraries do not offer: a decoder that is fed
// octets as they come and stops at any of them without a goroutine, that takes no
// more room than it is given; a coder that keeps to a window of 256 to 32768
// octets, can take back a message that did not shrink, and holds little between
// messages.
package flate

import "errors"

// What can be wrong with a stream.
var (
	// ErrCorrupt: the octets are no DEFLATE blocks.
	ErrCorrupt = errors.New("corrupt DEFLATE block")
	// ErrDistance: a block refers to octets before the window.
	ErrDistance = errors.New("distance beyond the window")
	// ErrEmptyBlocks: too many blocks without any octet of output.
	ErrEmptyBlocks = errors.New("too many empty blocks")
)

// Numbers of symbols, and special ones (RFC 1951 §3.2.5 to §3.2.7).
const (
	maxLit      = 286
	maxDist     = 30
	numPre      = 19
	endOfBlock  = 256
	firstLength = 257 // symbol of the shortest match
	maxMatch    = 258
	maxStored   = 65535
)

// preOrder is the order of the code lengths of the code length code.
func preOrder() *[numPre]uint8 {
	return &[numPre]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
}

// fixedLengths are the code lengths of fixed blocks.
func fixedLengths() (lit [288]uint8, dist [32]uint8) {
	for i := range lit {
		switch {
		case i < 144, i >= 280:
			lit[i] = 8
		case i < 256:
			lit[i] = 9
		default:
			lit[i] = 7
		}
	}
	for i := range dist {
		dist[i] = 5
	}
	return lit, dist
}

// Package wire is what goes over the wire in the benchmarks: payloads, frames,
// and connections in memory.
package wire

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"unicode/utf8"
)

// Content is what a payload is made of.
type Content uint8

// The contents. All are random and fresh for each message, so that a processor's
// branch predictors learn nothing.
const (
	Binary Content = iota
	ASCII
	Mixed // letters of one to four octets
	CJK   // three octets each
	JSON  // compressible
)

// String returns the name.
func (c Content) String() string { return [...]string{"binary", "ASCII", "mixed", "CJK", "JSON"}[c] }

// Text reports whether the content is UTF-8 and goes as text.
func (c Content) Text() bool { return c != Binary }

// Payload returns n octets.
func (c Content) Payload(r *rand.Rand, n int) []byte {
	p := make([]byte, 0, n+80)
	switch c {
	case Binary:
		for len(p) < n {
			p = append(p, byte(r.Uint32()))
		}
	case JSON:
		return document(p, r, n)
	default:
		for len(p) < n-utf8.UTFMax {
			p = utf8.AppendRune(p, c.letter(r))
		}
		for len(p) < n {
			p = append(p, '.')
		}
	}
	return p[:n]
}

func (c Content) letter(r *rand.Rand) rune {
	kind := 2
	if c == Mixed {
		kind = [...]int{0, 0, 0, 0, 0, 1, 1, 1, 2, 3}[r.IntN(10)]
	} else if c == ASCII {
		kind = 0
	}
	switch kind {
	case 0:
		return ' ' + r.Int32N('~'-' ')
	case 1:
		return 'À' + r.Int32N(0x100)
	case 2:
		return '一' + r.Int32N(0x4000)
	}
	return '😀' + r.Int32N(0x30)
}

// document is a list of things, as an application sends them.
func document(p []byte, r *rand.Rand, n int) []byte {
	p = append(p, `{"items":[`...)
	for len(p) < n-80 {
		p = fmt.Appendf(p, `{"id":%d,"name":"item %d","price":%d.%02d,"tags":["a","b%d"]},`,
			r.IntN(1e6), r.IntN(97), r.IntN(500), r.IntN(100), r.IntN(13))
	}
	p = append(p, `{"note":"`...)
	p = append(p, bytes.Repeat([]byte{'.'}, max(0, n-len(p)-len(`"}]}`)))...)
	return append(p, `"}]}`...)
}

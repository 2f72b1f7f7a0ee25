//go:build !purego

package utf8

// Levels of detect.
const (
	avx2   = 1
	avx512 = 2
)

// level is what the processor has.
var level = detect()

// scan returns how many octets at the beginning of p, which begins a character,
// need not be looked at again but for the character that may begin there and go
// on behind them (see begin).
func scan(p []byte) int {
	switch level {
	case avx512:
		return scanAVX512(p)
	case avx2:
		return scanAVX2(p)
	}
	return 0
}

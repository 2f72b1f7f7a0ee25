//go:build purego || !(amd64 || arm64)

package mask

// vectorFrom is of no account here.
const vectorFrom = 0

// hasVector reports that there is no vector routine.
func hasVector() bool { return false }

// xorVector is never called.
func xorVector(_, _ []byte, _ Key) (high uint32) { panic("mask: no vector routine") }

// patternVector does nothing: there is no vector routine.
func patternVector([]byte, *[PatternSize]byte) (n int) { return 0 }

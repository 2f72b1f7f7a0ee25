//go:build purego || !(amd64 || arm64)

package mask

// xorVector does nothing: there is no vector routine.
func xorVector(_, _ []byte, _ Key) bool { return false }

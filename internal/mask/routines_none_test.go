//go:build purego || !(amd64 || arm64)

package mask

// routines returns the one implementation.
func routines() []routine { return []routine{portable} }

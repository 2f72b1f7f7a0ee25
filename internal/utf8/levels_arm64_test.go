//go:build !purego

package utf8

// levels yields the name of the one implementation.
func levels(yield func(string) bool) { yield("NEON") }

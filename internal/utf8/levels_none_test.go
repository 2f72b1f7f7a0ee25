//go:build purego || !(amd64 || arm64)

package utf8

// levels yields the name of the one implementation.
func levels(yield func(string) bool) { yield("portable") }

package conformance

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain has garbage collected less often: millions of short runs take a
// quarter less time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(500)
	os.Exit(m.Run())
}

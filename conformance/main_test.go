package conformance

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain has garbage collected less often, up to 2 GiB: millions of short runs
// take a quarter less time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(500)
	debug.SetMemoryLimit(2 << 30)
	os.Exit(m.Run())
}

package properties

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain has garbage collected less often, up to 1 GiB: millions of short runs
// take less time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(1 << 30)
	os.Exit(m.Run())
}

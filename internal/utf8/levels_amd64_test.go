//go:build !purego

package utf8

import (
	"os"
	"strings"
	"testing"
)

// levels selects one implementation after the other that this processor has, and
// yields its name.
func levels(yield func(string) bool) {
	best := level
	defer func() { level = best }()
	for i, name := range []string{"portable", "AVX2", "AVX-512"}[:best+1] {
		if level = i; !yield(name) {
			return
		}
	}
}

// TestDetect compares with what Linux says about the processor.
func TestDetect(t *testing.T) {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Log("no /proc/cpuinfo to compare with")
		return
	}
	_, flags, _ := strings.Cut(string(info), "\nflags")
	flags, _, _ = strings.Cut(flags, "\n")
	has := make(map[string]bool)
	for _, flag := range strings.Fields(flags) {
		has[flag] = true
	}
	want := 0
	if has["avx2"] && has["bmi1"] && has["bmi2"] {
		want = avx2
		if has["avx512f"] && has["avx512dq"] && has["avx512bw"] && has["avx512vl"] && has["avx512vbmi"] {
			want = avx512
		}
	}
	if level != want {
		t.Errorf("level %d, but the processor's flags say %d", level, want)
	}
}

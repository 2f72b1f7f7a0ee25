package main

import (
	"regexp"
	"strings"
	"testing"
)

// TestDiagramCoverage: each event and failure of a picture that shows the
// coverage tells a number of cases, which in pictures of both roles differ.
func TestDiagramCoverage(t *testing.T) {
	pictures := map[string]string{}
	for _, name := range []string{"frame-server", "frame-client"} {
		got := command(t, "", "diagram", "rfc6455", "frame", "--picture", name, "--coverage")
		if got.status != exitOK {
			t.Fatalf("status %d, %s", got.status, got.err)
		}
		pictures[name] = got.out
		for _, event := range []string{"data", "control", "split-control", "reserved-opcode", "reserved-bits", "not-minimal", "too-long", "fits", "part", "ping", "pong"} {
			if !regexp.MustCompile(`\b` + event + `×[1-9]`).MatchString(got.out) {
				t.Errorf("%s: no case at %s in\n%s", name, event, got.out)
			}
		}
		if strings.Contains(got.out, "×0") {
			t.Errorf("%s: a transition without a case in\n%s", name, got.out)
		}
	}
	count := regexp.MustCompile(`\bdata×\d+`)
	if server, client := count.FindString(pictures["frame-server"]), count.FindString(pictures["frame-client"]); server == client {
		t.Errorf("both roles have %s", server)
	}
	if got := command(t, "", "diagram", "rfc6455", "message"); strings.Contains(got.out, "×") {
		t.Errorf("numbers that were not asked for in\n%s", got.out)
	}
}

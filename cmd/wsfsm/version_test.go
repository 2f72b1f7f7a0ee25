package main

import (
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// TestVersionsOnOnePort has one server speak to all versions at once.
func TestVersionsOnOnePort(t *testing.T) {
	server := startServer(t, "--versions", "all")
	for _, p := range wsfsm.Protocols() {
		if p.Name == "hybi-01" {
			continue // its requests are those of hixie-76: see docs/design.md
		}
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			args := []string{"dial", server.url, "--version", p.Name}
			if p.Name == "hixie-75" {
				args = append(args, "--wait", "2s") // it has no close frame, and no answer comes behind the end
			}
			got := command(t, "Grüße\n", args...)
			if got.status != exitOK || got.out != "Grüße\n" || !strings.Contains(got.err, "connected, "+p.Title) {
				t.Errorf("status %d, out %q, remarks %q", got.status, got.out, got.err)
			}
		})
	}
}

// TestVersionsOffByDefault: drafts older than version 7 are refused.
func TestVersionsOffByDefault(t *testing.T) {
	server := startServer(t)
	for version, status := range map[string]int{
		"hixie-75": exitUnreachable, "hixie-76": exitUnreachable, "hybi-03": exitUnreachable, "hybi-06": exitUnreachable,
		"7": exitOK, "8": exitOK, "13": exitOK,
	} {
		if got := command(t, "", "dial", server.url, "--version", version); got.status != status || status != exitOK && !strings.Contains(got.err, "426") {
			t.Errorf("%s: status %d, remarks %q", version, got.status, got.err)
		}
	}
}

// TestDeflate: permessage-deflate is agreed on if both ends want it.
func TestDeflate(t *testing.T) {
	long := strings.Repeat("again and ", 1000) + "\n"
	const agreed = "extensions permessage-deflate"
	for _, with := range []bool{true, false} {
		var flags []string
		if with {
			flags = []string{"--deflate"}
		}
		server := startServer(t, flags...)
		got := command(t, long, "dial", server.url, "--deflate")
		if got.status != exitOK || got.out != long || strings.Contains(got.err, agreed) != with {
			t.Errorf("server with %q: status %d, %d octets, remarks %q", flags, got.status, len(got.out), got.err)
		}
		if got := command(t, long, "dial", server.url); got.out != long || strings.Contains(got.err, agreed) {
			t.Errorf("client without --deflate: %q", got.err)
		}
	}
}

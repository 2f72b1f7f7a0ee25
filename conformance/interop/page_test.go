package interop

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

const pageFile = "../../docs/interop.md"

// TestPageIsFresh compares docs/interop.md with what the files of outcomes say.
func TestPageIsFresh(t *testing.T) {
	expected := readOutcomes(t)
	expected.check(t)
	compressed := readCompression(t)
	checkCompression(t, compressed)
	want := page(expected, compressed)
	if *update {
		if err := os.WriteFile(pageFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(pageFile)
	if err != nil || string(got) != want {
		t.Errorf("docs/interop.md is stale (%v); go test ./conformance/interop -update", err)
	}
}

// page writes the matrix, what came out with permessage-deflate, and the faults.
func page(o *outcomes, compressed []compression) string {
	var b strings.Builder
	b.WriteString(`# Interoperability

<!-- Written by go test ./conformance/interop -update; do not edit. -->

Other implementations talk to this one in each version that both speak. Each
exercise has a connection of its own and is done in both directions: *to* the
peer and *from* it. With ` + "`wsfsm serve`" + ` as the other end, which sends back what
it gets, both are one (*echo*). "126" and "65536" are texts of that many octets;
"split characters" is a text in four fragments, cut inside characters; "close"
has a code and a reason where the version has them, "empty close" has none.

hybi-01 has no number on the wire, so that a server cannot tell it from hixie-76;
for em-websocket its client sends ` + "`Sec-WebSocket-Draft: 1`" + ` all the same.

Of the proxies, nginx lets draft 76 and RFC 6455 through, HAProxy RFC 6455, and
draft 76 in mode tcp only: in mode http it wants Sec-WebSocket-Key. squid opens
tunnels for both, with a password and without.

`)
	b.WriteString("ok: as it should be. –: the version has no such thing. none: the peer has no function for it.\n")
	b.WriteString("A number: the peer's fault below. unopened: the connection does not open.\n")
	numbers := numberFaults(o)
	reasons := 0 // of the matrix
	for _, n := range numbers {
		reasons = max(reasons, n)
	}
	last := ""
	for _, r := range rows() {
		if heading := headingOf(r, o); heading != last {
			last = heading
			fmt.Fprintf(&b, "\n## %s\n\n| version | other end | direction |", heading)
			for _, x := range exercises() {
				fmt.Fprintf(&b, " %s |", x.name)
			}
			b.WriteString("\n|" + strings.Repeat("---|", 3+len(exercises())) + "\n")
		}
		for _, direction := range r.directions() {
			writeLine(&b, r, direction, o, numbers)
		}
	}
	writeCompressionTable(&b, compressed, reasons)
	b.WriteString("\n# Faults\n\nOctets are those after the opening handshake, in hex. Masked frames of a peer's client are shown with masking key 0.\n")
	writeFaults(&b, o, numbers)
	writeCompressionFaults(&b, compressed, reasons)
	return b.String()
}

// source says where a kind of peer comes from.
func source(kind string) string {
	return map[string]string{"npm": "npm's", "python": "Python's", "ruby": "Ruby's (Debian)"}[kind]
}

// headingOf names the peer, its version and its role.
func headingOf(r row, o *outcomes) string {
	kind, name := r.implementation()
	switch r.peer {
	case "wsfsm:driver":
		return "The driver's server, with the driver as client"
	case "wsfsm:serve":
		return "`wsfsm serve`, with the driver as client"
	}
	return fmt.Sprintf("%s %s %s, as %s", source(kind), name, o.peers[r.peer], r.role)
}

// numberFaults gives the same number to faults with the same reason.
func numberFaults(o *outcomes) map[string]int {
	numbers := map[string]int{}
	var reasons []string
	for _, line := range lineNames() {
		for _, x := range exercises() {
			f, ok := o.faults[line+": "+x.name]
			if !ok {
				continue
			}
			at := slices.Index(reasons, f.Why)
			if at < 0 {
				at, reasons = len(reasons), append(reasons, f.Why)
			}
			numbers[f.key()] = at + 1
		}
	}
	return numbers
}

func writeLine(b *strings.Builder, r row, direction string, o *outcomes, numbers map[string]int) {
	line := r.name() + " " + direction
	fmt.Fprintf(b, "| %s | %s | %s |", r.version.name, r.ours, direction)
	for i, x := range exercises() {
		word := "not run"
		if i < len(o.lines[line]) {
			word = o.lines[line][i]
		}
		switch word {
		case isLacking:
			word = "–"
		case isFault:
			n := numbers[line+": "+x.name]
			word = fmt.Sprintf("[%d](#fault-%d)", n, n)
		}
		fmt.Fprintf(b, " %s |", word)
	}
	b.WriteByte('\n')
}

// writeFaults writes each reason once, with all that it explains.
func writeFaults(b *strings.Builder, o *outcomes, numbers map[string]int) {
	last := 0
	for n := 1; n > last; n++ {
		for _, line := range lineNames() {
			for _, x := range exercises() {
				f, ok := o.faults[line+": "+x.name]
				if !ok || numbers[f.key()] != n {
					continue
				}
				if n > last {
					last = n
					fmt.Fprintf(b, "\n## Fault %d\n\n%s\n\n", n, f.Why)
				}
				fmt.Fprintf(b, "- %s: %s\n", f.key(), f.Outcome)
				fmt.Fprintf(b, "  - to the peer: %s\n  - from the peer: %s\n", quoted(f.Sent), quoted(f.Received))
			}
		}
		if last < n {
			return
		}
	}
}

func quoted(octets string) string {
	if octets == "" {
		return "nothing"
	}
	return "`" + octets + "`"
}

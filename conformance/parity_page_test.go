package conformance_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const parityPage = "../docs/parity.md"

// TestParityPage compares docs/parity.md with the list.
func TestParityPage(t *testing.T) {
	page := parityText(readFeatures(t), newParity(t))
	if *update {
		if err := os.WriteFile(parityPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if there, err := os.ReadFile(parityPage); err != nil || string(there) != page {
		t.Errorf("docs/parity.md is not what conformance/parity.yaml says, %v: go test ./conformance -run TestParityPage -update", err)
	}
}

// parityText writes the list for people.
func parityText(list []feature, p *parity) string {
	var b strings.Builder
	left := 0
	for _, f := range list {
		if f.Reason != "" {
			left++
		}
	}
	fmt.Fprintf(&b, `<!-- Made from conformance/parity.yaml by go test ./conformance -run TestParityPage -update. DO NOT EDIT. -->

# What the established drivers do

%d features that websocket-driver (Ruby and Node), em-websocket or faye-websocket have for their users: what does it here, and the
tests and cases that show it. TestParity in package conformance checks that each of them is there and is run; those of
conformance/interop need other programs and are skipped without. %d features are left out, with the reason.
[callbacks.md](callbacks.md) says how to come from those drivers, [known-bugs.md](known-bugs.md) what they do wrong.
`, len(list), left)
	for _, table := range parityTables {
		fmt.Fprintf(&b, "\n## %s\n\n| | feature | here | shown by | remark |\n|---|---|---|---|---|\n", table.title)
		for _, f := range list {
			if strings.HasPrefix(f.ID, table.number+"-") {
				fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.ID, cell(f.Feature), f.identifiers(), f.shownBy(p), cell(f.remark()))
			}
		}
	}
	return b.String()
}

func (f *feature) identifiers() string {
	var names []string
	for _, name := range f.Here {
		names = append(names, "`"+name+"`")
	}
	return strings.Join(names, ", ")
}

func (f *feature) shownBy(p *parity) string {
	var parts []string
	for _, name := range f.Tests {
		parts = append(parts, fmt.Sprintf("[%s](../%s)", name, p.source.tests[name].file))
	}
	for _, id := range f.Cases {
		parts = append(parts, fmt.Sprintf("[%s](../conformance/cases/%s)", id, p.cases[id]))
	}
	return strings.Join(parts, ", ")
}

func (f *feature) remark() string {
	if f.Reason != "" {
		return "*left out:* " + f.Reason
	}
	return f.Note
}

package emit

import (
	"fmt"
	"strings"
)

// Mermaid writes a picture as a stateDiagram-v2.
func Mermaid(p Picture) []byte {
	return []byte("%% " + p.Comment + "\n" + mermaidBody(p))
}

// mermaidBody is the diagram without its comment, as Markdown embeds it.
func mermaidBody(p Picture) string {
	b := new(strings.Builder)
	b.WriteString(mermaidSpacing + "stateDiagram-v2\n")
	for _, n := range append(p.Nodes, p.Failed...) {
		fmt.Fprintf(b, "    state \"%s\" as %s\n", mermaidLabel(p, n), mermaidID(n.Name))
	}
	for _, n := range p.Nodes {
		if n.Initial {
			fmt.Fprintf(b, "    [*] --> %s\n", mermaidID(n.Name))
		}
	}
	for _, e := range p.Edges {
		if e.From != e.To {
			fmt.Fprintf(b, "    %s --> %s: %s\n", mermaidID(e.From), mermaidID(e.To), mermaidLines(labelLines(e.Labels, mermaidEdgeWidth)))
		}
	}
	mermaidFailures(b, p)
	return b.String()
}

func mermaidFailures(b *strings.Builder, p Picture) {
	if len(p.FailTo) > 0 {
		fmt.Fprintf(b, "    state \"%s\" as any_failure\n", failMark)
		for _, to := range p.FailTo {
			fmt.Fprintf(b, "    any_failure --> %s\n", mermaidID(to))
		}
	}
	for _, n := range append(p.Nodes, p.Failed...) {
		if n.Final {
			fmt.Fprintf(b, "    %s --> [*]\n", mermaidID(n.Name))
		}
	}
}

// Widths in characters at which text is broken: in states, where Mermaid breaks
// what is longer, and at edges, where labels of neighbours would meet.
const (
	mermaidWidth     = 27
	mermaidEdgeWidth = 20
	markWidth        = 2 // a mark and a blank
)

// mermaidSpacing keeps the labels of neighbouring edges apart.
const mermaidSpacing = "%%{init: {\"state\": {\"nodeSpacing\": 90, \"rankSpacing\": 75}}}%%\n"

// mermaidLabel is the text of a state.
func mermaidLabel(p Picture, n Node) string {
	lines := []string{n.Name}
	for _, line := range n.Lines {
		lines = append(lines, breakLine(line, mermaidWidth)...)
	}
	lines = append(lines, p.loopLines(n, mermaidWidth-markWidth)...)
	return mermaidLines(append(lines, failLines(n, mermaidWidth-markWidth)...))
}

func mermaidLines(lines []string) string { return strings.Join(lines, "<br/>") }

// mermaidID is a state's name as an identifier: a hyphen would be read as part
// of an arrow, and some bare words mean something to Mermaid.
func mermaidID(name string) string { return "s_" + strings.ReplaceAll(name, "-", "_") }

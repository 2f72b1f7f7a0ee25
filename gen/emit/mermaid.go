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
	b.WriteString("stateDiagram-v2\n")
	for _, n := range append(p.Nodes, p.Failed...) {
		fmt.Fprintf(b, "    state \"%s\" as %s\n", mermaidLabel(n), mermaidID(n.Name))
	}
	for _, n := range p.Nodes {
		if n.Initial {
			fmt.Fprintf(b, "    [*] --> %s\n", mermaidID(n.Name))
		}
	}
	for _, e := range p.Edges {
		fmt.Fprintf(b, "    %s --> %s: %s\n", mermaidID(e.From), mermaidID(e.To), strings.Join(labelLines(e.Labels), "<br/>"))
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

func mermaidLabel(n Node) string {
	return strings.Join(append([]string{n.Name}, detailLines(n)...), "<br/>")
}

// mermaidID is a state's name as an identifier: a hyphen would be read as part
// of an arrow, and some bare words mean something to Mermaid.
func mermaidID(name string) string { return "s_" + strings.ReplaceAll(name, "-", "_") }

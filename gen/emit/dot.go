package emit

import (
	"fmt"
	"strings"
)

// DOT writes a picture as a Graphviz graph.
func DOT(p Picture) []byte {
	b := new(strings.Builder)
	fmt.Fprintf(b, "// %s\ndigraph %q {\n%s\n", p.Comment, p.Name, dotStyle)
	for _, n := range append(p.Nodes, p.Failed...) {
		fmt.Fprintf(b, "    %q [%slabel=<%s>];\n", n.Name, dotShape(n), dotLabel(p, n))
	}
	for _, n := range p.Nodes {
		if n.Initial {
			fmt.Fprintf(b, "    \"\" [shape=point, width=0.12, fillcolor=\"black\", tooltip=\"initial state\"];\n    \"\" -> %q;\n", n.Name)
		}
	}
	for _, e := range p.Edges {
		if e.From != e.To {
			fmt.Fprintf(b, "    %q -> %q [label=\"%s\"];\n", e.From, e.To, dotLines(labelLines(e.Labels, dotEdgeWidth)))
		}
	}
	dotFailures(b, p)
	b.WriteString("}\n")
	return []byte(b.String())
}

// dotFailures leads from the mark of failures to where they end, below all else
// if nothing but failures ends there.
func dotFailures(b *strings.Builder, p Picture) {
	if len(p.FailTo) == 0 {
		return
	}
	fmt.Fprintf(b, "    %q [shape=plaintext, fontcolor=%q, width=0.3, margin=0.05];\n", failMark, failColour)
	for _, to := range p.FailTo {
		fmt.Fprintf(b, "    %q -> %q [color=%q, style=dashed];\n", failMark, to, failColour)
	}
	if len(p.Failed) == len(p.FailTo) {
		fmt.Fprintf(b, "    { rank=sink; %q;", failMark)
		for _, n := range p.Failed {
			fmt.Fprintf(b, " %q;", n.Name)
		}
		b.WriteString(" }\n")
	}
}

// Widths in characters at which text is broken.
const (
	dotEdgeWidth  = 38
	dotStateWidth = 34
	dotLoopWidth  = 42
)

const (
	failColour   = "#b3261e"
	detailColour = "#5f6368"
	edgeColour   = "black"
)

const dotStyle = `    graph [rankdir=TB, nodesep=0.45, ranksep=0.5, fontname="Helvetica", bgcolor="white"];
    node [shape=box, style="rounded,filled", fillcolor="white", fontname="Helvetica", fontsize=12, margin="0.14,0.07"];
    edge [fontname="Helvetica", fontsize=10, arrowsize=0.7];
`

func dotShape(n Node) string {
	if n.Final {
		return "peripheries=2, "
	}
	return ""
}

func dotLabel(p Picture, n Node) string {
	b := new(strings.Builder)
	fmt.Fprintf(b, "<b>%s</b>", dotEscape(n.Name))
	add := func(lines []string, colour string) {
		for _, line := range lines {
			fmt.Fprintf(b, "<br/><font point-size=\"10\" color=%q>%s</font>", colour, dotEscape(line))
		}
	}
	add(n.Lines, detailColour)
	add(p.loopLines(n, dotLoopWidth), edgeColour)
	add(failLines(n, dotStateWidth), failColour)
	return b.String()
}

// dotLines is the text of an edge, with room between it and the edge.
func dotLines(lines []string) string {
	padded := make([]string, len(lines))
	for i, line := range lines {
		padded[i] = "  " + line + "  "
	}
	return strings.Join(padded, `\n`)
}

func dotEscape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

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
		fmt.Fprintf(b, "    %q [%slabel=<%s>];\n", n.Name, dotShape(n), dotLabel(n))
	}
	for _, n := range p.Nodes {
		if n.Initial {
			fmt.Fprintf(b, "    \"\" [shape=point, width=0.12, fillcolor=\"black\", tooltip=\"initial state\"];\n    \"\" -> %q;\n", n.Name)
		}
	}
	for _, e := range p.Edges {
		fmt.Fprintf(b, "    %q -> %q [%slabel=\"%s\"];\n", e.From, e.To, dotPorts(e), dotLines(labelLines(e.Labels, dotEdgeWidth)))
	}
	if len(p.FailTo) > 0 {
		fmt.Fprintf(b, "    %q [shape=plaintext, fontcolor=%q];\n", failMark, failColour)
	}
	for _, to := range p.FailTo {
		fmt.Fprintf(b, "    %q -> %q [color=%q, style=dashed];\n", failMark, to, failColour)
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// Widths in characters at which text is broken.
const (
	dotEdgeWidth  = 38
	dotStateWidth = 34
)

const (
	failColour   = "#b3261e"
	detailColour = "#5f6368"
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

func dotLabel(n Node) string {
	b := new(strings.Builder)
	fmt.Fprintf(b, "<b>%s</b>", dotEscape(n.Name))
	for _, line := range n.Lines {
		fmt.Fprintf(b, "<br/><font point-size=\"10\" color=%q>%s</font>", detailColour, dotEscape(line))
	}
	for _, line := range failLines(n, dotStateWidth) {
		fmt.Fprintf(b, "<br/><font point-size=\"10\" color=%q>%s</font>", failColour, dotEscape(line))
	}
	return b.String()
}

// dotPorts keeps a self-loop away from where other edges begin.
func dotPorts(e Edge) string {
	if e.From != e.To {
		return ""
	}
	return "tailport=ne, headport=e, "
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

// Package graph draws Graphviz graphs, without Graphviz being installed.
package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/goccy/go-graphviz"
)

// SVG draws a graph in the DOT language as SVG. Equal graphs give equal
// pictures.
func SVG(ctx context.Context, dot []byte) ([]byte, error) {
	g, err := graphviz.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	defer g.Close()
	parsed, err := graphviz.ParseBytes(dot)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	if parsed == nil { // of an empty text nothing comes, not even an error
		return nil, errors.New("graph: no graph to draw")
	}
	defer parsed.Close()
	var out bytes.Buffer
	if err := g.Render(ctx, parsed, graphviz.SVG, &out); err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	return portable(out.Bytes())
}

// fonts have the widths that Graphviz lays Helvetica out with; where one is
// missing another is there.
const fonts = "Arial,Helvetica,Liberation Sans,Nimbus Sans,sans-serif"

// portable takes out what ties a picture to the place where it is looked at:
// the document type, which some viewers would fetch, and the one font.
func portable(svg []byte) ([]byte, error) {
	begin := bytes.Index(svg, []byte("<svg"))
	if begin < 0 {
		return nil, errors.New("graph: no picture came out")
	}
	svg = bytes.ReplaceAll(svg[begin:], []byte(`"Helvetica,sans-Serif"`), []byte(`"`+fonts+`"`))
	return append([]byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), svg...), nil
}

package graph_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/graph"
)

const twoStates = `digraph g {
    node [shape=box, fontname="Helvetica"];
    "open" -> "closed" [label="end & out", fontname="Helvetica"];
}`

func TestSVG(t *testing.T) {
	svg, err := graph.SVG(t.Context(), []byte(twoStates))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the picture is not XML: %v", err)
		}
		if data, ok := token.(xml.CharData); ok && strings.TrimSpace(string(data)) != "" {
			texts = append(texts, string(data))
		}
	}
	for _, want := range []string{"open", "closed", "end & out"} {
		if !strings.Contains(strings.Join(texts, "\n"), want) {
			t.Errorf("the picture has no text %q: %q", want, texts)
		}
	}
	for _, bad := range []string{"<!DOCTYPE", "sans-Serif"} {
		if bytes.Contains(svg, []byte(bad)) {
			t.Errorf("the picture has %s", bad)
		}
	}
}

func TestEqualGraphsGiveEqualPictures(t *testing.T) {
	first, err := graph.SVG(t.Context(), []byte(twoStates))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := graph.SVG(t.Context(), []byte("digraph other { a -> b -> c }")); err != nil {
			t.Fatal(err)
		}
		again, err := graph.SVG(t.Context(), []byte(twoStates))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Error("the same graph gave another picture")
		}
	}
}

func TestNoGraph(t *testing.T) {
	for _, dot := range []string{"", "digraph {", "nonsense"} {
		if svg, err := graph.SVG(t.Context(), []byte(dot)); err == nil {
			t.Errorf("%q was drawn: %.80s", dot, svg)
		}
	}
}

package spec

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// second reads a document with another YAML library.
func second(content []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var document, next yaml.Node
	if err := decoder.Decode(&document); err != nil {
		return nil, err
	}
	if err := decoder.Decode(&next); err != io.EOF {
		return nil, fmt.Errorf("a second document, or %v", err)
	}
	return document.Content[0], nil
}

// differs says where the trees of the two libraries are not the same: kinds,
// texts, order, places. Texts that we take for texts must be texts to the
// other library, too.
func differs(ours *node, other *yaml.Node) string {
	at := fmt.Sprintf("%s %q and %d:%d %q", ours.pos, ours.text, other.Line, other.Column, other.Value)
	if ours.kind != nothingNode && (ours.pos.Line != other.Line || ours.pos.Column != other.Column) {
		return at + ": another place"
	}
	switch ours.kind {
	case scalarNode:
		if other.Kind != yaml.ScalarNode || ours.text != other.Value {
			return at + ": another text"
		}
		if takenFor(ours) == "" && other.ShortTag() != "!!str" {
			return at + ": taken for " + other.ShortTag()
		}
	case nothingNode:
		if other.ShortTag() != "!!null" {
			return at + ": not nothing"
		}
	case listNode:
		if other.Kind != yaml.SequenceNode || len(ours.items) != len(other.Content) {
			return at + ": another list"
		}
		for i, item := range ours.items {
			if d := differs(item, other.Content[i]); d != "" {
				return d
			}
		}
	case mappingNode:
		if other.Kind != yaml.MappingNode || 2*len(ours.pairs) != len(other.Content) {
			return at + ": another mapping"
		}
		for i, p := range ours.pairs {
			if d := differs(p.key, other.Content[2*i]) + differs(p.value, other.Content[2*i+1]); d != "" {
				return d
			}
		}
	}
	return ""
}

// specFiles are all spec files of the repository.
func specFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../../states/*.yaml", "../testdata/*/*.yaml"} {
		list, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, list...)
	}
	if len(files) < 8 {
		t.Fatalf("only %d spec files", len(files))
	}
	return files
}

// TestSecondLibrary compares how two YAML libraries read the spec files.
func TestSecondLibrary(t *testing.T) {
	for _, file := range specFiles(t) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := newReport()
		ours := r.parse(file, content)
		if err := r.Err(); err != nil {
			t.Fatal(err)
		}
		other, err := second(content)
		if err != nil {
			t.Fatal(err)
		}
		if d := differs(ours, other); d != "" {
			t.Error(d)
		}
	}
}

// TestSecondLibraryNotices plants differences that TestSecondLibrary must see.
func TestSecondLibraryNotices(t *testing.T) {
	const right = "a: x\nb: [c, d]\ne: {f: g}\n"
	ours := newReport().parse("f", []byte(right))
	for _, wrong := range []string{
		"a: y\nb: [c, d]\ne: {f: g}\n", "a:  x\nb: [c, d]\ne: {f: g}\n", "a: x\nb: [c]\ne: {f: g}\n",
		"a: x\nb: [d, c]\ne: {f: g}\n", "a: x\nb: [c, d]\ne: {g: g}\n", "a: x\nb: [c, d]\ne: [f]\n", "a: x\nb: [c, d]\n",
	} {
		other, err := second([]byte(wrong))
		if err != nil {
			t.Fatal(err)
		}
		if differs(ours, other) == "" {
			t.Errorf("no difference seen in %q", wrong)
		}
	}
}

// holey reports whether a key has no value, or a text begins with a mark, which
// is refused everywhere.
func holey(n *node) bool {
	return n.kind == nothingNode || n.kind == scalarNode && takenFor(n) == "a mark" || slices.ContainsFunc(n.items, holey) ||
		slices.ContainsFunc(n.pairs, func(p pair) bool { return holey(p.key) || holey(p.value) })
}

// FuzzParse looks for input on which the reader panics, takes long, or reads
// another tree than a second YAML library.
func FuzzParse(f *testing.F) {
	for _, file := range specFiles(f) {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(content) < 6000 {
			f.Add(content)
		}
	}
	for _, seed := range []string{
		"a: b", "a: {b: [c, 'd''e', \"f\\tg\"], h: }\n", "? a\n: b", "- - - a", "a: |\n b", "a: &b c\nd: *b", "<<: {a: b}",
		"a: 1\non: 2\n~: 3", "a:\r\n  b: c\r\n", "%YAML 1.1\n---\na: b", "a: b\n---\nc: d", "{a: b, c}", "a: [b\n, c]", "é: \"ü ß\" # ö",
		"a: b:c\nd: 'e'\n\"f g\": h", "a: 12:30:45\nb: 0x1F\nc: 1_0", strings.Repeat("[", 70), "a: \"b\\\nc\"", "[[a]: b]", "A:\n?", "A:\n-\nB: 0",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r := newReport()
		ours := r.parse("f.yaml", content)
		if err := r.Err(); err != nil {
			_ = err.Error()
			return
		}
		other, err := second(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")))
		if err != nil || holey(ours) { // nothing of the kind gets through Load
			return
		}
		if d := differs(ours, other); d != "" {
			t.Errorf("%s\nin %q", d, content)
		}
	})
}

package conformance_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// edit is one change of one spec file, which keeps all lines in their places.
type edit struct {
	name  string // what it does, for people
	file  string
	first int // lines, from 1, among which a diagnostic may point at it
	last  int
	names []string // by one of which a diagnostic elsewhere may point at it
	text  string   // of the whole changed file
}

// names are the last key of a path and the words concerned, and the machine they
// belong to.
func names(path string, words ...string) []string {
	parts := strings.Split(path, ".")
	list := append(words, parts[len(parts)-1])
	if len(parts) > 2 && parts[1] == "machines" {
		list = append(list, parts[2]+" machine", "machine "+parts[2])
	}
	return list
}

// scalars are all keys and values below a node.
func scalars(n *yaml.Node) (all []string) {
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	for _, c := range n.Content {
		all = append(all, scalars(c)...)
	}
	return all
}

// source is a spec file taken apart.
type source struct {
	file  string
	lines []string
	root  *yaml.Node
}

func readSource(t testing.TB, fsys fs.FS, file string) *source {
	t.Helper()
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return &source{file: file, lines: strings.Split(string(text), "\n"), root: doc.Content[0]}
}

// lastLine is the last line that a node reaches to.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, c := range n.Content {
		last = max(last, lastLine(c))
	}
	return last
}

// with returns the file with text of one line replaced.
func (s *source) with(line, from, to int, text string) string {
	changed := append([]string(nil), s.lines...)
	l := []rune(changed[line-1])
	changed[line-1] = string(l[:from]) + text + string(l[to:])
	return strings.Join(changed, "\n")
}

// without returns the file with lines emptied.
func (s *source) without(first, last int) string {
	changed := append([]string(nil), s.lines...)
	for i := first; i <= last; i++ {
		changed[i-1] = ""
	}
	return strings.Join(changed, "\n")
}

// documentation are keys whose values no machine depends on.
var documentation = map[string]bool{"cite": true, "means": true, "title": true, "confidence": true}

// deletions are all ways to take one entry or one word of a list out of a spec
// file, documentation left alone.
func (s *source) deletions() (all []edit) {
	s.delete(s.root, "", &all)
	return all
}

func (s *source) delete(n *yaml.Node, path string, all *[]edit) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if documentation[key.Value] {
				continue
			}
			at := path + "." + key.Value
			e := edit{name: "delete " + at, file: s.file, last: lastLine(n), names: names(at, scalars(value)...)}
			if n.Style&yaml.FlowStyle != 0 {
				e.names = append(e.names, scalars(n)...)
				e.text = s.withoutFlow(key)
			} else {
				e.text = s.without(key.Line, lastLine(value))
			}
			e.first = max(1, n.Line-1) // the line of the key that holds the mapping
			*all = append(*all, e)
			s.delete(value, at, all)
		}
	case yaml.SequenceNode:
		for _, c := range n.Content {
			e := edit{name: "delete " + path + "." + c.Value, file: s.file, first: n.Line, last: lastLine(n), names: names(path, c.Value), text: s.withoutFlow(c)}
			if path == ".extends" { // what a base had is missing from the version
				e.names = append(e.names, fmt.Sprintf("the version %q", strings.TrimSuffix(s.file, ".yaml")))
			}
			*all = append(*all, e)
		}
	case yaml.ScalarNode:
		if words := strings.Fields(n.Value); n.Style&yaml.DoubleQuotedStyle != 0 && len(words) > 1 && isList(words) {
			s.deleteWords(n, path, words, all)
		}
	}
}

var listWord = regexp.MustCompile(`^([01xmf]\.[01xmf]|[01xmf]{3,}|0x|[0-9]|[A-Za-z]-)`)

// isList reports whether a string is a list of patterns, octets or numbers.
func isList(words []string) bool {
	for _, w := range words {
		if !listWord.MatchString(w) {
			return false
		}
	}
	return true
}

func (s *source) deleteWords(n *yaml.Node, path string, words []string, all *[]edit) {
	line := []rune(s.lines[n.Line-1])
	at := n.Column // behind the quote
	for _, w := range words {
		from := at + len([]rune(strings.SplitN(string(line[at:]), w, 2)[0]))
		to := from + len(w)
		at = to
		if line[to] == ' ' {
			to++
		} else {
			from-- // the last word: the blank before it
		}
		*all = append(*all, edit{name: fmt.Sprintf("delete %s %q", path, w), file: s.file, first: max(1, n.Line-1), last: n.Line, names: names(path, w), text: s.with(n.Line, from, to, "")})
	}
}

// withoutFlow takes an entry of a flow mapping or sequence out: from its key to
// the next comma or closing bracket of the same depth.
func (s *source) withoutFlow(key *yaml.Node) string {
	line := []rune(s.lines[key.Line-1])
	from := key.Column - 1
	to, depth, quoted := from, 0, false
	for ; to < len(line); to++ {
		switch c := line[to]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case (c == '}' || c == ']' || c == ',') && depth == 0:
			if c == ',' {
				for to++; to < len(line) && line[to] == ' '; to++ {
				}
			} else {
				for from > 0 && (line[from-1] == ' ' || line[from-1] == ',') {
					from--
				}
			}
			return s.with(key.Line, from, to, "")
		case c == '}' || c == ']':
			depth--
		}
	}
	return s.with(key.Line, from, to, "")
}

var plainName = regexp.MustCompile(`^[a-zA-Z:][a-zA-Z0-9:-]*$`)

// misspellings are all ways to misspell one name: each key and each plain word
// that is a value, documentation left alone.
func (s *source) misspellings() (all []edit) {
	s.misspell(s.root, "", &all)
	return all
}

func (s *source) misspell(n *yaml.Node, path string, all *[]edit) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			s.misspellScalar(key, path, all)
			if !documentation[key.Value] && !s.describes(n, value) {
				s.misspell(value, path+"."+key.Value, all)
			}
		}
	case yaml.SequenceNode:
		for _, c := range n.Content {
			s.misspell(c, path, all)
		}
	case yaml.ScalarNode:
		s.misspellScalar(n, path, all)
	}
}

// describes reports whether a value of the vocabulary is the meaning of its key:
// names are values in flow mappings only.
func (s *source) describes(n, value *yaml.Node) bool {
	return s.file == "vocabulary.yaml" && value.Kind == yaml.ScalarNode && n.Style&yaml.FlowStyle == 0
}

func (s *source) misspellScalar(n *yaml.Node, path string, all *[]edit) {
	if n.Tag != "!!str" || !plainName.MatchString(n.Value) {
		return
	}
	at := n.Column - 1
	if n.Style&yaml.DoubleQuotedStyle != 0 {
		at++
	}
	end := at + len([]rune(n.Value))
	*all = append(*all, edit{name: fmt.Sprintf("misspell %s %s:%d", path, n.Value, n.Line), file: s.file, first: n.Line, last: n.Line, names: []string{n.Value, n.Value + "x"}, text: s.with(n.Line, end, end, "x")})
}

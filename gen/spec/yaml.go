package spec

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of one file. They keep the time for any input short: the YAML parser
// needs quadratic time in the number of tokens.
const (
	largestFile = 1 << 20 // octets
	longestLine = 1000    // characters
	mostTokens  = 40_000
	deepest     = 64 // nested mappings and lists
)

// document reads the files of a set as trees.
type document struct {
	*Report
	file  string
	lines [][]rune
}

// parse reads one file. It returns nil if nothing can be made of it; what is
// wrong is in the report.
func (r *Report) parse(file string, content []byte) (root *node) {
	d := &document{Report: r, file: file}
	text, ok := d.characters(content)
	if !ok {
		return nil
	}
	defer func() {
		if fault := recover(); fault != nil { // the YAML library's
			r.Add(BadSyntax, Pos{File: file, Line: 1, Column: 1}, "", "the YAML reader gave up: %.200v", fault)
			root = nil
		}
	}()
	tokens := lexer.Tokenize(text)
	if !d.tokens(tokens) {
		return nil
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.syntax(err)
		return nil
	}
	return d.root(parsed)
}

// root is the one mapping that a file holds.
func (d *document) root(parsed *ast.File) *node {
	start := Pos{File: d.file, Line: 1, Column: 1}
	if len(parsed.Docs) == 0 || parsed.Docs[0].Body == nil {
		d.Add(WrongType, start, "", "the file is empty")
		return nil
	}
	if len(parsed.Docs) > 1 {
		at := start
		if second := parsed.Docs[1]; second.Start != nil {
			at = d.pos(second.Start)
		}
		d.Add(NotAllowed, at, "", "a file holds one document")
		return nil
	}
	root := d.node(parsed.Docs[0].Body, 0)
	if root != nil && root.kind != mappingNode {
		d.Add(WrongType, root.pos, "", "a file holds a mapping, not %s", root.kind)
		return nil
	}
	return root
}

// syntax reports what the YAML parser says.
func (d *document) syntax(err error) {
	pos, message := Pos{File: d.file, Line: 1, Column: 1}, err.Error()
	if known := yaml.Error(nil); errors.As(err, &known) {
		message = known.GetMessage()
		if t := known.GetToken(); t != nil {
			pos = d.pos(t)
		}
	}
	message, _, _ = strings.Cut(message, "\n")
	d.Add(BadSyntax, pos, "", "%s", clip(message))
}

func (d *document) pos(t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{File: d.file, Line: 1, Column: 1}
	}
	return Pos{File: d.file, Line: max(1, t.Position.Line), Column: max(1, t.Position.Column)}
}

// foreign says what is wrong with a token that spec files do not use, so that
// every reader sees the same tree and every value stands where it counts.
func foreign(t token.Type) string {
	switch t {
	case token.AnchorType:
		return "anchors are not allowed"
	case token.AliasType:
		return "aliases are not allowed"
	case token.TagType:
		return "tags are not allowed"
	case token.MergeKeyType:
		return "merge keys are not allowed"
	case token.DirectiveType:
		return "directives are not allowed"
	case token.MappingKeyType:
		return "keys marked with ? are not allowed"
	case token.DocumentEndType:
		return "a file holds one document"
	case token.LiteralType, token.FoldedType:
		return "a text stands on one line"
	}
	return ""
}

// tokens refuses tokens that spec files do not use, and what would make the
// parser slow or recurse deeply.
func (d *document) tokens(tokens token.Tokens) bool {
	if len(tokens) > mostTokens {
		d.Add(FileTooLarge, d.pos(tokens[mostTokens]), "", "the file has more than %d words and marks", mostTokens)
		return false
	}
	ok, depth := true, 0
	for _, t := range tokens {
		if message := foreign(t.Type); message != "" {
			d.Add(NotAllowed, d.pos(t), "", "%s", message)
			ok = false
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		}
		if depth > deepest {
			d.tooDeep(d.pos(t))
			return false
		}
	}
	return ok
}

func (d *document) tooDeep(pos Pos) {
	d.Add(TooDeep, pos, "", "nested more than %d deep", deepest)
}

// node turns a tree of the YAML library into ours. It returns nil where
// something is wrong that leaves nothing to go on with.
func (d *document) node(n ast.Node, depth int) *node {
	if depth > deepest {
		d.tooDeep(d.pos(n.GetToken()))
		return nil
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return d.mapping(n.Start, n.Values, depth)
	case *ast.MappingValueNode:
		return d.mapping(nil, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		list := &node{kind: listNode, pos: d.pos(n.Start)}
		for _, value := range n.Values {
			item := d.node(value, depth+1)
			if item != nil && (n.Start.Type == token.SequenceStartType || d.inside(list.pos, item)) {
				list.items = append(list.items, item)
			}
		}
		return list
	case *ast.NullNode:
		if n.GetToken().Type == token.ImplicitNullType {
			return &node{kind: nothingNode, pos: d.pos(n.GetToken())}
		}
	case ast.ScalarNode:
	default:
		d.Add(NotAllowed, d.pos(n.GetToken()), "", "this kind of YAML is not allowed: %s", strings.ToLower(n.Type().String()))
		return nil
	}
	return d.scalar(n.GetToken())
}

func (d *document) mapping(start *token.Token, values []*ast.MappingValueNode, depth int) *node {
	m := &node{kind: mappingNode}
	seen := make(map[string]bool)
	for _, v := range values {
		key, value := d.node(v.Key, depth+1), d.node(v.Value, depth+1)
		if key == nil || value == nil {
			continue
		}
		if after := d.from(d.pos(v.Start)); len(after) > 1 && after[1] != ' ' {
			d.Add(BadSyntax, d.pos(v.Start), "", "a space follows the colon behind a key")
			continue
		}
		if flow := start != nil && start.Type == token.MappingStartType; !flow && !d.inside(key.pos, value) {
			continue
		}
		if value.kind == nothingNode {
			value.pos = key.pos
		}
		if d.key(key) && seen[key.text] {
			d.Add(DuplicateKey, key.pos, "", "%q is there twice", clip(key.text))
			continue
		}
		seen[key.text] = true
		m.pairs = append(m.pairs, pair{key: key, value: value})
	}
	switch {
	case start != nil && start.Type == token.MappingStartType || len(m.pairs) == 0:
		m.pos = d.pos(start)
	default:
		m.pos = m.pairs[0].key.pos
	}
	return m
}

// inside checks that what belongs to a key or to the dash of a list stands to
// the right of it, if it stands on another line; dashes may stand below a key.
func (d *document) inside(outer Pos, n *node) bool {
	column := n.pos.Column
	if n.kind == listNode && !strings.HasPrefix(string(d.from(outer)), "-") {
		column++
	}
	if n.kind != nothingNode && n.pos.Line > outer.Line && column <= outer.Column {
		d.Add(BadSyntax, n.pos, "", "this stands too far to the left")
		return false
	}
	return true
}

// key reports whether a node can be a key.
func (d *document) key(key *node) bool {
	if key.kind != scalarNode {
		d.Add(WrongType, key.pos, "", "a key is a text, not %s", key.kind)
		return false
	}
	if other := takenFor(key); other != "" {
		d.Add(Ambiguous, key.pos, fmt.Sprintf("write %q", clip(key.text)), "YAML readers take the key %s for %s", clip(key.text), other)
	}
	return true
}

// scalar takes the text of a scalar, which must stand in one line.
func (d *document) scalar(t *token.Token) *node {
	n := &node{kind: scalarNode, pos: d.pos(t), text: t.Value, plain: true}
	line := d.from(n.pos)
	if t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType {
		n.plain = false
		width := 1
		if len(line) > 0 && (line[0] == '"' || line[0] == '\'') {
			width = quotedWidth(line)
		}
		if width < 2 {
			d.Add(NotAllowed, n.pos, "", "a text stands on one line")
			return nil
		}
		n.exact = string(line[1:width-1]) == n.text
		return n
	}
	if t.Type != token.StringType { // numbers and the like: as they are written
		n.text = strings.TrimSpace(t.Origin)
	}
	if !strings.HasPrefix(string(line), n.text) {
		d.Add(NotAllowed, n.pos, "", "a text stands on one line")
		return nil
	}
	n.exact = true
	return n
}

// from is the rest of a line from a place on.
func (d *document) from(pos Pos) []rune {
	if pos.Line > len(d.lines) || pos.Column > len(d.lines[pos.Line-1]) {
		return nil
	}
	return d.lines[pos.Line-1][pos.Column-1:]
}

// clip bounds what is quoted from a file in a message.
func clip(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

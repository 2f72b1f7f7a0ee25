package spec

import "strings"

type nodeKind uint8

const (
	scalarNode nodeKind = iota
	mappingNode
	listNode
	nothingNode // a key without a value
)

// node is a value in a spec file.
type node struct {
	kind  nodeKind
	pos   Pos
	text  string // of a scalar, unquoted
	plain bool   // the scalar stands without quotes
	exact bool   // the text stands in the file as it is, without escapes
	pairs []pair // of a mapping, in the order of the file
	items []*node
}

// pair is one key of a mapping with its value.
type pair struct {
	key, value *node
	changed    bool // replaced or added on top of a base
}

// String names the kind of the node in messages.
func (k nodeKind) String() string {
	return [...]string{scalarNode: "a text", mappingNode: "a mapping", listNode: "a list", nothingNode: "nothing"}[k]
}

// get returns the value of a key, and nil if there is none.
func (n *node) get(key string) *node {
	if i := n.index(key); i >= 0 {
		return n.pairs[i].value
	}
	return nil
}

// index is the position of a key among the pairs, -1 if there is none.
func (n *node) index(key string) int {
	if n == nil {
		return -1
	}
	for i, p := range n.pairs {
		if p.key.text == key {
			return i
		}
	}
	return -1
}

// keys are the keys of a mapping.
func (n *node) keys() []string {
	keys := make([]string, len(n.pairs))
	for i, p := range n.pairs {
		keys[i] = p.key.text
	}
	return keys
}

// clone copies the node and all below it.
func (n *node) clone() *node {
	c := *n
	c.pairs = make([]pair, len(n.pairs))
	for i, p := range n.pairs {
		c.pairs[i] = pair{key: p.key, value: p.value.clone(), changed: p.changed}
	}
	c.items = make([]*node, len(n.items))
	for i, item := range n.items {
		c.items[i] = item.clone()
	}
	return &c
}

// markChanged marks all pairs below the node as changed.
func (n *node) markChanged() {
	for i := range n.pairs {
		n.pairs[i].changed = true
		n.pairs[i].value.markChanged()
	}
}

// equal reports whether two nodes say the same, order included.
func (n *node) equal(other *node) bool {
	if n.kind != other.kind || n.text != other.text || len(n.pairs) != len(other.pairs) || len(n.items) != len(other.items) {
		return false
	}
	for i, p := range n.pairs {
		if p.key.text != other.pairs[i].key.text || !p.value.equal(other.pairs[i].value) {
			return false
		}
	}
	for i, item := range n.items {
		if !item.equal(other.items[i]) {
			return false
		}
	}
	return true
}

// word is one of the words of a text, with its place.
type word struct {
	text string
	pos  Pos
}

// words splits a text at its spaces.
func (n *node) words() []word {
	var list []word
	column := n.pos.Column
	if !n.plain {
		column++
	}
	for _, part := range strings.SplitAfter(n.text, " ") {
		w := word{text: strings.TrimSuffix(part, " "), pos: n.pos}
		if n.exact {
			w.pos.Column = column
		}
		column += len([]rune(part))
		if w.text != "" {
			list = append(list, w)
		}
	}
	return list
}

package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// decoder turns trees into the model. It goes on after a mistake, so that all
// of them are reported at once; what it returns then is of no use.
type decoder struct {
	*Report
	roles []string // of the vocabulary; one "" if it has none
}

// mapping checks that a node is a mapping with known keys. Keys that end in
// "!" must be there.
func (d *decoder) mapping(n *node, what string, keys ...string) bool {
	if !d.is(n, mappingNode, what) {
		return false
	}
	known := make([]string, len(keys))
	for i, k := range keys {
		known[i] = strings.TrimSuffix(k, "!")
		if known[i] != k && n.get(known[i]) == nil {
			d.Add(MissingKey, n.pos, "", "%s lacks %q", what, known[i])
		}
	}
	for _, p := range n.pairs {
		if !slices.Contains(known, p.key.text) {
			d.Add(UnknownKey, p.key.pos, Suggest(p.key.text, known), "unknown key %q in %s", clip(p.key.text), what)
		}
	}
	return true
}

// is checks the kind of a node; what names what it stands for. A missing node
// is not reported here.
func (d *decoder) is(n *node, kind nodeKind, what string) bool {
	switch {
	case n == nil:
		return false
	case n.kind == kind:
		return true
	case n.kind == nothingNode:
		d.Add(WrongType, n.pos, "", "%s is %s, but nothing is there", what, kind)
	default:
		d.Add(WrongType, n.pos, "", "%s is %s, not %s", what, kind, n.kind)
	}
	return false
}

// text is a text that every YAML reader takes for a text; "" for a missing node.
func (d *decoder) text(n *node, what string) string {
	if !d.is(n, scalarNode, what) {
		return ""
	}
	if other := takenFor(n); other != "" {
		d.Add(Ambiguous, n.pos, fmt.Sprintf("write %q", clip(n.text)), "YAML readers take %s for %s", clip(n.text), other)
		return ""
	}
	if n.text == "" {
		d.Add(BadValue, n.pos, "", "%s is empty", what)
	}
	return n.text
}

// integer is an unquoted number from first to last; otherwise for a missing
// node or a wrong number.
func (d *decoder) integer(n *node, what string, first, last, otherwise int) int {
	if !d.is(n, scalarNode, what) {
		return otherwise
	}
	number, err := strconv.Atoi(n.text)
	if err != nil || !n.plain || strconv.Itoa(number) != n.text {
		d.Add(WrongType, n.pos, "", "%s is an unquoted decimal number", what)
		return otherwise
	}
	if number < first || number > last {
		d.Add(BadValue, n.pos, "", "%s is from %d to %d", what, first, last)
		return otherwise
	}
	return number
}

// flag is true or false; false for a missing node.
func (d *decoder) flag(n *node, what string) bool {
	if !d.is(n, scalarNode, what) {
		return false
	}
	if !n.plain || n.text != "true" && n.text != "false" {
		d.Add(WrongType, n.pos, "", "%s is true or false", what)
	}
	return n.text == "true"
}

// choice is one of some words; "" for a missing node.
func (d *decoder) choice(n *node, what string, words ...string) string {
	text := d.text(n, what)
	if text != "" && !slices.Contains(words, text) {
		d.Add(BadValue, n.pos, Suggest(text, words), "%s is one of %s, not %q", what, strings.Join(words, ", "), clip(text))
		return ""
	}
	return text
}

// list is a list of texts without repetition; their places go into at, below
// key.
func (d *decoder) list(n *node, what string, at Places, key string) []string {
	if !d.is(n, listNode, what) {
		return nil
	}
	var list []string
	for _, item := range n.items {
		text := d.text(item, "an item of "+what)
		if text == "" {
			continue
		}
		if slices.Contains(list, text) {
			d.Add(DuplicateKey, item.pos, "", "%q is there twice", clip(text))
			continue
		}
		list = append(list, text)
		at[key+"."+text] = item.pos
	}
	return list
}

// byRole is a text for all roles or a mapping with a text for each of them;
// nil for a missing node.
func (d *decoder) byRole(n *node, what string, at Places, key string, text func(*node, string) string) map[string]string {
	if n == nil {
		return nil
	}
	at[key] = n.pos
	values := make(map[string]string, len(d.roles))
	if n.kind != mappingNode {
		value := text(n, what)
		for _, r := range d.roles {
			values[r] = value
		}
		return values
	}
	d.mapping(n, what, d.roles...)
	d.allRoles(n, what)
	for _, p := range n.pairs {
		values[p.key.text] = text(p.value, what)
		at[key+"."+p.key.text] = p.value.pos
	}
	return values
}

// allRoles checks that a mapping by role leaves none out.
func (d *decoder) allRoles(n *node, what string) {
	for _, r := range d.roles {
		if n.get(r) == nil {
			d.Add(MissingRole, n.pos, "", "%s says nothing for the role %q", what, r)
		}
	}
}

// named matches the names of versions and of all words of the vocabulary.
var named = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// name checks the form of a name that a file defines.
func (d *decoder) name(n *node, what string) string {
	text := d.text(n, what)
	if text != "" && (!named.MatchString(text) || len(text) > longestWord || text == "none") {
		d.Add(BadName, n.pos, "", "%s is made of lower-case words and numbers with hyphens between, not %q", what, clip(text))
	}
	return text
}

// noted notes the places of the values of a mapping.
func noted(n *node) Places {
	at := make(Places, len(n.pairs))
	for _, p := range n.pairs {
		at[p.key.text] = p.value.pos
	}
	return at
}

package spec

import (
	"slices"
	"strings"
)

// source is one version as its file says it.
type source struct {
	name     string
	pos      Pos // of the name
	abstract bool
	bases    []*node
	own      *node // what the file adds: constants and machines
	replace  *node
	remove   *node
}

// mostLevels bounds the bases of bases, so that a reader opens few files.
const mostLevels = 3

// flattener makes of each version one tree.
type flattener struct {
	*decoder
	sources map[string]*source
	done    map[string]*flat
	busy    []string // versions being flattened, outermost first
}

// flat is a flattened version.
type flat struct {
	root   *node
	levels int // of bases
}

// flatten returns a version with all that it takes over from its bases, and
// nil if that cannot be said.
func (f *flattener) flatten(s *source) *flat {
	if done, ok := f.done[s.name]; ok {
		return done
	}
	f.busy = append(f.busy, s.name)
	result := &flat{root: &node{kind: mappingNode, pos: s.pos}}
	for _, base := range s.bases {
		if b := f.base(s, base, result.root); b != nil {
			result.levels = max(result.levels, b.levels+1)
		}
		if result.levels > mostLevels {
			f.Add(BadExtends, base.pos, "", "%q stands on more than %d levels of bases", s.name, mostLevels)
		}
	}
	f.removeAll(s, result.root)
	f.replaceAll(s, result.root)
	f.addTo(result.root, s.own, nil)
	f.busy = f.busy[:len(f.busy)-1]
	f.done[s.name] = result
	return result
}

// base takes over what a base says.
func (f *flattener) base(s *source, name *node, into *node) *flat {
	base := f.sources[name.text]
	switch {
	case base == nil:
		f.Add(BadExtends, name.pos, Suggest(name.text, f.abstract()), "unknown base %q", clip(name.text))
		return nil
	case !base.abstract:
		f.Add(BadExtends, name.pos, "only bases marked with abstract: true can be extended", "%q is no base", base.name)
		return nil
	case slices.Contains(f.busy, base.name):
		f.Add(BadExtends, name.pos, "", "%q extends itself: %s", base.name, strings.Join(append(slices.Clone(f.busy), base.name), " > "))
		return nil
	}
	b := f.flatten(base)
	for _, p := range b.root.pairs {
		if p.key.text == "title" || p.key.text == "confidence" { // of the base itself
			continue
		}
		if p.key.text != "machines" {
			f.takeOver(p, into, name)
			continue
		}
		machines := into.get("machines")
		if machines == nil {
			machines = &node{kind: mappingNode, pos: p.value.pos}
			into.pairs = append(into.pairs, pair{key: p.key, value: machines})
		}
		for _, m := range p.value.pairs {
			f.takeOver(m, machines, name)
		}
	}
	return b
}

// takeOver copies a constant or a machine of a base.
func (f *flattener) takeOver(p pair, into *node, base *node) {
	if into.index(p.key.text) >= 0 {
		f.Add(SaidTwice, base.pos, "bases combine per machine", "%q comes from another base already", p.key.text)
		return
	}
	p.value = p.value.clone()
	p.value.unmark()
	into.pairs = append(into.pairs, p)
}

// unmark forgets what a base changed: the marks tell what a version changes.
func (n *node) unmark() {
	for i := range n.pairs {
		n.pairs[i].changed = false
		n.pairs[i].value.unmark()
	}
}

func (f *flattener) abstract() []string {
	var list []string
	for name, s := range f.sources {
		if s.abstract {
			list = append(list, name)
		}
	}
	return list
}

// unit reports whether what stands at a path is replaced as a whole: a row, a
// read, a header line.
func unit(path []string) bool {
	if len(path) < 4 || path[0] != "machines" {
		return false
	}
	switch inner := path[2:]; inner[0] {
	case "when":
		return len(inner) == 2
	case "heads":
		return len(inner) == 3
	case "states":
		return len(inner) == 3 && inner[2] == "read" || len(inner) == 4 && inner[2] == "when"
	}
	return false
}

// addTo adds what a file says to what its bases say.
func (f *flattener) addTo(into, own *node, path []string) {
	for _, p := range own.pairs {
		here := append(slices.Clone(path), p.key.text)
		i := into.index(p.key.text)
		switch {
		case i < 0:
			p.changed = len(path) > 1 // below a machine that a base has
			p.value = p.value.clone()
			if p.changed {
				p.value.markChanged()
			}
			into.pairs = append(into.pairs, p)
		case into.pairs[i].value.kind == mappingNode && p.value.kind == mappingNode && !unit(here) && here[0] == "machines":
			f.addTo(into.pairs[i].value, p.value, here)
		default:
			f.Add(SaidTwice, p.key.pos, "changes go under replace",
				"%s is said already in %s", strings.Join(here, "."), into.pairs[i].key.pos.File)
		}
	}
}

// replaceAll goes down the tree of replacements.
func (f *flattener) replaceAll(s *source, root *node) {
	if s.replace != nil && f.is(s.replace, mappingNode, "replace") {
		f.replaceIn(root, s.replace, nil)
	}
}

func (f *flattener) replaceIn(into, tree *node, path []string) {
	for _, p := range tree.pairs {
		here := append(slices.Clone(path), p.key.text)
		i := into.index(p.key.text)
		switch {
		case i < 0:
			f.Add(ReplacesNothing, p.key.pos, Suggest(p.key.text, into.keys()), "%s replaces nothing", strings.Join(here, "."))
		case into.pairs[i].value.kind == mappingNode && p.value.kind == mappingNode && !unit(here):
			f.replaceIn(into.pairs[i].value, p.value, here)
		case into.pairs[i].value.equal(p.value):
			f.Add(ReplacesSame, p.key.pos, "", "%s says the same as %s", strings.Join(here, "."), into.pairs[i].key.pos.File)
		default:
			p.value = p.value.clone()
			p.value.markChanged()
			p.changed = true
			into.pairs[i] = p
		}
	}
}

// removeAll removes what the list of paths names. A path begins with a
// machine or a constant; its items are separated by dots and may hold dots.
func (f *flattener) removeAll(s *source, root *node) {
	if s.remove == nil || !f.is(s.remove, listNode, "remove") {
		return
	}
	for _, item := range s.remove.items {
		path := f.text(item, "a path")
		switch {
		case path == "" || removePath(root, path) || removePath(root.get("machines"), path):
		case strings.HasPrefix(path, "machines."):
			f.Add(RemovesNothing, item.pos, `leave out "machines."`, "%q removes nothing: a path begins with a machine", clip(path))
		default:
			f.Add(RemovesNothing, item.pos, "", "%q removes nothing", clip(path))
		}
	}
}

// removePath removes what a path names and reports whether there was anything.
// Of several keys that the path can begin with the longest counts.
func removePath(n *node, path string) bool {
	if n == nil {
		return false
	}
	longest := -1
	for i := range n.pairs {
		key := n.pairs[i].key.text
		fits := key == path || strings.HasPrefix(path, key+".")
		if fits && key != "machines" && (longest < 0 || len(key) > len(n.pairs[longest].key.text)) {
			longest = i
		}
	}
	if longest < 0 {
		return false
	}
	if key := n.pairs[longest].key.text; key != path {
		return removePath(n.pairs[longest].value, path[len(key)+1:])
	}
	n.pairs = slices.Delete(n.pairs, longest, longest+1)
	return true
}

package spec

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// VocabularyFile is the name of the file with the vocabulary; every other
// file with its ending in the same directory holds versions.
const VocabularyFile = "vocabulary.yaml"

const ending = ".yaml"

// Set is what a directory of spec files says.
type Set struct {
	Vocabulary *Vocabulary
	Versions   []*Version // in the order of their names, abstract ones included
	Partial    bool       // there are versions that are not in the set, which may use what these do not
	sources    map[string][]string
}

// Report returns an empty report whose diagnostics show lines of the set's
// files.
func (s *Set) Report() *Report {
	r := newReport()
	if s.sources != nil {
		r.sources = s.sources
	}
	return r
}

// Concrete returns the versions that are no bases.
func (s *Set) Concrete() []*Version {
	return slices.DeleteFunc(slices.Clone(s.Versions), func(v *Version) bool { return v.Abstract })
}

// Load reads the spec files in the root of fsys, without its directories, and
// flattens each version. The set is well-formed: each key is known, each value
// has its type; whether its names are known and its tables complete is for
// package check. The error is a *Diagnostics, with which there is no set.
func Load(fsys fs.FS) (*Set, error) {
	r := newReport()
	return r.set(r.trees(fsys))
}

// LoadVersion is Load for one version: of the spec files it reads only those
// that the version stands on.
func LoadVersion(fsys fs.FS, name string) (*Set, error) {
	return newReport().version(fsys, name)
}

func (r *Report) version(fsys fs.FS, name string) (*Set, error) {
	set, err := r.set(r.treesOf(fsys, name))
	if err == nil {
		set.Partial = true
	}
	return set, err
}

// set makes a set of trees by file name.
func (r *Report) set(trees map[string]*node) (*Set, error) {
	d := &decoder{Report: r, roles: []string{""}}
	set := &Set{sources: r.sources}
	if err := r.Err(); err != nil { // a tree has holes: what follows from that is no news
		return nil, err
	}
	set.Vocabulary = d.vocabulary(trees[VocabularyFile], VocabularyFile)
	if err := r.Err(); err != nil {
		return nil, err
	}
	if len(set.Vocabulary.Roles) > 0 {
		d.roles = make([]string, len(set.Vocabulary.Roles))
		for i, role := range set.Vocabulary.Roles {
			d.roles[i] = role.Name
		}
	}
	delete(trees, VocabularyFile)
	d.versions(trees, set)
	if err := r.Err(); err != nil {
		return nil, err
	}
	return set, nil
}

// mostFiles bounds a directory.
const mostFiles = 64

// trees reads and parses the files.
func (r *Report) trees(fsys fs.FS) map[string]*node {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		r.Add(NoFile, Pos{File: "."}, "", "the directory cannot be read: %v", err)
		return nil
	}
	trees := make(map[string]*node)
	for _, e := range entries {
		name := e.Name()
		switch {
		case e.IsDir() || path.Ext(name) != ending && path.Ext(name) != ".yml":
		case path.Ext(name) == ".yml":
			r.Add(FileName, Pos{File: name}, "", "the name of a spec file ends in %s", ending)
		case len(trees) == mostFiles:
			r.Add(FileTooLarge, Pos{File: name}, "", "there are more than %d files", mostFiles)
			return trees
		default:
			content, err := readFile(fsys, name)
			if err != nil {
				r.Add(NoFile, Pos{File: name}, "", "the file cannot be read: %v", err)
				trees[name] = nil
				continue
			}
			trees[name] = r.parseOnce(name, content)
		}
	}
	if _, there := trees[VocabularyFile]; !there {
		r.Add(NoFile, Pos{File: VocabularyFile}, "", "there is no file %s", VocabularyFile)
	}
	return trees
}

// treesOf reads and parses the vocabulary and the files of a version.
func (r *Report) treesOf(fsys fs.FS, version string) map[string]*node {
	trees := make(map[string]*node)
	for todo := []string{VocabularyFile, version + ending}; len(todo) > 0; todo = todo[1:] {
		name := todo[0]
		if _, done := trees[name]; done || len(trees) == mostFiles {
			continue
		}
		content, err := readFile(fsys, name)
		if err != nil {
			r.Add(NoFile, Pos{File: name}, "", "the file cannot be read: %v", err)
			trees[name] = nil
			continue
		}
		trees[name] = r.parseOnce(name, content)
		if bases := trees[name].get("extends"); bases != nil && bases.kind == listNode {
			for _, base := range bases.items {
				todo = append(todo, base.text+ending)
			}
		}
	}
	return trees
}

// readFile reads a file up to one octet more than is allowed.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, largestFile+1))
}

// versions flattens and decodes all versions.
func (d *decoder) versions(trees map[string]*node, set *Set) {
	f := &flattener{decoder: d, sources: make(map[string]*source), done: make(map[string]*flat)}
	var names []string
	for _, file := range sortedKeys(trees) {
		for _, s := range d.sourcesOf(file, trees[file]) {
			if f.sources[s.name] != nil {
				d.Add(SaidTwice, s.pos, "", "the version %q is there twice", clip(s.name))
				continue
			}
			f.sources[s.name] = s
			names = append(names, s.name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		s := f.sources[name]
		root := f.flatten(s).root
		set.Versions = append(set.Versions, d.version(s, root, set.Vocabulary))
	}
}

func sortedKeys(trees map[string]*node) []string {
	keys := make([]string, 0, len(trees))
	for k := range trees {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// sourcesOf takes a file apart: one version, or a row of constants for each of
// several.
func (d *decoder) sourcesOf(file string, root *node) []*source {
	keys := append([]string{"version", "versions", "abstract", "extends", "machines", "replace", "remove"}, constants[:]...)
	d.mapping(root, "a spec file", keys...)
	name, rows := root.get("version"), root.get("versions")
	switch {
	case name != nil && rows != nil:
		d.Add(UnknownKey, rows.pos, "", "a file says either version or versions")
		return nil
	case rows != nil:
		return d.rows(root, rows)
	case name == nil:
		d.Add(MissingKey, root.pos, "", "a spec file lacks %q", "version")
		return nil
	}
	s := d.source(root, name)
	if s.name+ending != file {
		d.Add(FileName, name.pos, "", "the version in %s is called %q, not %q", file, strings.TrimSuffix(file, ending), clip(s.name))
	}
	return []*source{s}
}

// rows makes a version of each row of constants and the rest of the file.
func (d *decoder) rows(root, rows *node) []*source {
	var list []*source
	for _, row := range d.pairs(rows, "versions") {
		if !d.mapping(row.value, "a row of versions", constants[:]...) {
			continue
		}
		whole := &node{kind: mappingNode, pos: row.key.pos, pairs: slices.Clone(row.value.pairs)}
		for _, p := range root.pairs {
			if row.value.index(p.key.text) >= 0 {
				d.Add(SaidTwice, row.value.pos, "", "%q is said for all versions of the file", p.key.text)
				continue
			}
			whole.pairs = append(whole.pairs, p)
		}
		list = append(list, d.source(whole, row.key))
	}
	return list
}

// source is a version before its bases are looked at.
func (d *decoder) source(root, name *node) *source {
	s := &source{
		name:     d.name(name, "the name of a version"),
		pos:      name.pos,
		abstract: d.flag(root.get("abstract"), "abstract"),
		own:      &node{kind: mappingNode, pos: root.pos},
		replace:  root.get("replace"),
		remove:   root.get("remove"),
	}
	at := make(Places)
	bases := root.get("extends")
	for _, base := range d.list(bases, "extends", at, "extends") {
		s.bases = append(s.bases, &node{kind: scalarNode, text: base, pos: at["extends."+base]})
	}
	for _, p := range root.pairs {
		if p.key.text == "machines" || slices.Contains(constants[:], p.key.text) {
			s.own.pairs = append(s.own.pairs, p)
		}
	}
	return s
}

package spec

import (
	"io/fs"
	"sync"
)

// Loader loads sets whose files are mostly the same, as tests do that change one
// of them: it parses a file again only if its content has changed. The zero
// Loader is ready; it may be used by several goroutines at once and keeps all
// that it has parsed.
type Loader struct {
	mu     sync.Mutex
	parsed map[string]parsed
}

// parsed is a file that holds no mistake of syntax. Nobody changes its tree:
// what is flattened is a copy.
type parsed struct {
	content string
	root    *node
	lines   []string
}

// LoadVersion is the function of that name.
func (l *Loader) LoadVersion(fsys fs.FS, name string) (*Set, error) {
	r := newReport()
	r.loader = l
	return r.version(fsys, name)
}

// parseOnce is parse, unless the loader knows the content.
func (r *Report) parseOnce(file string, content []byte) *node {
	if r.loader == nil {
		return r.parse(file, content)
	}
	l := r.loader
	l.mu.Lock()
	known := l.parsed[file]
	l.mu.Unlock()
	if known.root != nil && known.content == string(content) {
		r.sources[file] = known.lines
		return known.root
	}
	before := r.added
	root := r.parse(file, content)
	if root != nil && r.added == before && known.root == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.parsed == nil {
			l.parsed = make(map[string]parsed)
		}
		l.parsed[file] = parsed{string(content), root, r.sources[file]}
	}
	return root
}

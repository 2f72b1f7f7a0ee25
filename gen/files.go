package gen

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/wsfsm/wsfsm/gen/emit"
)

// files are contents by path. What could not be written is an error.
type files map[string]content

type content struct {
	text []byte
	err  error
}

// add returns what takes the content of a file.
func (f files) add(path string) func([]byte, error) {
	return func(text []byte, err error) { f[path] = content{text, err} }
}

// pictures adds the pictures of all machines of a version, in each form.
func (f files) pictures(in emit.Input, v emit.Version, dir string) {
	for _, m := range v.Lowered.Machines {
		for _, p := range emit.Pictures(in, v, m.Name) {
			f.add(dir+p.Name+".mmd")(emit.Mermaid(p), nil)
			f.add(dir+p.Name+".dot")(emit.DOT(p), nil)
		}
	}
}

// result gives the contents, or all errors.
func (f files) result() (map[string][]byte, error) {
	out := make(map[string][]byte, len(f))
	var errs []error
	for _, path := range slices.Sorted(maps.Keys(f)) {
		if err := f[path].err; err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", path, err))
		}
		out[path] = f[path].text
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return out, nil
}

package gen

import (
	"bytes"
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

// picture adds a picture in each form.
func (f files) picture(p emit.Picture, at string) {
	f.add(at+".mmd")(emit.Mermaid(p), nil)
	f.add(at+".dot")(emit.DOT(p), nil)
}

// drawings are pictures by what they show: versions whose machines are alike
// share them.
type drawings map[string]drawing

type drawing struct {
	at string // directory and name
	emit.Picture
}

// of returns where the pictures of a version are, and draws those that are not
// there yet.
func (d drawings) of(version string) func(emit.Picture) string {
	return func(p emit.Picture) string {
		_, shown, _ := bytes.Cut(emit.DOT(p), []byte("\n")) // the first line names the spec files
		if _, there := d[string(shown)]; !there {
			d[string(shown)] = drawing{version + "/" + p.Name, p}
		}
		return d[string(shown)].at
	}
}

// all are the pictures by directory and name.
func (d drawings) all() map[string]emit.Picture {
	list := make(map[string]emit.Picture, len(d))
	for _, one := range d {
		list[one.at] = one.Picture
	}
	return list
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

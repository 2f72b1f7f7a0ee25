package fuzz

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"github.com/wsfsm/wsfsm/states"
)

// playSpec edits the spec files of a version, loads it, and if it is taken plays a
// program on it, which must not panic. The octets are the number of the version,
// how many edits there are, the edits (see edit), and the program. With 255 edits
// what follows is the text of the version's own file, and there is no program.
func playSpec(octets []byte) error {
	d := decoder{rest: octets}
	version := side{version: versionNamed(d.octet())}.name()
	files, err := specFiles()
	if err != nil {
		return err
	}
	n := int(d.octet())
	if n == 255 {
		files[version+".yaml"] = &fstest.MapFile{Data: d.rest}
		d.rest = nil
	} else {
		for range n {
			d.edit(files)
		}
	}
	protocol, err := protocolload.LoadVersion(&spec.Loader{}, files, version)
	if err != nil {
		return diagnosed(err)
	}
	if words, err := fs.ReadFile(states.Files(), vocabulary); err != nil || !bytes.Equal(words, files[vocabulary].Data) {
		return err // drivers know the numbers of the compiled words only
	}
	p, _ := Decode(append([]byte{1}, d.rest...))
	p.Options.Version = version
	for _, role := range []states.Role{states.Server, states.Client} {
		_, _ = play(Config{Role: role, Protocol: protocol}, p, way{}) // the rules are others
	}
	return nil
}

// vocabulary is the file that gives the words of all others.
const vocabulary = "vocabulary.yaml"

// specFiles returns the spec files of the module, to be changed.
func specFiles() (fstest.MapFS, error) {
	files := fstest.MapFS{}
	names, err := fs.Glob(states.Files(), "*.yaml")
	for _, name := range names {
		content, err := fs.ReadFile(states.Files(), name)
		if err != nil {
			return nil, err
		}
		files[name] = &fstest.MapFile{Data: content}
	}
	return files, err
}

// edit changes one line: a kind, a file, a line, another line, a word and another
// word, each a number that counts modulo how many there are. 0 deletes the line, 1
// puts the other line before it, 2 exchanges the two, 3 puts the other line's word
// in the place of the word.
func (d *decoder) edit(files fstest.MapFS) {
	kind := d.octet()
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range files {
			if !yield(name) {
				return
			}
		}
	})
	file := files[names[int(d.octet())%len(names)]]
	lines := strings.Split(string(file.Data), "\n")
	at, other := d.number()%len(lines), d.number()%len(lines)
	word, by := d.number(), d.number()
	switch kind % 4 {
	case 0:
		lines = slices.Delete(lines, at, at+1)
	case 1:
		lines = slices.Insert(lines, at, lines[other])
	case 2:
		lines[at], lines[other] = lines[other], lines[at]
	case 3:
		from, to := words(lines[at]), words(lines[other])
		if len(from) == 0 || len(to) == 0 {
			return
		}
		w := from[word%len(from)]
		lines[at] = lines[at][:w[0]] + wordOf(lines[other], to[by%len(to)]) + lines[at][w[1]:]
	}
	file.Data = []byte(strings.Join(lines, "\n"))
}

// words returns where the words of a line begin and end.
func words(line string) (all [][2]int) {
	start := -1
	for i, c := range line + " " {
		inside := c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			all, start = append(all, [2]int{start, i}), -1
		}
	}
	return all
}

func wordOf(line string, w [2]int) string { return line[w[0]:w[1]] }

// diagnosed checks that what is wrong with spec files is said with its place.
func diagnosed(err error) error {
	var found *spec.Diagnostics
	if !errors.As(err, &found) || len(found.List) == 0 {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, io.EOF) {
			return nil
		}
		return fmt.Errorf("no diagnostics: %w", err)
	}
	for _, d := range found.List {
		if d.Kind == "" || d.Pos.File == "" || d.Message == "" || strings.Contains(d.Message, "\n") {
			return fmt.Errorf("not a good diagnostic: %#v", d)
		}
	}
	return nil
}

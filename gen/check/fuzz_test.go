package check_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wsfsm/wsfsm/gen/check"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// FuzzSet puts any text in the place of each file of a small set. Nothing may
// panic or hang, each diagnostic has its place, and what is accepted can be
// turned into numbers.
func FuzzSet(f *testing.F) {
	const dir = "../testdata/small/"
	names := []string{"vocabulary.yaml", "framing.yaml", "small.yaml"}
	right := make(fstest.MapFS)
	for i, name := range names {
		content, err := os.ReadFile(dir + name)
		if err != nil {
			f.Fatal(err)
		}
		right[name] = &fstest.MapFile{Data: content}
		f.Add(uint8(i), string(content))
	}
	for _, text := range []string{"version: small\n", "version: framing\nabstract: true\nextends: [small]\n", "vocabulary: \"1\"\nmachines: {}\n",
		"version: small\nmachines: {message: {initial: a, states: {a: {read: {x: y}}}}}\n"} {
		f.Add(uint8(0), text)
		f.Add(uint8(2), text)
	}
	f.Fuzz(func(t *testing.T, place uint8, text string) {
		files := make(fstest.MapFS)
		for name, file := range right {
			files[name] = file
		}
		files[names[int(place)%len(names)]] = &fstest.MapFile{Data: []byte(text)}
		set, err := spec.Load(files)
		if err == nil {
			for _, ver := range set.Versions {
				_, _ = lower.Lower(set.Vocabulary, ver) // must not panic, even unchecked
			}
			err = check.Check(set)
		}
		var found *spec.Diagnostics
		if err == nil {
			for _, ver := range set.Concrete() {
				if _, err := lower.Lower(set.Vocabulary, ver); err != nil {
					t.Error(err)
				}
			}
		} else if !errors.As(err, &found) || len(found.List) == 0 {
			t.Fatalf("no diagnostics: %v", err)
		} else {
			for _, d := range found.List {
				if d.Kind == "" || d.Pos.File == "" || d.Message == "" || strings.Contains(d.Message, "\n") {
					t.Errorf("not a good diagnostic: %#v", d)
				}
			}
		}
	})
}

// Package gen turns spec files into all that is generated from them: Go words
// and tables, JSON tables, pictures and pages. [Generate] does so for the
// WebSocket versions of this module, [GeneratePackage] for machines of anyone.
//
// The work is done by its parts: gen/spec reads and flattens the files,
// gen/check refuses what is wrong, gen/lower turns words into numbers, and
// gen/emit writes each form. Package gen imports nothing that it writes.
package gen

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/wsfsm/wsfsm/gen/check"
	"github.com/wsfsm/wsfsm/gen/emit"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// module is the path of the module whose packages generated code imports.
const module = "github.com/wsfsm/wsfsm"

// Load reads the spec files in the root of fsys and checks them. The error
// lists what is wrong with file, line and column.
func Load(fsys fs.FS) (*spec.Set, error) {
	set, err := spec.Load(fsys)
	if err != nil {
		return nil, err
	}
	if err := check.Check(set); err != nil {
		return nil, err
	}
	return set, nil
}

// Compile turns the concrete versions of a set into numbers, in its order. dir
// is where the spec files lie as generated files name them, with a slash at
// its end.
func Compile(set *spec.Set, dir string) (emit.Input, error) {
	in := emit.Input{Vocabulary: set.Vocabulary, Dir: dir}
	for _, v := range set.Versions {
		if v.Abstract {
			continue
		}
		p, err := lower.Lower(set.Vocabulary, v)
		if err != nil {
			return emit.Input{}, fmt.Errorf("%s: %w", v.Name, err)
		}
		in.Versions = append(in.Versions, emit.Version{Spec: v, Lowered: p})
	}
	return in, nil
}

// Directories of the module, as generated files are named.
const (
	specDir  = "states/"
	tableDir = "states/tables/"
	modelDir = "states/promela/"
	pageDir  = "docs/versions/"
)

// Generate writes all that is generated from the spec files of this module,
// which lie in the root of fsys. It returns file contents by path from the
// module's root, and depends on nothing but the spec files.
func Generate(fsys fs.FS) (map[string][]byte, error) {
	in, err := load(fsys, specDir)
	if err != nil {
		return nil, err
	}
	out := make(files)
	out.add(specDir + "vocabulary.go")(emit.GoVocabulary(in, "states"))
	out.add("transitions.go")(emit.GoTransitions(in, "wsfsm", module))
	out.add(pageDir+"README.md")(emit.Index(in), nil)
	drawn := make(drawings)
	for _, v := range slices.Backward(in.Versions) { // so that the drafts show where they are like the RFC
		name := v.Lowered.Name
		out.add(tableDir + name + ".json")(emit.JSON(in, v, "tables.schema.json"))
		page := emit.Markdown(in, v, emit.Paths{
			Specs: "../../" + specDir, Tables: "../../" + tableDir + name + ".json", Pictures: drawn.of(name),
		})
		out.add(pageDir+name+".md")(page, nil)
	}
	for at, p := range drawn.all() {
		out.picture(p, pageDir+at)
	}
	for _, generation := range in.Generations() {
		out.add(modelDir+generation[0].Lowered.Name+".pml")(emit.Promela(in, generation), nil)
	}
	return out.result()
}

func load(fsys fs.FS, dir string) (emit.Input, error) {
	set, err := Load(fsys)
	if err != nil {
		return emit.Input{}, err
	}
	return Compile(set, dir)
}

package gen

import (
	"go/token"
	"io/fs"
	"path"
	"strings"

	"github.com/wsfsm/wsfsm/gen/emit"
)

// Package says what GeneratePackage writes.
type Package struct {
	// Name of the Go package. It must be a Go identifier; it also names the
	// Go file.
	Name string
	// SpecDir is where the spec files lie as seen from the generated files,
	// for their headers and links. Empty: beside them.
	SpecDir string
}

// GeneratePackage writes all that is generated from anyone's spec files, which
// lie in the root of fsys: their machines as one Go file for package fsm, and
// for each version its JSON tables, its page and, in a directory, its
// pictures. The machines must be bare: commands, wire and world events only.
// It returns file contents by path.
func GeneratePackage(fsys fs.FS, p Package) (map[string][]byte, error) {
	if !token.IsIdentifier(p.Name) {
		return nil, &PackageNameError{p.Name}
	}
	dir := strings.TrimSuffix(path.Clean(p.SpecDir)+"/", "./")
	in, err := load(fsys, dir)
	if err != nil {
		return nil, err
	}
	out := make(files)
	out.add(p.Name + ".go")(emit.GoPackage(in, p.Name, module))
	drawn := make(drawings)
	for _, v := range in.Versions {
		name := v.Lowered.Name
		out.add(name + ".json")(emit.JSON(in, v, ""))
		out.add(name+".md")(emit.Markdown(in, v, emit.Paths{Specs: dir, Tables: name + ".json", Pictures: drawn.of(name)}), nil)
	}
	for at, p := range drawn.all() {
		out.picture(p, at)
	}
	return out.result()
}

// PackageNameError: a package cannot have this name.
type PackageNameError struct{ Name string }

// Error implements error.
func (e *PackageNameError) Error() string {
	return "gen: " + `"` + e.Name + `" is no name for a Go package`
}

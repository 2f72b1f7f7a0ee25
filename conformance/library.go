package conformance

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/states"
)

//go:embed cases
var files embed.FS

// Cases returns all cases of this package, ordered by ID.
func Cases() ([]*Case, error) {
	sub, err := fs.Sub(files, "cases")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Load reads every file below fsys whose name ends in ".case", ordered by ID. A
// file that holds for several versions is a case for each of them. The error
// joins those of all files that cannot be read.
func Load(fsys fs.FS) ([]*Case, error) {
	var cases []*Case
	var wrong []error
	err := fs.WalkDir(fsys, ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(file) != ".case" {
			return err
		}
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return err
		}
		c, err := Parse(file, text)
		if err != nil {
			wrong = append(wrong, err)
			return nil
		}
		cases = append(cases, c)
		for _, version := range c.Also {
			variant, err := c.as(version)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %w", file, err))
				continue
			}
			cases = append(cases, variant)
		}
		return nil
	})
	slices.SortStableFunc(cases, func(a, b *Case) int { return strings.Compare(a.ID, b.ID) })
	return cases, errors.Join(append(wrong, err)...)
}

// as returns the case for another version. Its ID begins with that.
func (c *Case) as(version string) (*Case, error) {
	variant := *c
	_, rest, _ := strings.Cut(c.ID, "/")
	variant.ID, variant.Version, variant.Also = version+"/"+rest, version, nil
	if c.HandshakeInCase {
		return &variant, nil
	}
	var err error
	variant.Opening, err = openingOf(version, c.Role)
	return &variant, err
}

// openingOf returns the standard handshake of a version: the case
// <version>/opening/<role>, whose steps any case of that version and role may
// have before its own.
func openingOf(version string, role states.Role) (*Case, error) {
	file := version + "/opening/" + role.String() + ".case"
	text, err := files.ReadFile(path.Join("cases", file))
	if err != nil {
		return nil, fmt.Errorf(`version %q has no standard handshake, cases/%s: write "handshake: in case"`, version, file)
	}
	c, err := Parse(file, text)
	if err == nil && !c.HandshakeInCase {
		err = fmt.Errorf("%s is the standard handshake, it must have its handshake in case", file)
	}
	return c, err
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/graph"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/tree"
	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// genOptions are the flags of gen.
type genOptions struct {
	dir       string
	write     bool
	goPackage string
	out       string
}

func newGen() *cobra.Command {
	var o genOptions
	c := &cobra.Command{
		Use:   "gen [DIR]",
		Short: "Check or write what is generated from spec files",
		Long: `Check spec files and what is generated from them, or write it with --write.

Without --package, DIR is a checkout of this module: from states/*.yaml come Go
words and tables, JSON tables, pages and pictures. With --package, DIR holds
anyone's spec files, such as those of a protocol that has nothing to do with
WebSocket; from them comes a Go package for github.com/wsfsm/wsfsm/fsm, JSON
tables, a page and pictures, below --out.

Standard output lists the files that are missing, stale or, in a checkout,
generated no longer. Without --write the exit status is then 1. Files without
the mark of generated files are never overwritten.`,
		Example: `  wsfsm gen
  wsfsm gen --write
  wsfsm gen specs --package turnstile --out turnstile --write`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.dir = "."
			if len(args) == 1 {
				o.dir = args[0]
			}
			if o.out != "" && o.goPackage == "" {
				return errors.New("--out needs --package")
			}
			if o.out == "" {
				o.out = o.dir
			}
			return generate(c.Context(), c.OutOrStdout(), o)
		},
	}
	c.Flags().BoolVar(&o.write, "write", false, "write files, rather than compare them")
	c.Flags().StringVar(&o.goPackage, "package", "", "`name` of the Go package to generate from the spec files in DIR")
	c.Flags().StringVar(&o.out, "out", "", "`directory` of the Go package (default DIR)")
	return c
}

func generate(ctx context.Context, w io.Writer, o genOptions) error {
	files, err := generated(o)
	if err != nil {
		var name *gen.PackageNameError
		if errors.As(err, &name) {
			return err
		}
		return found(err)
	}
	if err := drawAll(ctx, files); err != nil {
		return found(err)
	}
	faults, err := compare(o, files)
	if err != nil {
		return found(err)
	}
	for _, f := range faults {
		fmt.Fprintln(w, f)
	}
	switch {
	case o.write:
		return found(tree.Mend(o.out, files, faults))
	case len(faults) > 0:
		return found(fmt.Errorf("%d of %d files are not as generated; --write writes them", len(faults), len(files)))
	}
	return nil
}

// generated makes the contents of all files but the drawn ones.
func generated(o genOptions) (tree.Files, error) {
	dir := o.dir
	if o.goPackage == "" {
		dir = filepath.Join(dir, "states")
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("no directory of spec files: %s", dir)
	}
	var files tree.Files
	var err error
	if o.goPackage == "" {
		files, err = gen.Generate(os.DirFS(dir))
	} else {
		files, err = gen.GeneratePackage(os.DirFS(dir), gen.Package{Name: o.goPackage, SpecDir: seenFrom(o.out, dir)})
	}
	return files, placed(err, dir)
}

// seenFrom is the way from one directory to another, with slashes.
func seenFrom(from, to string) string {
	relative, err := filepath.Rel(from, to)
	if err != nil {
		return filepath.ToSlash(to)
	}
	return filepath.ToSlash(relative)
}

// placed adds the directory to the places of diagnostics, so that editors find
// them.
func placed(err error, dir string) error {
	var diagnostics *spec.Diagnostics
	if !errors.As(err, &diagnostics) {
		return err
	}
	list := make([]spec.Diagnostic, len(diagnostics.List))
	for i, d := range diagnostics.List {
		d.Pos.File = filepath.Join(dir, d.Pos.File)
		list[i] = d
	}
	return &spec.Diagnostics{List: list, More: diagnostics.More}
}

// drawAll adds a drawing of each graph among the files.
func drawAll(ctx context.Context, files tree.Files) error {
	drawn := make(tree.Files)
	for name, dot := range files {
		base, ok := strings.CutSuffix(name, ".dot")
		if !ok {
			continue
		}
		svg, err := graph.SVG(ctx, dot)
		if err != nil {
			return fmt.Errorf("%s: %w", path.Base(name), err)
		}
		drawn[base+".svg"] = mark(svg)
	}
	for name, svg := range drawn {
		files[name] = svg
	}
	return nil
}

// mark puts the mark of drawn files behind the first line.
func mark(svg []byte) []byte {
	first, rest, _ := strings.Cut(string(svg), "\n")
	return []byte(first + "\n<!-- " + tree.DrawnMark + " -->\n" + rest)
}

// compare finds what is not as generated; in a checkout of this module also
// what is generated no longer.
func compare(o genOptions, files tree.Files) ([]tree.Fault, error) {
	faults, err := tree.Compare(o.out, files)
	if err != nil || o.goPackage != "" {
		return faults, err
	}
	orphans, err := tree.Orphans(o.out, files)
	return append(faults, orphans...), err
}

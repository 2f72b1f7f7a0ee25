package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/graph"
	"github.com/wsfsm/wsfsm/gen/emit"
)

// formats are the forms of a picture.
var formats = []string{"mermaid", "dot", "svg"}

func newDiagram() *cobra.Command {
	var format, name, output string
	c := &cobra.Command{
		Use:   "diagram VERSION MACHINE",
		Short: "Draw a machine",
		Long: `Draw a machine of a version as a Mermaid or Graphviz diagram or as SVG. A
machine that looks different for server and client, or is large, has several
pictures: --picture says which, and what they are is said if it is missing.`,
		Example: `  wsfsm diagram rfc6455 message --format mermaid
  wsfsm diagram rfc6455 frame --picture frame-server --format svg -o frame.svg`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: completeVersion,
		RunE: func(c *cobra.Command, args []string) error {
			if !slices.Contains(formats, format) {
				return fmt.Errorf("unknown format %q; there is %s", format, strings.Join(formats, ", "))
			}
			p, err := choosePicture(args[0], args[1], name)
			if err != nil {
				return err
			}
			text, err := draw(c.Context(), p, format)
			if err != nil {
				return found(err)
			}
			if output != "" && output != "-" {
				return found(os.WriteFile(output, text, 0o666))
			}
			_, err = c.OutOrStdout().Write(text)
			return found(err)
		},
	}
	c.Flags().StringVarP(&format, "format", "f", "mermaid", "mermaid, dot or svg")
	c.Flags().StringVar(&name, "picture", "", "`name` of the picture")
	c.Flags().StringVarP(&output, "output", "o", "", "`file` to write to, instead of standard output")
	completeFlag(c, "format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	completeFlag(c, "picture", completePicture)
	return c
}

// choosePicture finds the picture of a machine; a name is needed if there are
// several.
func choosePicture(version, machine, name string) (emit.Picture, error) {
	in, err := builtIn()
	if err != nil {
		return emit.Picture{}, err
	}
	v, err := versionNamed(in, version)
	if err != nil {
		return emit.Picture{}, err
	}
	if err := machineNamed(v, machine); err != nil {
		return emit.Picture{}, err
	}
	pictures := emit.Pictures(in, v, machine)
	var names []string
	for _, p := range pictures {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	switch {
	case name != "":
		return emit.Picture{}, fmt.Errorf("unknown picture %q; there is %s", name, strings.Join(names, ", "))
	case len(pictures) != 1:
		return emit.Picture{}, fmt.Errorf("several pictures; choose one with --picture: %s", strings.Join(names, ", "))
	}
	return pictures[0], nil
}

func draw(ctx context.Context, p emit.Picture, format string) ([]byte, error) {
	switch format {
	case "dot":
		return emit.DOT(p), nil
	case "svg":
		return graph.SVG(ctx, emit.DOT(p))
	}
	return emit.Mermaid(p), nil
}

// completePicture completes the pictures of the machine that is named.
func completePicture(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	in, err := builtIn()
	if err != nil || len(args) != 2 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	v, err := versionNamed(in, args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, p := range emit.Pictures(in, v, args[1]) {
		names = append(names, p.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

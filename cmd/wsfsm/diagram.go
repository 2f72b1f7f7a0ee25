package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/graph"
	"github.com/wsfsm/wsfsm/conformance"
	"github.com/wsfsm/wsfsm/gen/emit"
	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/states"
)

// formats are the forms of a picture.
var formats = []string{"mermaid", "dot", "svg"}

func newDiagram() *cobra.Command {
	var format, name, output string
	var coverage bool
	c := &cobra.Command{
		Use:   "diagram VERSION MACHINE",
		Short: "Draw a machine",
		Long: `Draw a machine of a version as a Mermaid or Graphviz diagram or as SVG. A
machine that looks different for server and client, or is large, has several
pictures: --picture says which, and what they are is said if it is missing.

With --coverage each event and failure tells by how many conformance cases a
driver takes that transition; the cases are run for it.`,
		Example: `  wsfsm diagram rfc6455 message --format mermaid
  wsfsm diagram rfc6455 frame --picture frame-server --format svg -o frame.svg
  wsfsm diagram rfc6455 message --coverage`,
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
			if coverage {
				if err := count(&p, args[0], args[1]); err != nil {
					return found(err)
				}
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
	c.Flags().BoolVar(&coverage, "coverage", false, "tell how many conformance cases take each transition")
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

// count writes behind each event and failure of a picture how many conformance
// cases go through it, in the role that the picture is of, or in any.
func count(p *emit.Picture, version, machine string) error {
	in, err := builtIn()
	if err != nil {
		return err
	}
	v, err := versionNamed(in, version)
	if err != nil {
		return err
	}
	through, err := casesThrough(v, p.Name)
	if err != nil {
		return err
	}
	counted := func(state string, events ...string) string {
		n := 0
		for _, e := range events {
			n += through[machine+" "+state+" "+e]
		}
		return fmt.Sprintf("×%d", n)
	}
	for _, edge := range p.Edges {
		for _, l := range edge.Labels {
			for i, e := range l.Events {
				l.Events[i] += counted(edge.From, e)
			}
		}
	}
	m := v.Spec.Machine(machine)
	for _, n := range p.Nodes {
		for i, f := range n.Fails {
			n.Fails[i] += counted(n.Name, failing(m, n.Name, f)...)
		}
	}
	return nil
}

// failing returns the events by which a state ends in a failure.
func failing(m *spec.Machine, state, failure string) (events []string) {
	s := m.State(state)
	for _, r := range slices.Concat(m.When, s.When) {
		if r.Fail == failure {
			events = append(events, r.Event)
		}
	}
	return events
}

// casesThrough runs the cases of a version and counts them by what they go
// through. A picture of one role ends in its name.
func casesThrough(v emit.Version, picture string) (map[string]int, error) {
	all, err := conformance.Cases()
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c *conformance.Case) bool { return c.Version != v.Lowered.Name })
	covered, err := conformance.Cover(wsfsm.ProtocolNamed(v.Lowered.Name), all)
	if err != nil {
		return nil, err
	}
	through := map[string]int{}
	for at, cases := range covered {
		other := states.Server + states.Client - at.Role
		if !strings.Contains(picture, "-"+other.String()) {
			through[at.Place()] += len(cases)
		}
	}
	return through, nil
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

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/tables"
	"github.com/wsfsm/wsfsm/gen/emit"
)

func newShow() *cobra.Command {
	var asJSON, matrix bool
	c := &cobra.Command{
		Use:   "show [VERSION [MACHINE]]",
		Short: "Show the machines of a version as tables",
		Long: `Show the machines of a version as tables: each state with what it reads, its
events, where they lead and what is done on the way. A version is named as in
"rfc6455" or by its number on the wire, as in "13". Without a version, list
those there are.`,
		Example: `  wsfsm show rfc6455
  wsfsm show 13 frame
  wsfsm show --matrix
  wsfsm show rfc6455 --json > tables.json`,
		Args:              cobra.MaximumNArgs(2),
		ValidArgsFunction: completeVersion,
		RunE: func(c *cobra.Command, args []string) error {
			in, err := builtIn()
			if err != nil {
				return err
			}
			switch {
			case matrix && len(args) > 0:
				return errors.New("--matrix shows all versions")
			case matrix:
				return found(showMatrix(c.OutOrStdout(), in, asJSON))
			}
			if len(args) == 0 {
				return listVersions(c.OutOrStdout(), in, asJSON)
			}
			v, err := versionNamed(in, args[0])
			if err != nil {
				return err
			}
			machine := ""
			if len(args) == 2 {
				machine = args[1]
				if err := machineNamed(v, machine); err != nil {
					return err
				}
			}
			return found(show(c.OutOrStdout(), in, v, machine, asJSON))
		},
	}
	c.Flags().BoolVar(&matrix, "matrix", false, "show in which ways all versions differ")
	c.Flags().BoolVar(&asJSON, "json", false, "JSON tables, in the format of states/tables")
	return c
}

// completeVersion completes a version, then one of its machines.
func completeVersion(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	in, err := builtIn()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	switch len(args) {
	case 0:
		return versionNames(in), cobra.ShellCompDirectiveNoFileComp
	case 1:
		if v, err := versionNamed(in, args[0]); err == nil {
			return machineNames(v), cobra.ShellCompDirectiveNoFileComp
		}
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// show writes a version, or one machine of it.
func show(w io.Writer, in emit.Input, v emit.Version, machine string, asJSON bool) error {
	text, err := emit.JSON(in, v, "")
	if err != nil {
		return err
	}
	if asJSON {
		if machine != "" {
			if text, err = tables.Only(text, machine); err != nil {
				return err
			}
		}
		_, err = w.Write(text)
		return err
	}
	t, err := tables.Parse(text)
	if err != nil {
		return err
	}
	if machine != "" {
		return t.WriteMachine(w, machine)
	}
	return t.WriteVersion(w)
}

// showMatrix shows in which ways versions differ: a row for each.
func showMatrix(w io.Writer, in emit.Input, asJSON bool) error {
	rows := emit.Matrix(in)
	if !asJSON {
		return tables.WriteColumns(w, rows)
	}
	for _, row := range rows[1:] {
		line := make(map[string]string, len(row))
		for i, value := range row {
			line[rows[0][i]] = value
		}
		if err := json.NewEncoder(w).Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// listVersions names the versions, one on a line.
func listVersions(w io.Writer, in emit.Input, asJSON bool) error {
	type version struct {
		Version  string   `json:"version"`
		Title    string   `json:"title"`
		Machines []string `json:"machines"`
	}
	for _, v := range in.Versions {
		line := version{v.Lowered.Name, v.Lowered.Title, machineNames(v)}
		if asJSON {
			if err := json.NewEncoder(w).Encode(line); err != nil {
				return found(err)
			}
			continue
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\n", line.Version, line.Title); err != nil {
			return found(err)
		}
	}
	return nil
}

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/gen/emit"
	"github.com/wsfsm/wsfsm/states"
)

// builtIn returns the versions that the program was built with.
func builtIn() (emit.Input, error) {
	set, err := gen.Load(states.Files())
	if err != nil {
		return emit.Input{}, found(err)
	}
	in, err := gen.Compile(set, "states/")
	if err != nil {
		return emit.Input{}, found(err)
	}
	return in, nil
}

// versionNamed finds a version by its name or, the newest first, by its number
// on the wire.
func versionNamed(in emit.Input, name string) (emit.Version, error) {
	for _, v := range slices.Backward(in.Versions) {
		if v.Lowered.Name == name || v.Lowered.WireVersion >= 0 && strconv.Itoa(v.Lowered.WireVersion) == name {
			return v, nil
		}
	}
	return emit.Version{}, fmt.Errorf("unknown version %q; there is %s", name, strings.Join(versionNames(in), ", "))
}

func versionNames(in emit.Input) []string {
	var list []string
	for _, v := range in.Versions {
		list = append(list, v.Lowered.Name)
	}
	return list
}

// machineNamed checks the name of a machine.
func machineNamed(v emit.Version, name string) error {
	names := machineNames(v)
	if !slices.Contains(names, name) {
		return fmt.Errorf("%s has no machine %q; it has %s", v.Lowered.Name, name, strings.Join(names, ", "))
	}
	return nil
}

func machineNames(v emit.Version) []string {
	var list []string
	for _, m := range v.Lowered.Machines {
		list = append(list, m.Name)
	}
	return list
}

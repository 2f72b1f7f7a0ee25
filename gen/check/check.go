// Package check finds what is wrong with a set of spec files beyond their
// form: unknown names, tables with holes or overlaps, states that nothing
// reaches or that never end, and words that nobody uses. What it accepts is
// total and deterministic.
package check

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// Check returns nil if nothing is wrong with a set, else a *spec.Diagnostics
// with all that is wrong, each with its place and the line of the file.
func Check(set *spec.Set) error {
	c := &checker{Report: set.Report(), v: set.Vocabulary, used: make(map[list]map[string]bool)}
	for _, r := range c.v.Roles {
		c.roles = append(c.roles, r.Name)
	}
	if len(c.roles) == 0 {
		c.roles = []string{""}
	}
	c.vocabulary()
	concrete := set.Concrete()
	for _, ver := range concrete {
		c.version(ver)
	}
	c.bases(set)
	if len(concrete) > 0 && !c.broken {
		c.unusedWords()
	}
	return c.Err()
}

// checker goes over one set.
type checker struct {
	*spec.Report
	v      *spec.Vocabulary
	roles  []string
	used   map[list]map[string]bool // words by the list of the vocabulary that they stand in
	broken bool                     // a name is unknown: what is unused cannot be said
}

// version checks one flattened version.
func (c *checker) version(ver *spec.Version) {
	machines := make([]*machine, len(ver.Machines))
	complete := true
	for i, m := range ver.Machines {
		machines[i] = &machine{checker: c, Machine: m, ver: ver, words: c.v.Machine(m.Name)}
		complete = machines[i].names() && complete
	}
	c.constants(ver)
	if !complete {
		c.broken = true
		return // what follows from a wrong name is no news
	}
	for _, m := range machines {
		m.classes()
		m.heads()
		m.rows()
		m.answers()
		m.graph()
		m.stores()
		m.ordered()
		m.silence()
	}
	c.kept(ver)
	c.coupling(ver)
}

// machine is one machine of a version under check.
type machine struct {
	*checker
	*spec.Machine
	ver   *spec.Version
	words *spec.MachineWords
}

// bases finds bases that no version extends.
func (c *checker) bases(set *spec.Set) {
	for _, base := range set.Versions {
		extended := slices.ContainsFunc(set.Versions, func(v *spec.Version) bool { return slices.Contains(v.Extends, base.Name) })
		if base.Abstract && !extended {
			c.Add(UnusedBase, base.Pos, "", "no version extends the base %q", base.Name)
		}
	}
}

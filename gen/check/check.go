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
	if !c.vocabulary() {
		return c.Err() // what follows from a wrong word is no news
	}
	concrete := set.Concrete()
	for _, ver := range concrete {
		c.version(ver)
	}
	if !set.Partial {
		c.bases(set)
	}
	if len(concrete) > 0 && c.Added() == 0 && !set.Partial {
		c.unusedWords() // else a mistake may hide a use
	}
	return c.Err()
}

// checker goes over one set.
type checker struct {
	*spec.Report
	v     *spec.Vocabulary
	roles []string
	used  map[list]map[string]bool // words by the list of the vocabulary that they stand in
}

// version checks one flattened version, from its names to how its machines fit
// together. Where one step finds something, those that build on it are left
// out: what follows from a mistake is no news.
func (c *checker) version(ver *spec.Version) {
	machines := make([]*machine, len(ver.Machines))
	complete := true
	before := c.Added()
	for i, m := range ver.Machines {
		if c.v.Machine(m.Name) == nil { // in a set that Load has not made
			c.Add(UnknownName, m.Pos, "", "unknown machine %q", m.Name)
			return
		}
		machines[i] = &machine{checker: c, Machine: m, ver: ver, words: c.v.Machine(m.Name), meetings: spec.NewMeetings(c.v, ver, m), asked: make(map[question][]spec.Meeting), taken: make(map[question][]*spec.Rule)}
		complete = machines[i].names() && complete
	}
	if !c.constants(ver) || !complete {
		return
	}
	for _, m := range machines {
		m.check()
	}
	c.coupling(ver, machines)
	if c.Added() == before {
		c.told(machines)
		c.kept(ver, machines)
	}
}

// machine is one machine of a version under check.
type machine struct {
	*checker
	*spec.Machine
	ver      *spec.Version
	words    *spec.MachineWords
	meetings *spec.Meetings
	asked    map[question][]spec.Meeting // its answers
	taken    map[question][]*spec.Rule   // answers of arrows
}

// question is what a state can meet in a role.
type question struct {
	state *spec.State
	role  string
}

// check checks one machine by itself.
func (m *machine) check() {
	m.classes()
	m.heads()
	if !m.rows() {
		return
	}
	m.silence()
	before := m.Added()
	m.answers()
	if m.Added() > before {
		return
	}
	m.graph()
	m.stores()
	m.asks()
	m.ordered()
	m.alternates()
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

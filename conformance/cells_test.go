package conformance

import (
	"slices"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/gen/emit"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"github.com/wsfsm/wsfsm/states"
)

// specified is what the spec files say, in words and in numbers.
type specified struct {
	set      *spec.Set
	versions []version
}

// version is one version of them, with its cases and what these go through.
type version struct {
	emit.Version
	protocol *wsfsm.Protocol
	cases    []*Case
	covered  Coverage
}

// specification reads the spec files and runs each case once, for all tests.
var specification = sync.OnceValues(func() (*specified, error) {
	set, err := gen.Load(states.Files())
	if err != nil {
		return nil, err
	}
	in, err := gen.Compile(set, "")
	if err != nil {
		return nil, err
	}
	all, err := parseCases()
	if err != nil {
		return nil, err
	}
	s := &specified{set: set}
	for _, v := range in.Versions {
		p, err := protocolload.FromLowered(v.Lowered)
		if err != nil {
			return nil, err
		}
		of := slices.DeleteFunc(slices.Clone(all), func(c *Case) bool { return c.Version != p.Name })
		covered, err := Cover(p, of)
		if err != nil {
			return nil, err
		}
		s.versions = append(s.versions, version{v, p, of, covered})
	}
	return s, nil
})

func specifiedOf(t testing.TB) *specified {
	t.Helper()
	s, err := specification()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cells returns the cells of a machine that can be met: those of the states that
// a role comes to, for each event that the state's reader, another machine, the
// world or the application can bring there. Left out are events of the world
// that a final state ignores, which take no transition.
func (s *specified) cells(v version, m *spec.Machine) (all []Cell) {
	for r, role := range s.set.Vocabulary.Roles {
		var passed map[string]map[string]bool
		if len(m.Limits) > 0 {
			passed = passes(m, role.Name)
		}
		at := Cell{Role: states.Role(r + 1), Machine: machineNamed(m.Name)}
		for _, name := range s.reached(v, m, role.Name) {
			at.State = stateNumber(at.Machine, name)
			state := m.State(name)
			for _, met := range s.meets(v, m, state, role.Name) {
				at.Event = eventNumber(at.Machine, met)
				watched := met == "line-too-long" || met == "head-too-long"
				if !slices.Contains(state.Ignore, met) && (!watched || passed[name][met]) {
					all = append(all, at)
				}
			}
		}
	}
	return all
}

// reached returns the states that a role comes to.
func (s *specified) reached(v version, m *spec.Machine, role string) []string {
	list := []string{m.Initial[role]}
	for i := 0; i < len(list); i++ {
		state := m.State(list[i])
		met := s.meets(v, m, state, role)
		for _, r := range slices.Concat(state.When, m.When) {
			if slices.Contains(met, r.Event) && !slices.Contains(list, r.To) {
				list = append(list, r.To)
			}
		}
	}
	return list
}

// meets returns the events that a state meets in a role.
func (s *specified) meets(v version, m *spec.Machine, state *spec.State, role string) (all []string) {
	for _, met := range spec.Meets(s.set.Vocabulary, v.Spec, m, state, role) {
		if s.broughtAbout(v, m, met.Event, role) {
			all = append(all, met.Event)
		}
	}
	return all
}

// broughtAbout reports whether the handshake of a role brings an event about
// that the connection learns from it by an action of the application.
func (s *specified) broughtAbout(v version, m *spec.Machine, event, role string) bool {
	action := map[string]string{"rejected": "send-rejection", "detached": "hand-over"}[event]
	if m.Name != spec.MachineConnection || action == "" {
		return true
	}
	handshake := v.Spec.Machine(spec.MachineHandshake)
	return slices.ContainsFunc(s.reached(v, handshake, role), func(name string) bool {
		return slices.ContainsFunc(handshake.State(name).When, func(r *spec.Rule) bool { return r.Do == action })
	})
}

// lowered returns the numbers of a machine.
func (v version) lowered(m *spec.Machine) *lower.Machine {
	return &v.Lowered.Machines[machineIndex(v.Lowered, machineNamed(m.Name))]
}

func machineNamed(name string) states.Machine {
	for m := states.Machine(1); m <= states.MachineCount; m++ {
		if m.String() == name {
			return m
		}
	}
	return 0
}

func eventNumber(m states.Machine, name string) uint8 {
	for e := range uint8(255) {
		if eventName(m, e) == name {
			return e
		}
	}
	return 0
}

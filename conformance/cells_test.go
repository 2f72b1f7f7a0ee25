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
	told     told
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
	s := &specified{set: set, told: toldBy(set.Vocabulary)}
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
// a role comes to.
func (s *specified) cells(v version, m *spec.Machine) []Cell {
	var reached [][]string
	for _, role := range s.set.Vocabulary.Roles {
		reached = append(reached, s.reached(v, m, role.Name))
	}
	return slices.DeleteFunc(s.metAnywhere(v, m), func(at Cell) bool {
		return !slices.Contains(reached[at.Role-1], stateName(at.Machine, at.State))
	})
}

// metAnywhere returns the cells of all states of a machine, for each event that
// the state's reader, another machine, the world or the application can bring
// there. Left out are events of the world that a final state ignores, which take no
// transition.
func (s *specified) metAnywhere(v version, m *spec.Machine) (all []Cell) {
	meetings := spec.NewMeetings(s.set.Vocabulary, v.Spec, m)
	for r, role := range s.set.Vocabulary.Roles {
		at := Cell{Role: states.Role(r + 1), Machine: machineNamed(m.Name)}
		for _, state := range m.States {
			at.State = stateNumber(at.Machine, state.Name)
			for _, met := range s.meets(v, m, meetings.Of(state, role.Name), role.Name) {
				if at.Event = eventNumber(at.Machine, met); !slices.Contains(state.Ignore, met) {
					all = append(all, at)
				}
			}
		}
	}
	return all
}

// reached returns the states that a role comes to.
func (s *specified) reached(v version, m *spec.Machine, role string) []string {
	meetings := spec.NewMeetings(s.set.Vocabulary, v.Spec, m)
	list := []string{m.Initial[role]}
	for i := 0; i < len(list); i++ {
		state := m.State(list[i])
		met := s.meets(v, m, meetings.Of(state, role), role)
		for _, r := range slices.Concat(state.When, m.When) {
			if slices.Contains(met, r.Event) && !slices.Contains(list, r.To) {
				list = append(list, r.To)
			}
		}
	}
	return list
}

// meets returns those of the events that a state could meet in a role that are
// brought about.
func (s *specified) meets(v version, m *spec.Machine, could []spec.Meeting, role string) (all []string) {
	for _, met := range could {
		if s.broughtAbout(v, m, met.Event, role) {
			all = append(all, met.Event)
		}
	}
	return all
}

// broughtAbout reports whether a role brings an event about, if it is one that
// the connection is told by the handshake.
func (s *specified) broughtAbout(v version, m *spec.Machine, event, role string) bool {
	handshake := v.Spec.Machine(spec.MachineHandshake)
	if m.Name != spec.MachineConnection || !s.set.Vocabulary.Told(handshake, event) {
		return true
	}
	return slices.ContainsFunc(s.reached(v, handshake, role), func(name string) bool {
		return slices.ContainsFunc(handshake.State(name).When, func(r *spec.Rule) bool { return s.set.Vocabulary.Tells(handshake, r) == event })
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

package emit

import (
	"strings"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// machineEnums are the states and events of a machine. The prefix of their
// names is the machine's Go name, or nothing.
func machineEnums(prefix string, m spec.MachineWords) []goEnum {
	return []goEnum{
		{prefix + "State", prefix, "is a state of the " + m.Name + " machine: " + m.Means + ".", m.States},
		{prefix + "Event", prefix + "On", "is an event of the " + m.Name + " machine.", plain(m.Events, eventWord)},
	}
}

// actions writes the action type of a machine. With failures, an action can be
// a violation.
func (s *goSource) actions(prefix string, m spec.MachineWords, failures bool) {
	e := goEnum{prefix + "Action", prefix + "Do", "is an action of the " + m.Name + " machine.", plain(m.Actions, actionWord)}
	defer s.spans(e, m.Actions)
	if !failures {
		s.enum(e)
		return
	}
	e.Doc += " A number above FailBase reports a violation."
	s.enumType(e)
	s.enumConstants(e)
	s.enumNames(e)
	s.linef(`
// Violation returns the violation that the action reports; 0 if it is another action.
func (a %[1]s) Violation() Violation {
	if a > FailBase && a <= FailBase+ViolationCount {
		return Violation(a - FailBase)
	}
	return 0
}

// String returns the word as the spec files write it; "fail-" and the violation
// if the action reports one.
func (a %[1]s) String() string {
	if v := a.Violation(); v != 0 {
		return "fail-" + v.String()
	}
	return nameOf(%[2]s[:], uint8(a), %[1]q)
}`, e.Type, e.names())
}

// spans writes the method that says which actions take runs of octets.
func (s *goSource) spans(e goEnum, actions []spec.ActionWord) {
	var names []string
	for _, a := range actions {
		if a.Spans {
			names = append(names, e.Prefix+goName(a.Name))
		}
	}
	if len(names) == 0 {
		return
	}
	s.linef("\n// Spans reports whether a state that leads back to itself with this action may")
	s.linef("// eat a run of octets as one slice.")
	s.linef("func (a %s) Spans() bool { return a == %s }", e.Type, strings.Join(names, " || a == "))
}

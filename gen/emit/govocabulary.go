package emit

import "github.com/wsfsm/wsfsm/gen/spec"

// GoVocabulary writes the words of the vocabulary as Go types: one per list,
// and a state, an event and an action type per machine.
func GoVocabulary(in Input, pkg string) ([]byte, error) {
	s := new(goSource)
	s.linef("// %s", in.mark(in.vocabularyFile()))
	s.linef("\npackage %s", pkg)
	s.linef("\nimport \"strconv\"")
	s.text(nameFunction)
	s.sharedWords(in)
	failures := len(in.Vocabulary.Failures) > 0
	for _, m := range in.Vocabulary.Machines {
		for _, e := range machineEnums(goName(m.Name), m) {
			s.enum(e)
		}
		s.actions(goName(m.Name), m, failures)
	}
	return s.bytes()
}

// sharedWords writes the lists that belong to no machine, and the violations.
func (s *goSource) sharedWords(in Input) {
	for _, e := range sharedEnums(in) {
		if len(e.Words) > 0 {
			s.enum(e)
		}
	}
	s.violations(in.Vocabulary.Failures, len(in.Vocabulary.Faults) > 0)
}

// sharedEnums are the lists that belong to no machine.
func sharedEnums(in Input) []goEnum {
	v := in.Vocabulary
	return []goEnum{
		{"Role", "", "is an end of a connection.", v.Roles},
		{"Fault", "Fault", "says who is to blame for a broken rule.", v.Faults},
		{"Machine", "Machine", "names a machine.", plain(v.Machines, machineWord)},
		{"ReadKind", "Read", "says what a state eats.", plain(v.Reads, readWord)},
		{"Field", "Field", "is where a read puts its octets.", plain(v.Fields, yielderWord)},
		{"Limit", "Limit", "is what a read can ask, or what is watched at each octet.", plain(v.Limits, yielderWord)},
		{"Coding", "Coding", "is what the content of a message is checked for.", plain(v.Codings, yielderWord)},
		{"CloseBody", "CloseBody", "is the shape of a close frame's body.", plain(v.Closes, yielderWord)},
		{"Input", "Input", "is the stage that is fed while a connection is in a state.", v.Inputs},
		{"Wait", "Wait", "is what the caller shall do or wait for.", v.Waits},
		{"Form", "Form", "is how a line of an HTTP head can be checked.", v.Forms},
		{"Value", "Value", "is a computed value of a line of an HTTP head.", v.Values},
	}
}

func machineWord(m spec.MachineWords) spec.Word { return m.Word }

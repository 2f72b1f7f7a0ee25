package emit

import (
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// violations writes the failures as an error type.
func (s *goSource) violations(failures []spec.Failure, faults bool) {
	if len(failures) == 0 {
		return
	}
	words := plain(failures, failureWord)
	e := goEnum{"Violation", "", "is a broken rule. It is an error.", words}
	s.enumType(e)
	s.enumConstants(e)
	s.violationTable(failures, faults)
	s.failBase()
	s.text(violationMethods)
	if faults {
		s.text(faultMethod)
	}
}

func (s *goSource) violationTable(failures []spec.Failure, faults bool) {
	s.linef("\nvar violations = [...]struct {\nname, means, cite string\ncode, status uint16")
	if faults {
		s.linef("fault Fault")
	}
	s.linef("}{\n{name: \"none\", means: \"no violation\"},")
	for _, f := range failures {
		blame := ""
		if faults {
			blame = ", Fault" + goName(f.Fault)
		}
		s.linef("{%q, %q, %q, %d, %d%s},", f.Name, f.Means, f.Cite, f.Code, f.Status, blame)
	}
	s.linef("}")
}

const violationMethods = `

// String returns the word as the spec files write it, such as "too-long".
func (v Violation) String() string {
	if v > ViolationCount {
		return nameOf(nil, uint8(v), "Violation")
	}
	return violations[v].name
}

// Error implements error: the meaning and its source.
func (v Violation) Error() string {
	if v.Citation() == "" {
		return v.Meaning()
	}
	return v.Meaning() + " (" + v.Citation() + ")"
}

// Meaning says what is broken, in a few words; the word itself if v has none.
func (v Violation) Meaning() string {
	if v > ViolationCount {
		return v.String()
	}
	return violations[v].means
}

// Citation names the source of the rule, such as "RFC 6455 §5.2".
func (v Violation) Citation() string {
	if v > ViolationCount {
		return ""
	}
	return violations[v].cite
}

// CloseCode returns the code of the close frame that answers v; 0 if it has none.
func (v Violation) CloseCode() uint16 {
	if v > ViolationCount {
		return 0
	}
	return violations[v].code
}

// Status returns the HTTP status that answers v; 0 if it has none.
func (v Violation) Status() int {
	if v > ViolationCount {
		return 0
	}
	return int(violations[v].status)
}
`

const faultMethod = `

// Fault says who is to blame for v; 0 if v has no number of a violation.
func (v Violation) Fault() Fault {
	if v > ViolationCount {
		return 0
	}
	return violations[v].fault
}
`

// failBase is declared once, where there are violations.
func (s *goSource) failBase() {
	s.declare("FailBase", "a constant")
	s.linef("\n// FailBase is added to the number of a violation to make the number of the")
	s.linef("// action that reports it, in every machine. Actions proper are below it.")
	s.linef("const FailBase = %d", lower.FailBase)
}

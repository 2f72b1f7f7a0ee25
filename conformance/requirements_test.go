package conformance_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance"
	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"go.yaml.in/yaml/v3"
)

// requirement is one normative statement of RFC 6455 and what shows that this
// library keeps it. A MUST has a case or a test, and a plant under which just
// that one fails; or the reason why it binds no part of this library. A SHOULD
// or MAY has the choice made.
type requirement struct {
	ID     string `yaml:"id"`
	Level  string `yaml:"level"` // MUST, SHOULD or MAY
	Role   string `yaml:"role"`  // client, server, both or intermediary
	Text   string `yaml:"text"`
	Case   string `yaml:"case"`
	Test   string `yaml:"test"` // package and name
	Plant  plant  `yaml:"plant"`
	Reason string `yaml:"reason"`
	Choice string `yaml:"choice"`
}

// plant breaks a rule: an edit of a spec file's text, for a case; or a fault
// of a hand or a peer by its name, for a test.
type plant struct {
	File    string `yaml:"file"`
	Replace string `yaml:"replace"`
	With    string `yaml:"with"`
	Fault   string `yaml:"fault"`
}

// The shape of the list.
const (
	requirementsFile = "requirements.yaml"
	requirementCount = 206
	maxReasons       = 15
)

var requirementID = regexp.MustCompile(`^R6455-[0-9]+(\.[0-9]+)*-[0-9]{2}$`)

func readRequirements(text []byte) (list []requirement, err error) {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	err = dec.Decode(&list)
	return list, err
}

func requirements(t testing.TB) []requirement {
	t.Helper()
	text, err := os.ReadFile(requirementsFile)
	if err != nil {
		t.Fatal(err)
	}
	list, err := readRequirements(text)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// audit compares requirements with what they name.
type audit struct {
	files fstest.MapFS
	cases map[string]*conformance.Case
	tests map[string]check
	sound *wsfsm.Protocol // of the files as they are
}

func newAudit(t testing.TB) *audit {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	a := &audit{files: specs(t), cases: map[string]*conformance.Case{}, tests: checks}
	for _, c := range all {
		a.cases[c.ID] = c
	}
	if a.sound, err = unchecked(a.files); err != nil {
		t.Fatal(err)
	}
	return a
}

// unchecked loads RFC 6455 without gen's checks, so that any violation can be
// planted.
func unchecked(files fstest.MapFS) (*wsfsm.Protocol, error) {
	set, err := spec.LoadVersion(files, "rfc6455")
	if err != nil {
		return nil, err
	}
	list, err := protocolload.FromSet(set)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if p.Name == "rfc6455" {
			return p, nil
		}
	}
	return nil, errors.New("rfc6455 is missing")
}

// planted is the protocol with a plant's edit.
func (a *audit) planted(p plant) (*wsfsm.Protocol, error) {
	file := a.files[p.File]
	if file == nil {
		return nil, fmt.Errorf("there is no spec file %q", p.File)
	}
	if n := bytes.Count(file.Data, []byte(p.Replace)); n != 1 || p.Replace == "" {
		return nil, fmt.Errorf("%s holds the text to be replaced %d times: %q", p.File, n, p.Replace)
	}
	changed := maps.Clone(a.files)
	changed[p.File] = &fstest.MapFile{Data: bytes.Replace(file.Data, []byte(p.Replace), []byte(p.With), 1)}
	return unchecked(changed)
}

// holds reports what is wrong with one requirement.
func (a *audit) holds(t *testing.T, r requirement) error {
	if !requirementID.MatchString(r.ID) || r.Text == "" || !slices.Contains([]string{"client", "server", "both", "intermediary"}, r.Role) {
		return errors.New("id, text or role is malformed")
	}
	if err := r.answered(); err != nil {
		return err
	}
	switch {
	case r.Case != "":
		return a.caseHolds(r)
	case r.Test != "":
		return a.testHolds(t, r)
	}
	return nil
}

// answered checks that the level has what it must have, and nothing else.
func (r *requirement) answered() error {
	shown := 0
	for _, s := range []string{r.Case, r.Test, r.Reason} {
		if s != "" {
			shown++
		}
	}
	switch r.Level {
	case "MUST":
		if shown != 1 || r.Choice != "" || (r.Plant == plant{}) != (r.Reason != "") {
			return errors.New("a MUST has a case or a test and its plant, or a reason")
		}
	case "SHOULD", "MAY":
		if r.Choice == "" || r.Reason != "" || shown > 1 {
			return errors.New("a SHOULD or MAY has a choice, and a case or a test at most")
		}
	default:
		return fmt.Errorf("level %q", r.Level)
	}
	return nil
}

// budget bounds the transitions of a run on a broken protocol, which may go
// round in a circle.
const budget = 200_000

// passes plays a case on a protocol. A driver that panics because of what a
// broken table has it do fails the case too.
func passes(c *conformance.Case, p *wsfsm.Protocol) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	left := budget
	return conformance.Run(c, conformance.Config{Protocol: p, Observer: func(wsfsm.Transition) {
		if left--; left < 0 {
			panic("the driver goes round in a circle")
		}
	}})
}

// caseHolds wants the case to name the requirement, to pass, and to fail on the
// planted protocol.
func (a *audit) caseHolds(r requirement) error {
	c := a.cases[r.Case]
	if c == nil {
		return fmt.Errorf("there is no case %q", r.Case)
	}
	if !slices.Contains(c.Requirements, r.ID) {
		return fmt.Errorf("the case %s does not name it", r.Case)
	}
	if err := passes(c, a.sound); err != nil {
		return fmt.Errorf("nothing is planted, and: %w", err)
	}
	if r.Plant == (plant{}) {
		return nil
	}
	broken, err := a.planted(r.Plant)
	if err != nil {
		return err
	}
	if c.Opening != nil && passes(c.Opening, broken) != nil {
		return errors.New("the plant breaks the opening handshake, which the case only presumes")
	}
	if passes(c, broken) == nil {
		return fmt.Errorf("the case %s does not notice the plant", r.Case)
	}
	return nil
}

// testHolds wants the test to be there, to pass, and to fail under the plant.
func (a *audit) testHolds(t *testing.T, r requirement) error {
	name, ok := strings.CutPrefix(r.Test, "conformance.")
	run := a.tests[name]
	if !ok || run == nil {
		return fmt.Errorf("there is no test %q", r.Test)
	}
	if err := run(t, &faults{}); err != nil {
		return fmt.Errorf("nothing is planted, and: %w", err)
	}
	if r.Plant == (plant{}) {
		return nil
	}
	set := plants[r.Plant.Fault]
	if set == nil {
		return fmt.Errorf("there is no fault %q", r.Plant.Fault)
	}
	f := &faults{}
	set(f)
	if run(t, f) == nil {
		return fmt.Errorf("the test %s does not notice the fault %s", r.Test, r.Plant.Fault)
	}
	return nil
}

// whole reports what is wrong with the list as such: its size, ids twice, too
// many reasons, ids of cases that it lacks.
func (a *audit) whole(list []requirement) (wrong []string) {
	known := map[string]bool{}
	reasons := 0
	for _, r := range list {
		if known[r.ID] {
			wrong = append(wrong, r.ID+" is there twice")
		}
		known[r.ID] = true
		if r.Reason != "" {
			reasons++
		}
	}
	if len(known) != requirementCount {
		wrong = append(wrong, fmt.Sprintf("%d ids, not %d", len(known), requirementCount))
	}
	if reasons > maxReasons {
		wrong = append(wrong, fmt.Sprintf("%d requirements bind no part of this library, more than %d", reasons, maxReasons))
	}
	for _, c := range a.cases {
		for _, id := range c.Requirements {
			if !known[id] {
				wrong = append(wrong, fmt.Sprintf("%s names %s, which is not in the list", c.ID, id))
			}
		}
	}
	return wrong
}

// TestRequirements breaks each MUST of RFC 6455 that binds an endpoint, and
// wants the very case or test to fail that requirements.yaml names for it.
func TestRequirements(t *testing.T) {
	a := newAudit(t)
	list := requirements(t)
	for _, wrong := range a.whole(list) {
		t.Error(wrong)
	}
	for _, r := range list {
		if err := a.holds(t, r); err != nil {
			t.Errorf("%s (%s): %v", r.ID, r.Text, err)
		}
	}
}

package conformance_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/conformance"
	"go.yaml.in/yaml/v3"
)

// feature is something that the established drivers do for their users.
type feature struct {
	ID      string   `yaml:"id"` // table and row, as in "1.4-05"
	Feature string   `yaml:"feature"`
	Here    []string `yaml:"here"`   // identifiers, as in wsnet.Options.Decide
	Tests   []string `yaml:"tests"`  // directory and name, as in conformance/interop.TestSquid; wsfsm for the root
	Cases   []string `yaml:"cases"`  // conformance cases
	Note    string   `yaml:"note"`   // what differs
	Reason  string   `yaml:"reason"` // why it is left out
}

const parityFile = "parity.yaml"

// parityTables are the tables of features and how many each has.
var parityTables = []struct {
	number, title string
	rows          int
}{
	{"1.1", "Roles, input and output", 13},
	{"1.2", "Options", 18},
	{"1.3", "Methods", 23},
	{"1.4", "Events", 10},
	{"1.5", "The request, as the server's application sees it", 12},
	{"1.6", "Ping and pong", 9},
	{"1.7", "Closing", 14},
	{"1.8", "Buffers and order", 7},
	{"1.9", "Clients and proxies", 12},
	{"1.10", "Subprotocols", 4},
	{"1.11", "Extensions", 14},
	{"1.12", "Interfaces of browsers and web servers, examples", 9},
}

func readFeatures(t testing.TB) (list []feature) {
	t.Helper()
	text, err := os.ReadFile(parityFile)
	if err != nil {
		t.Fatal(err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&list); err != nil {
		t.Fatal(err)
	}
	return list
}

// parity compares features with what they name.
type parity struct {
	source *declared
	cases  map[string]string // their files below cases/; one may hold several
}

func newParity(t testing.TB) *parity {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	p := &parity{source: readDeclared(t), cases: map[string]string{}}
	for _, c := range all {
		p.cases[c.ID] = c.File
	}
	return p
}

// whole reports a list that does not have each row of the tables, in their order.
func (p *parity) whole(list []feature) error {
	var want, got []string
	for _, table := range parityTables {
		for i := range table.rows {
			want = append(want, fmt.Sprintf("%s-%02d", table.number, i+1))
		}
	}
	for _, f := range list {
		got = append(got, f.ID)
	}
	for len(want) > 0 && len(got) > 0 && want[0] == got[0] {
		want, got = want[1:], got[1:]
	}
	if len(want)+len(got) > 0 {
		return fmt.Errorf("want the rows %q, have %q", want, got)
	}
	return nil
}

// holds reports what is wrong with one feature.
func (p *parity) holds(f feature) error {
	shown := len(f.Tests) + len(f.Cases)
	switch {
	case f.Feature == "":
		return errors.New("it says no feature")
	case f.Reason != "":
		if len(f.Here)+shown > 0 {
			return errors.New("what is left out has neither an identifier nor a test")
		}
		return nil
	case len(f.Here) == 0 || shown == 0:
		return errors.New("an identifier and a test or case, or a reason, is missing")
	}
	return p.named(f)
}

// named reports names of a feature that nothing has.
func (p *parity) named(f feature) error {
	for _, name := range f.Here {
		if !p.source.exported[name] {
			return fmt.Errorf("there is no identifier %s", name)
		}
	}
	for _, name := range f.Cases {
		if p.cases[name] == "" {
			return fmt.Errorf("there is no case %s", name)
		}
	}
	mentioned := len(f.Cases) > 0 // all of them run on the driver
	for _, name := range f.Tests {
		test, ok := p.source.tests[name]
		switch {
		case !ok:
			return fmt.Errorf("there is no test %s that runs", name)
		case test.skips:
			return fmt.Errorf("test %s may be skipped", name)
		}
		mentioned = mentioned || slices.ContainsFunc(f.Here, func(id string) bool {
			return p.source.mentions[test.dir][id[strings.LastIndexByte(id, '.')+1:]]
		})
	}
	if !mentioned {
		return errors.New("none of the tests stands beside a use of the identifiers")
	}
	return nil
}

// TestParity wants each feature of the established drivers to have what does it
// here and what shows it.
func TestParity(t *testing.T) {
	p := newParity(t)
	list := readFeatures(t)
	if err := p.whole(list); err != nil {
		t.Error(err)
	}
	for _, f := range list {
		if err := p.holds(f); err != nil {
			t.Errorf("%s (%s): %v", f.ID, f.Feature, err)
		}
	}
}

// TestParityCanFail plants features that must be complained about.
func TestParityCanFail(t *testing.T) {
	p := newParity(t)
	sound := feature{ID: "1.1-01", Feature: "f", Here: []string{"wsnet.Options.Decide"}, Tests: []string{"wsnet.TestDecide"}}
	cased := feature{ID: "1.1-01", Feature: "f", Here: []string{"wsfsm.Driver.Text"}, Cases: []string{"rfc6455/vector/text-sent-server"}}
	left := feature{ID: "1.1-01", Feature: "f", Reason: "r"}
	for _, f := range []feature{sound, cased, left} {
		if err := p.holds(f); err != nil {
			t.Fatalf("%+v: %v", f, err)
		}
	}
	for name, c := range map[string]struct {
		from   feature
		change func(*feature)
		want   string
	}{
		"no feature":                        {sound, func(f *feature) { f.Feature = "" }, "no feature"},
		"no identifier":                     {sound, func(f *feature) { f.Here = nil }, "is missing"},
		"neither test nor case":             {sound, func(f *feature) { f.Tests = nil }, "is missing"},
		"nothing at all":                    {left, func(f *feature) { f.Reason = "" }, "is missing"},
		"a reason and an identifier":        {sound, func(f *feature) { f.Reason = "r" }, "left out"},
		"a field that is missing":           {sound, func(f *feature) { f.Here = []string{"wsnet.Options.Decides"} }, "no identifier"},
		"a method that is missing":          {sound, func(f *feature) { f.Here = []string{"wsfsm.Driver.Texts"} }, "no identifier"},
		"a function of another package":     {sound, func(f *feature) { f.Here = []string{"wsnet.AcceptKey"} }, "no identifier"},
		"an identifier that is not public":  {sound, func(f *feature) { f.Here = []string{"wsnet.Conn.driver"} }, "no identifier"},
		"one identifier of two missing":     {sound, func(f *feature) { f.Here = []string{"wsnet.Dial", "wsnet.Dials"} }, "no identifier"},
		"a test that is missing":            {sound, func(f *feature) { f.Tests = []string{"wsnet.TestDecides"} }, "no test"},
		"a test of another package":         {sound, func(f *feature) { f.Tests = []string{"duplex.TestTLS"} }, "no test"},
		"a function of a test":              {sound, func(f *feature) { f.Tests = []string{"websocket.AsksForWebSocket"} }, "no test"},
		"an example without output":         {sound, func(f *feature) { f.Tests = []string{"websocket.ExampleListenAndServe"} }, "no test"},
		"a test of something else":          {sound, func(f *feature) { f.Tests = []string{"extension.TestParse"} }, "beside a use"},
		"a case that is missing":            {cased, func(f *feature) { f.Cases = []string{"rfc6455/vector/none"} }, "no case"},
		"a case where there should be test": {cased, func(f *feature) { f.Tests, f.Cases = f.Cases, nil }, "no test"},
	} {
		f := c.from
		c.change(&f)
		if err := p.holds(f); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	list := readFeatures(t)
	for name, changed := range map[string][]feature{
		"a row too few":  list[:len(list)-1],
		"a row too many": append(slices.Clone(list), sound),
		"a row twice":    slices.Insert(slices.Clone(list), 3, list[2]),
		"a row left out": slices.Delete(slices.Clone(list), 3, 4),
	} {
		if p.whole(changed) == nil {
			t.Errorf("%s is not complained about", name)
		}
	}
}

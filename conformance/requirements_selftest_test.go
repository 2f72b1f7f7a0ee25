package conformance_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRequirementsCanFail plants entries that must be complained about.
func TestRequirementsCanFail(t *testing.T) {
	a := newAudit(t)
	sound := requirement{
		ID: "R6455-5.2-03", Level: "MUST", Role: "both", Text: "text", Case: "rfc6455/frame/opcode-3-client",
		Plant: plant{
			File:    "framing-mask-bit.yaml",
			Replace: "reserved-opcode: {to: failed, fail: reserved-opcode}",
			With:    "reserved-opcode: {to: length}",
		},
	}
	if err := a.holds(t, sound); err != nil {
		t.Fatal(err)
	}
	tested := sound
	tested.Case, tested.Test, tested.Plant = "", "conformance.TestNonceIsRandom", plant{Fault: "constant-random"}
	if err := a.holds(t, tested); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		from   requirement
		change func(*requirement)
		want   string
	}{
		"a plant that changes nothing":     {sound, func(r *requirement) { r.Plant.With = r.Plant.Replace }, "does not notice"},
		"a plant that breaks another rule": {sound, func(r *requirement) { r.Plant.Replace, r.Plant.With = "too-big: \"1009\"", "too-big: \"1008\"" }, ""},
		"a plant that breaks the opening": {sound, func(r *requirement) {
			r.Plant = plant{File: "opening.yaml", Replace: `send: "101 Switching Protocols"`, With: `send: "200 OK"`}
			r.Case, r.ID = "rfc6455/vector/text-sent-server", "R6455-5.1-04"
		}, "opening"},
		"a plant in two places":     {sound, func(r *requirement) { r.Plant.Replace = "{to: failed, fail: mask-missing}" }, "2 times"},
		"a plant in no place":       {sound, func(r *requirement) { r.Plant.Replace = "nowhere" }, "0 times"},
		"a plant in no file":        {sound, func(r *requirement) { r.Plant.File = "none.yaml" }, "no spec file"},
		"no plant":                  {sound, func(r *requirement) { r.Plant = plant{} }, "its plant"},
		"a case that is missing":    {sound, func(r *requirement) { r.Case += "x" }, "no case"},
		"a case of another rule":    {sound, func(r *requirement) { r.ID = "R6455-5.2-02" }, "does not name it"},
		"a case and a test":         {sound, func(r *requirement) { r.Test = tested.Test }, "or a reason"},
		"a MUST without anything":   {sound, func(r *requirement) { r.Case, r.Plant = "", plant{} }, "or a reason"},
		"a MUST with a choice":      {sound, func(r *requirement) { r.Choice = "no" }, "or a reason"},
		"a MAY without a choice":    {sound, func(r *requirement) { r.Level = "MAY" }, "a choice"},
		"no level":                  {sound, func(r *requirement) { r.Level = "" }, "level"},
		"no role":                   {sound, func(r *requirement) { r.Role = "" }, "role"},
		"a test that is missing":    {tested, func(r *requirement) { r.Test += "s" }, "no test"},
		"a fault that is missing":   {tested, func(r *requirement) { r.Plant.Fault += "s" }, "no fault"},
		"a fault of something else": {tested, func(r *requirement) { r.Plant.Fault = "port-8080" }, "does not notice"},
	} {
		r := c.from
		c.change(&r)
		if err := a.holds(t, r); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	list := requirements(t)
	if wrong := a.whole(list); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if len(a.whole(append(list, list[0]))) == 0 || len(a.whole(list[1:])) == 0 {
		t.Error("an id twice or too few are not complained about")
	}
	for i := range list {
		list[i].Reason = "none"
	}
	if len(a.whole(list)) == 0 {
		t.Error("nothing but reasons is not complained about")
	}
	used := slices.IndexFunc(list, func(r requirement) bool { return r.ID == sound.ID })
	list[used].ID = "R6455-5.2-99"
	if wrong := a.whole(list); !slices.ContainsFunc(wrong, func(s string) bool { return strings.HasSuffix(s, "names "+sound.ID+", which is not in the list") }) {
		t.Errorf("an id of a case that the list lacks: %v", wrong)
	}
}

// TestChecksAreTests wants a test of this directory by the name of each check,
// and each fault to be used.
func TestChecksAreTests(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				there[fn.Name.Name] = true
			}
		}
	}
	used := map[string]bool{}
	for _, r := range requirements(t) {
		used[strings.TrimPrefix(r.Test, "conformance.")], used[r.Plant.Fault] = true, true
	}
	for name := range checks {
		if !there[name] || !used[name] {
			t.Errorf("%s: there %v, used %v", name, there[name], used[name])
		}
	}
	for name := range plants {
		if !used[name] {
			t.Errorf("the fault %s is not used", name)
		}
	}
}

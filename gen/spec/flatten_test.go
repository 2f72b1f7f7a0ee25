package spec

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

const flattenDir = "../testdata/flatten"

func TestFlatten(t *testing.T) {
	set, err := Load(os.DirFS(flattenDir))
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Versions) != 5 || len(set.Concrete()) != 3 {
		t.Fatalf("%d versions, %d concrete", len(set.Versions), len(set.Concrete()))
	}
	ver := set.Versions[0]
	if ver.Name != "better" || ver.Title != "better" || ver.WireVersion != "8" || strings.Join(ver.Extends, " ") != "simple ringing" {
		t.Errorf("constants: %q %q %q %q", ver.Name, ver.Title, ver.WireVersion, ver.Extends)
	}
	if len(ver.Machines) != 2 || ver.Machines[0].Name != "door" || ver.Machines[0].From != "simple.yaml" || ver.Machines[1].From != "ringing.yaml" {
		t.Fatalf("machines: %+v", ver.Machines)
	}
	machine := ver.Machine("door")
	if machine.Initial["left"] != "open" || machine.Initial["right"] != "shut" || ver.Machine("bell").Initial["right"] != "rings" {
		t.Errorf("initial: %v", machine.Initial)
	}
	var lines []string
	for _, l := range machine.Head("request").Lines {
		lines = append(lines, l.Name)
	}
	if got := strings.Join(lines, " "); got != "Origin Added" {
		t.Errorf("head lines: %s", got)
	}
	want := `open.push > shut / creak, changed, better.yaml:17:13
open.pull > open / , simple.yaml:19:11
shut.pull > open / creak, simple.yaml:23:11
shut.push > shut / , changed, nobody has tried, better.yaml:24:11
`
	if got := rowsOf(machine); got != want {
		t.Errorf("rows:\n%s\nwant:\n%s", got, want)
	}
	if refuse := machine.State("shut").Refuse; len(refuse) != 1 || refuse[0] != "lock" {
		t.Errorf("refused: %v", refuse)
	}
	if base := set.Versions[4]; base.Name != "simple" || rowsOf(base.Machines[0]) == rowsOf(machine) || base.Machine("door").State("locked") == nil {
		t.Error("the base was changed with the version")
	}
}

func rowsOf(m *Machine) string {
	b := new(strings.Builder)
	for _, s := range m.States {
		for _, r := range s.When {
			b.WriteString(s.Name + "." + r.Event + " > " + r.To + " / " + r.Do + ", ")
			if r.Changed {
				b.WriteString("changed, ")
			}
			if r.Doubt != "" {
				b.WriteString(r.Doubt + ", ")
			}
			if r.From != r.Pos.File {
				b.WriteString("from elsewhere, ")
			}
			b.WriteString(r.Pos.String() + "\n")
		}
	}
	return b.String()
}

func TestRowsOfVersions(t *testing.T) {
	set, err := Load(os.DirFS(flattenDir))
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, v := range set.Versions[1:] {
		if !v.Abstract {
			got += v.Name + "/" + v.Title + "/" + v.WireVersion + "/" + v.Confidence + "/" + v.Machines[0].Name + " "
		}
	}
	if want := "first/The first/1//bell second/second/2/a guess/bell "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWindowsLineEnds(t *testing.T) {
	all := make(fstest.MapFS)
	for _, name := range []string{"vocabulary.yaml", "ringing.yaml"} {
		content, err := os.ReadFile(flattenDir + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = &fstest.MapFile{Data: bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))}
	}
	set, err := Load(all)
	if err != nil {
		t.Fatal(err)
	}
	if pos := set.Versions[0].Machine("bell").State("rings").Pos; pos.Line != 9 || pos.Column != 7 {
		t.Errorf("rings is at %v", pos)
	}
}

func TestOnlySpecFilesAreRead(t *testing.T) {
	all := fstest.MapFS{
		"vocabulary.yaml": {Data: []byte("vocabulary: \"1\"\nmachines: {}\n")},
		"README.md":       {Data: []byte("no: [spec")},
		"deep/other.yaml": {Data: []byte("no: [spec")},
	}
	if set, err := Load(all); err != nil || len(set.Versions) != 0 {
		t.Errorf("%v, %v", set, err)
	}
}

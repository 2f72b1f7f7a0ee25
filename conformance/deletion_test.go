package conformance_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance"
	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/internal/protocolload"
)

// specs are the spec files as they are, in memory.
func specs(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	dir := os.DirFS("../states")
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	return files
}

// casesOfRFC are the cases of RFC 6455.
func casesOfRFC(t testing.TB) []*conformance.Case {
	t.Helper()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(cases, func(c *conformance.Case) bool { return c.Version != "rfc6455" })
}

// TestDeletionsAndMisspellingsAreNoticed takes each entry and each list word out
// of the spec files, and misspells each name. Each such spec must be refused,
// by a diagnostic that points to the place, or fail a case.
func TestDeletionsAndMisspellingsAreNoticed(t *testing.T) {
	files := specs(t)
	cases := casesOfRFC(t)
	loader := new(spec.Loader)
	if _, err := loader.LoadVersion(files, "rfc6455"); err != nil { // so that it knows what is not edited
		t.Fatal(err)
	}
	var refused, failed atomic.Int64
	var group sync.WaitGroup
	work := make(chan edit)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for e := range work {
				switch notice, err := noticed(loader, files, e, cases); {
				case err != nil:
					t.Errorf("%s: %s: %v", e.file, e.name, err)
				case notice == "":
					refused.Add(1)
				default:
					failed.Add(1)
				}
			}
		})
	}
	for _, file := range []string{"framing-mask-bit.yaml", "opening.yaml", "rfc6455.yaml", "vocabulary.yaml"} {
		s := readSource(t, files, file)
		edits := s.misspellings()
		if file != "vocabulary.yaml" {
			edits = append(edits, s.deletions()...)
		}
		for i, e := range edits {
			if !testing.Short() || i%29 == 0 {
				work <- e
			}
		}
	}
	close(work)
	group.Wait()
	t.Logf("%d refused, %d failed a case", refused.Load(), failed.Load())
	if refused.Load() == 0 || failed.Load() == 0 {
		t.Error("nothing was refused, or nothing failed a case")
	}
}

// noticed applies an edit. It returns "" if the spec is refused in the right
// place, else the first case that fails; an error if nobody notices.
func noticed(loader *spec.Loader, files fstest.MapFS, e edit, cases []*conformance.Case) (string, error) {
	changed := maps.Clone(files)
	changed[e.file] = &fstest.MapFile{Data: []byte(e.text)}
	protocol, err := protocolload.LoadVersion(loader, changed, "rfc6455")
	if err != nil {
		return "", pointsTo(err, e)
	}
	for _, c := range cases {
		if fails(c, protocol) {
			return c.ID, nil
		}
	}
	if _, err := protocolload.Load(changed); err != nil { // a word that only other versions use
		return "", pointsTo(err, e)
	}
	return "", errors.New("nobody notices")
}

// fails reports whether a case fails on a protocol. A hand that panics because
// of what a broken table has it do fails the case too.
func fails(c *conformance.Case, p *wsfsm.Protocol) (failed bool) {
	defer func() {
		if recover() != nil {
			failed = true
		}
	}()
	return conformance.Run(c, conformance.Config{Protocol: p}) != nil
}

// pointsTo wants a diagnostic that points to the edit: into the entry that
// holds it, or to a place that names what is missing or the machine it is
// missing from.
func pointsTo(err error, e edit) error {
	var list *spec.Diagnostics
	if !errors.As(err, &list) {
		return fmt.Errorf("refused without a diagnostic: %w", err)
	}
	for _, d := range list.List {
		if d.Pos.File == e.file && d.Pos.Line >= e.first && d.Pos.Line <= e.last {
			return nil
		}
		for _, name := range e.names {
			if strings.Contains(d.Message+d.Help, name) {
				return nil
			}
		}
	}
	return fmt.Errorf("refused elsewhere than in lines %d to %d or by name %q:\n%.600s", e.first, e.last, e.names, err)
}

// TestNoticedCanFail plants an edit that changes nothing, and one whose
// diagnostic is in another line.
func TestNoticedCanFail(t *testing.T) {
	files := specs(t)
	cases := casesOfRFC(t)
	loader := new(spec.Loader)
	if _, err := loader.LoadVersion(files, "rfc6455"); err != nil { // so that it knows what is not edited
		t.Fatal(err)
	}
	e := edit{name: "nothing", file: "rfc6455.yaml", first: 1, last: 1, text: string(files["rfc6455.yaml"].Data) + "\n"}
	if notice, err := noticed(loader, files, e, cases); err == nil {
		t.Errorf("an edit that changes nothing is noticed: %q", notice)
	}
	e.text = strings.Replace(e.text, "{to: open, do: flush}", "{to: opne, do: flush}", 1)
	if _, err := noticed(loader, files, e, cases); err == nil {
		t.Error("a diagnostic in another line than the edit's is accepted")
	}
}

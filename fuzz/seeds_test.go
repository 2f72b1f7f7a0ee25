package fuzz_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/leanovate/gopter"

	"github.com/wsfsm/wsfsm/conformance"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

var update = flag.Bool("update", false, "write the seeds under testdata anew")

// maxSeed is the greatest size of a seed in octets of the format.
const maxSeed = 16 << 10

// made are the beginnings of the names of seeds that are made here. Files with
// other names are what fuzzing has found, and stay.
var made = []string{"case-", "model-", "defect-", "random-", "opening-", "text-", "edit-", "lines-", "body-"}

// TestSeedsAreFresh compares the seeds under testdata with those made from the
// conformance cases and the model:
//
//	go test ./fuzz -run TestSeedsAreFresh -update
func TestSeedsAreFresh(t *testing.T) {
	for name, octets := range targets(t) {
		dir := filepath.Join("testdata", "fuzz", "Fuzz"+name)
		want := seeds(octets)
		if *update {
			writeSeeds(t, dir, want)
		}
		got := readSeeds(t, dir)
		for _, problem := range differences(want, got) {
			t.Errorf("%s: %s", dir, problem)
		}
		if t.Failed() {
			t.Fatal("the seeds are stale: go test ./fuzz -run TestSeedsAreFresh -update")
		}
		if len(differences(want, map[string]string{"case-gone": ""})) != len(want)+1 {
			t.Error("missing and left-over seeds are not found")
		}
	}
}

// differences lists what is missing, left over or different, at most one line a
// seed.
func differences(want, got map[string]string) (problems []string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if content, ok := got[name]; !ok {
			problems = append(problems, name+" is missing")
		} else if content != want[name] {
			problems = append(problems, name+" differs")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			problems = append(problems, name+" is left over")
		}
	}
	return problems
}

func isMade(name string) bool {
	return slices.ContainsFunc(made, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

func readSeeds(t *testing.T, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !isMade(e.Name()) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(content)
	}
	return got
}

func writeSeeds(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name := range readSeeds(t, dir) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range want {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// seeds makes the seeds of a target as files of Go's fuzzing engine. Of equal ones
// the first by name stays.
func seeds(all map[string][]byte) map[string]string {
	files, seen := map[string]string{}, map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		octets := all[name]
		if seen[string(octets)] || len(octets) > maxSeed {
			continue
		}
		seen[string(octets)] = true
		files[name] = "go test fuzz v1\n[]byte(" + strconv.Quote(string(octets)) + ")\n"
	}
	return files
}

// programs makes the programs of all seeds, by name.
func programs(t *testing.T, role states.Role) map[string]fuzz.Program {
	t.Helper()
	programs := ofCases(t, func(c *conformance.Case) bool { return c.Role == role && isSeed(c) })
	maps.Copy(programs, modelled(role))
	maps.Copy(programs, defective())
	maps.Copy(programs, random())
	return programs
}

// ofCases makes programs of the cases that are wanted.
func ofCases(t *testing.T, wanted func(*conformance.Case) bool) map[string]fuzz.Program {
	t.Helper()
	programs := map[string]fuzz.Program{}
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if p, ok := programOf(c); ok && wanted(c) {
			programs["case-"+strings.ReplaceAll(c.ID, "/", "-")] = p
		}
	}
	return programs
}

// isSeed reports whether a case is a seed: those of RFC 6455 and, of each way of
// framing and closing in the drafts, those about frames.
func isSeed(c *conformance.Case) bool {
	versions := []string{"hixie-75", "hixie-76", "hybi-01", "hybi-04", "hybi-05", "hybi-06", "hybi-07", "hybi-10"}
	topics := []string{"text", "message", "close", "frame", "limit", "send"}
	parts := strings.Split(c.ID, "/")
	if parts[1] == "extension" {
		return false // the model has no extensions
	}
	return c.Version == "rfc6455" || slices.Contains(versions, c.Version) && slices.Contains(topics, parts[1])
}

// modelled are streams that the model writes.
func modelled(role states.Role) map[string]fuzz.Program {
	programs := map[string]fuzz.Program{}
	add := func(name string, frames ...model.Frame) {
		if role == states.Server {
			for i := range frames {
				frames[i] = frames[i].WithKey([4]byte{0x37, 0xFA, 0x21, 0x3D})
			}
		}
		ops := literals(model.Encode(append(frames, closing(role))...))
		programs["model-"+name] = fuzz.Program{Options: fuzz.Options{Echo: true, Cut: 1}, Ops: ops}
	}
	ping := model.Frame{Fin: true, Opcode: model.OpPing, Payload: "ping"}
	for _, kind := range []model.Kind{model.KindText, model.KindBinary} {
		for _, size := range []int{0, 1, 125, 126, 4096, 65535, 65536} {
			add(fmt.Sprintf("%s-%d", kind, size), model.MessageFrames(kind, strings.Repeat("x", size))...)
		}
		frames := model.MessageFrames(kind, "a€é😀", 2, 0, 3)
		add(string(kind)+"-fragments", frames...)
		add(string(kind)+"-ping-between", slices.Insert(frames, 1, ping, ping)...)
		add(string(kind)+"-unfinished", frames[0])
		add(string(kind)+"-interleaved", frames[0], frames[0])
		add(string(kind)+"-stray", frames[1])
	}
	return programs
}

func closing(role states.Role) model.Frame {
	f := model.CloseFrame(1000, "done")
	if role == states.Server {
		f = f.WithKey([4]byte{1, 2, 3, 4})
	}
	return f
}

// defective are streams with one defect each, in a frame of each type, inside
// and outside of a message.
func defective() map[string]fuzz.Program {
	programs := map[string]fuzz.Program{}
	for defect := fuzz.Defect(0); !strings.HasPrefix(defect.String(), "Defect"); defect++ {
		for typ := fuzz.FrameText; typ <= fuzz.FramePong; typ++ {
			first := fuzz.Op{Kind: fuzz.OpFrame, Type: fuzz.FrameText, More: typ == fuzz.FrameContinuation, Octet: fuzz.Plain("é")}
			broken := fuzz.Op{Kind: fuzz.OpBroken, Type: typ, Key: 7, Octet: fuzz.Plain("\x03\xE8€"), Defect: defect}
			programs[fmt.Sprintf("defect-%v-%v", defect, typ)] = fuzz.Program{Options: fuzz.Options{Cut: 1}, Ops: []fuzz.Op{first, broken, first}}
		}
	}
	return programs
}

// random are programs of the generator.
func random() map[string]fuzz.Program {
	programs := map[string]fuzz.Program{}
	for i := range 60 {
		params := gopter.DefaultGenParameters().CloneWithSeed(int64(i))
		params.MaxSize = 4 + i
		p, _ := fuzz.Programs()(params).Retrieve()
		programs[fmt.Sprintf("random-%02d", i)] = p.(fuzz.Program)
	}
	return programs
}

// literals writes octets as operations, repeated ones in short.
func literals(p []byte) (ops []fuzz.Op) {
	const most, worth = 12, 64 // the longest period; octets that are worth an operation
	add := func(o fuzz.Octets) {
		if o.Size > 0 {
			ops = append(ops, fuzz.Op{Kind: fuzz.OpLiteral, Octet: o})
		}
	}
	done := 0
	for at := 0; at < len(p); at++ {
		for period := 1; period <= most; period++ {
			n := 0
			for at+n+period < len(p) && p[at+n] == p[at+n+period] {
				n++
			}
			if n += period; n >= worth && n > period {
				add(fuzz.Plain(p[done:at]))
				add(fuzz.Octets{Data: bytes.Clone(p[at : at+period]), Size: n})
				at += n
				done = at
				break
			}
		}
	}
	add(fuzz.Plain(p[done:]))
	return ops
}

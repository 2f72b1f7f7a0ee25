package gen_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wsfsm/wsfsm/gen"
)

const turnstile = "testdata/turnstile"

// generateTurnstile writes a machine that has nothing to do with WebSocket.
func generateTurnstile(t *testing.T) map[string][]byte {
	t.Helper()
	out, err := gen.GeneratePackage(os.DirFS(turnstile), gen.Package{Name: "turnstile"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTurnstile(t *testing.T) {
	out := generateTurnstile(t)
	if *update {
		write(t, turnstile, out)
		remove(t, turnstile, orphans(t, turnstile, out))
	}
	compare(t, turnstile, out)
	for _, path := range orphans(t, turnstile, out) {
		t.Errorf("%s is not generated any more", path)
	}
	names := slices.Sorted(maps.Keys(out))
	want := []string{"turnstile.go", "turnstile.json", "turnstile.md", "turnstile/turnstile.dot", "turnstile/turnstile.mmd"}
	if !slices.Equal(names, want) {
		t.Errorf("generated %q, want %q", names, want)
	}
}

// TestTurnstileRuns compiles and runs the generated Go, by the test beside it.
func TestTurnstileRuns(t *testing.T) {
	dependOn(t, turnstile+"/*.go", filepath.Join(root, "fsm", "*.go"))
	for _, args := range [][]string{{"vet", "./" + turnstile}, {"test", "./" + turnstile}} {
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// lights has what the turnstile does not: roles, failures, two machines, two
// versions, an action that no row uses the name of twice.
var lights = fstest.MapFS{
	"vocabulary.yaml": {Data: []byte(`vocabulary: "1"
roles:
  near: this side of the crossing
  far: the other side
faults:
  remote: the other side is to blame
failures:
  collision: {fault: remote, cite: "Rules §1", means: both sides are green}
machines:
  light:
    means: one traffic light
    states:
      red: traffic stops
      green: traffic goes
      dark: the light is broken
    events:
      command:
        change: change the light
      world:
        short: a short circuit
      wire:
        other-green: the other side says that it is green
    actions:
      show: {means: switch the lamps}
  bell:
    means: a bell for the blind
    states:
      silent: it does not ring
      broken: it never will
    events:
      world:
        short: a short circuit
`)},
	"old.yaml": {Data: []byte(`version: old
title: The old one
machines:
  light:
    initial: {near: red, far: green}
    states:
      red:
        when:
          change: {to: green, do: show}
          short: {to: dark}
          other-green: {to: red}
      green:
        when:
          change: {to: red, do: show}
          short: {to: dark}
          other-green: {to: dark, fail: collision}
      dark: {final: true, refuse: [change], ignore: [short]}
  bell:
    initial: silent
    states:
      silent:
        when:
          short: {to: broken}
      broken: {final: true, ignore: [short]}
`)},
	"young.yaml": {Data: []byte(`version: young
title: The young one
machines:
  light:
    initial: red
    states:
      red:
        when:
          change: {to: green, do: show}
          short: {to: dark}
          other-green: {to: red}
      green:
        when:
          change: {to: red, do: show}
          short: {to: dark}
          other-green: {to: dark, fail: collision}
      dark: {final: true, refuse: [change], ignore: [short]}
`)},
}

// TestPackageOfManyMachines compiles what is generated for two machines in two
// versions; the files exist for the compiler only.
func TestPackageOfManyMachines(t *testing.T) {
	out, err := gen.GeneratePackage(lights, gen.Package{Name: "lights", SpecDir: "../specs"})
	if err != nil {
		t.Fatal(err)
	}
	const use = `package lights

var (
	_ = OldLightTransitions
	_ = OldBellTransitions
	_ = YoungLightTransitions
	_ LightMachine = StartOldLight(Near)
	_ BellMachine = StartOldBell(Far)
	_ LightActions = hands{}
	_ BellActions = bellHands{}
	_ = LightOnOtherGreen
	_ = Collision.Citation()
)

type hands struct{}

func (hands) Show()          {}
func (hands) Fail(Violation) {}

type bellHands struct{}

func (bellHands) Fail(Violation) {}
`
	buildOverlay(t, map[string]string{"lights.go": string(out["lights.go"]), "use.go": use})
	for _, path := range []string{"old.json", "young.md", "old/light-near.dot", "old/light-far.mmd", "young/light.mmd"} {
		if out[path] == nil {
			t.Errorf("no %s among %q", path, slices.Sorted(maps.Keys(out)))
		}
	}
	if page := string(out["old.md"]); !strings.Contains(page, "(../specs/old.yaml)") {
		t.Errorf("the page does not link to its spec file:\n%.600s", page)
	}
}

// buildOverlay compiles a package whose files exist in an overlay only.
func buildOverlay(t *testing.T, files map[string]string) {
	t.Helper()
	dependOn(t, filepath.Join(root, "fsm", "*.go"))
	temp := t.TempDir()
	dir, err := filepath.Abs("testdata/overlaid")
	if err != nil {
		t.Fatal(err)
	}
	replace := make(map[string]string)
	for name, text := range files {
		path := filepath.Join(temp, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(dir, name)] = path
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(temp, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-overlay", file, "./testdata/overlaid").CombinedOutput(); err != nil {
		t.Errorf("go build: %v\n%s", err, out)
	}
}

// TestPageTellsWhatABaseSaid: rows that a version takes over, and rows that it
// changes, are told apart.
func TestPageTellsWhatABaseSaid(t *testing.T) {
	specs := maps.Clone(lights)
	delete(specs, "old.yaml")
	base := strings.Replace(string(lights["young.yaml"].Data), "version: young\ntitle: The young one", "version: base\nabstract: true", 1)
	specs["base.yaml"] = &fstest.MapFile{Data: []byte(base)}
	specs["young.yaml"] = &fstest.MapFile{Data: []byte(`version: young
extends: [base]
confidence: nobody has seen one
replace:
  machines:
    light:
      states:
        green:
          when:
            short: {to: red, do: show, confidence: told by hearsay}
machines:
  bell:
    initial: silent
    states:
      silent:
        when:
          short: {to: broken}
      broken: {final: true, ignore: [short]}
`)}
	out, err := gen.GeneratePackage(specs, gen.Package{Name: "lights"})
	if err != nil {
		t.Fatal(err)
	}
	page := string(out["young.md"])
	for _, want := range []string{
		"> **Uncertain:** nobody has seen one\n",
		"| **green** | `change` | `red` | `show` |  | base.yaml |\n",
		"|  | `short` | `red` | `show` | **uncertain:** told by hearsay | **young.yaml** |\n",
		"|  | `other-green` | `dark` | ✗ `collision` | Rules §1 | base.yaml |\n",
		"| **silent** | `short` | `broken` |  |  |\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q:\n%s", want, page)
		}
	}
}

func TestPackageRefusals(t *testing.T) {
	var name *gen.PackageNameError
	if _, err := gen.GeneratePackage(lights, gen.Package{Name: "traffic-lights"}); !errors.As(err, &name) {
		t.Errorf("a name that is no identifier: %v", err)
	}
	_, err := gen.GeneratePackage(os.DirFS(filepath.Join(root, "states")), gen.Package{Name: "websocket"})
	if err == nil || !strings.Contains(err.Error(), "bare machines") {
		t.Errorf("machines that read: %v", err)
	}
	clash := maps.Clone(lights)
	clash["vocabulary.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(lights["vocabulary.yaml"].Data), "collision:", "light-red:", 1))}
	for _, file := range []string{"old.yaml", "young.yaml"} {
		clash[file] = &fstest.MapFile{Data: []byte(strings.Replace(string(lights[file].Data), "fail: collision", "fail: light-red", 1))}
	}
	_, err = gen.GeneratePackage(clash, gen.Package{Name: "lights"})
	if err == nil || !strings.Contains(err.Error(), "the Go name LightRed would stand for both") {
		t.Errorf("two words with one Go name: %v", err)
	}
}

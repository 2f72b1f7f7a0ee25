package check_test

import (
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/wsfsm/wsfsm/gen/check"
	"github.com/wsfsm/wsfsm/gen/spec"
	"go.yaml.in/yaml/v3"
)

// files reads a directory of spec files into memory.
func files(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	names, err := fs.Glob(os.DirFS(dir), "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := make(fstest.MapFS)
	for _, name := range names {
		content, err := os.ReadFile(dir + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = &fstest.MapFile{Data: content}
	}
	return all
}

// deletion takes one thing out of a tree of YAML and can put it back.
type deletion struct {
	path     string
	do, undo func()
}

// deletions are those of each key, item and word of a list of words.
func deletions(n *yaml.Node, path string) []deletion {
	var list []deletion
	switch n.Kind {
	case yaml.DocumentNode:
		return deletions(n.Content[0], path)
	case yaml.MappingNode, yaml.SequenceNode:
		step := 1
		if n.Kind == yaml.MappingNode {
			step = 2
		}
		whole := n.Content
		for i := 0; i < len(whole); i += step {
			here := path + "." + whole[i].Value
			list = append(list, deletion{here,
				func() { n.Content = slices.Delete(slices.Clone(whole), i, i+step) },
				func() { n.Content = whole }})
			list = append(list, deletions(whole[i+step-1], here)...)
		}
	case yaml.ScalarNode:
		whole := n.Value
		words := strings.Fields(whole)
		if len(words) < 2 || !strings.ContainsAny(words[0], "0123456789") {
			return nil
		}
		for i, w := range words {
			list = append(list, deletion{path + " " + w,
				func() { n.Value = strings.Join(slices.Delete(slices.Clone(words), i, i+1), " ") },
				func() { n.Value = whole }})
		}
	}
	return list
}

// acceptedFile lists the deletions that Check does not notice. The conformance
// cases do.
const acceptedFile = "../testdata/accepted-deletions.txt"

// TestDeletions takes each single thing out of the spec files of RFC 6455:
// every row, every attribute, every pattern, every item of a list. Check must
// refuse what is left, but for the listed ones.
func TestDeletions(t *testing.T) {
	all := files(t, "../../states")
	var variants []variant
	for _, name := range []string{"rfc6455.yaml", "opening.yaml", "framing-mask-bit.yaml"} {
		variants = append(variants, without(t, name, all[name].Data)...)
	}
	if len(variants) < 1000 {
		t.Fatalf("only %d deletions", len(variants))
	}
	listed, err := os.ReadFile(acceptedFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	known := strings.Fields(strings.ReplaceAll(string(listed), " ", "_"))
	step := 1
	if testing.Short() {
		step = 53
	}
	accepts := make([]bool, len(variants))
	var group sync.WaitGroup
	loader := new(spec.Loader)
	if _, err := loader.LoadVersion(all, "rfc6455"); err != nil {
		t.Fatal(err)
	}
	for worker := range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := worker * step; i < len(variants); i += step * runtime.GOMAXPROCS(0) {
				changed := maps.Clone(all)
				changed[variants[i].file] = &fstest.MapFile{Data: variants[i].content}
				set, err := loader.LoadVersion(changed, "rfc6455")
				accepts[i] = err == nil && check.Check(set) == nil
			}
		})
	}
	group.Wait()
	var accepted []string
	for i := 0; i < len(variants); i += step {
		path := variants[i].path
		if accepts[i] {
			accepted = append(accepted, path)
		}
		if was := slices.Contains(known, strings.ReplaceAll(path, " ", "_")); accepts[i] != was && !*update {
			t.Errorf("without %s: accepted is %v, but %v in %s", path, accepts[i], was, acceptedFile)
		}
	}
	for _, path := range known {
		if !*update && !slices.ContainsFunc(variants, func(v variant) bool { return strings.ReplaceAll(v.path, " ", "_") == path }) {
			t.Errorf("%s lists %s, which is not there", acceptedFile, path)
		}
	}
	if *update && step == 1 {
		if err := os.WriteFile(acceptedFile, []byte(strings.Join(accepted, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// variant is a spec file with one thing taken out.
type variant struct {
	path, file string
	content    []byte
}

// without makes all variants of a file. Citations and titles are for readers.
func without(t *testing.T, file string, content []byte) []variant {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		t.Fatal(err)
	}
	var list []variant
	for _, d := range deletions(&root, strings.TrimSuffix(file, ".yaml")) {
		if strings.HasSuffix(d.path, ".cite") || strings.HasSuffix(d.path, ".title") {
			continue
		}
		d.do()
		changed, err := yaml.Marshal(&root)
		d.undo()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, variant{d.path, file, changed})
	}
	return list
}

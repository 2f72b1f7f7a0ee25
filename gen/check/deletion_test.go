package check_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/wsfsm/wsfsm/gen/check"
	"github.com/wsfsm/wsfsm/gen/spec"
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

// TestDeletions takes each single thing out of the spec files of RFC 6455.
// What Check then still accepts is listed here; the conformance cases notice
// it.
func TestDeletions(t *testing.T) {
	all := files(t, "../../states")
	accepted, total := []string(nil), 0
	for _, name := range []string{"rfc6455.yaml", "framing-mask-bit.yaml"} {
		original := all[name].Data
		var root yaml.Node
		if err := yaml.Unmarshal(original, &root); err != nil {
			t.Fatal(err)
		}
		for _, d := range deletions(&root, strings.TrimSuffix(name, ".yaml")) {
			if strings.HasSuffix(d.path, ".cite") {
				continue
			}
			d.do()
			changed, err := yaml.Marshal(&root)
			d.undo()
			if err != nil {
				t.Fatal(err)
			}
			all[name] = &fstest.MapFile{Data: changed}
			total++
			set, err := spec.Load(all)
			if err == nil {
				err = check.Check(set)
			}
			if err == nil {
				accepted = append(accepted, d.path)
			}
		}
		all[name] = &fstest.MapFile{Data: original}
	}
	t.Logf("%d of %d deletions are accepted:\n%s", len(accepted), total, strings.Join(accepted, "\n"))
}

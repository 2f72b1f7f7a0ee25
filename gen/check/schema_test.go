package check_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// schemas are those of vocabularies and of spec files.
func schemas(t *testing.T) (vocabulary, version *jsonschema.Schema) {
	t.Helper()
	compile := func(name string) *jsonschema.Schema {
		file, err := os.Open("../../states/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		document, err := jsonschema.UnmarshalJSON(file)
		if err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource(name, document); err != nil {
			t.Fatal(err)
		}
		schema, err := c.Compile(name)
		if err != nil {
			t.Fatal(err)
		}
		return schema
	}
	return compile("vocabulary.schema.json"), compile("spec.schema.json")
}

// value is a YAML document as the validator takes it.
func value(content []byte) (any, error) {
	var v any
	err := yaml.Unmarshal(content, &v)
	return v, err
}

func TestSpecFilesMatchTheirSchema(t *testing.T) {
	vocabulary, version := schemas(t)
	for _, dir := range []string{"../../states", "../testdata/turnstile", "../testdata/small", "../testdata/flatten"} {
		for name, file := range files(t, dir) {
			schema := version
			if name == spec.VocabularyFile {
				schema = vocabulary
			}
			v, err := value(file.Data)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); err != nil {
				t.Errorf("%s/%s: %v", dir, name, err)
			}
		}
	}
}

// inSchema are the cases of ../testdata/broken, by the beginnings of their
// names, whose mistakes an editor shows with the schemas alone.
var inSchema = []string{
	"unknown-key", "missing-key", "bad-name", "do-and-fail", "bad-value", "wrong-type", "unknown-name.part", "head-line.name",
	"ambiguous.number", "ambiguous.pattern", "ambiguous.key", "ambiguous.nothing",
}

func TestSchemasRefuse(t *testing.T) {
	vocabulary, version := schemas(t)
	refused := 0
	for _, path := range brokenCases(t) {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		if !slices.ContainsFunc(inSchema, func(start string) bool { return strings.HasPrefix(name, start) }) {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, list := sections(string(content))
		all, _ := caseFiles(t, list)
		right := true
		for file, f := range all {
			schema := version
			if file == spec.VocabularyFile {
				schema = vocabulary
			}
			v, err := value(f.Data)
			right = right && err == nil && schema.Validate(v) == nil
		}
		if right {
			t.Errorf("%s matches the schemas", name)
		}
		refused++
	}
	if refused < 25 {
		t.Errorf("only %d cases", refused)
	}
}

package gen_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func tablesSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(filepath.Join(root, "states", "tables", "tables.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("tables.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("tables.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, text []byte) error {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(document)
}

func TestTablesMatchTheirSchema(t *testing.T) {
	schema := tablesSchema(t)
	for path, text := range generate(t) {
		if strings.HasSuffix(path, ".json") {
			if err := validate(t, schema, text); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
	for path, text := range generateTurnstile(t) {
		if strings.HasSuffix(path, ".json") {
			if err := validate(t, schema, text); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

func TestSchemaRefusesBrokenTables(t *testing.T) {
	schema := tablesSchema(t)
	text := string(generate(t)["states/tables/rfc6455.json"])
	for _, c := range []struct{ name, from, to string }{
		{"another format", `"format": 1`, `"format": 2`},
		{"unknown member", `"format": 1`, `"format": 1, "formats": 1`},
		{"no title", `"title":`, `"titled":`},
		{"wire version as text", `"wireVersion": 13`, `"wireVersion": "13"`},
		{"a cell of three numbers", `"cell": [1, 1, 2, `, `"cell": [1, 2, `},
		{"unknown kind of event", `"kind": "world"`, `"kind": "wrld"`},
		{"action and failure in one row", `"do": "begin"`, `"do": "begin", "fail": "too-long"`},
		{"an octet above 255", `255, "reserved-bits"]`, `256, "reserved-bits"]`},
		{"unknown mode of a bit", `"rsv": ["unowned"`, `"rsv": ["owned"`},
		{"a name that is none", `"from": "connecting"`, `"from": "Connecting"`},
		{"count as text", `"count": 1`, `"count": "1"`},
		{"a failure without meaning", `"code": 1009, "fault": "limit", "cite": "RFC 6455 §7.4.1", "means"`, `"code": 1009, "fault": "limit", "cite": "RFC 6455 §7.4.1", "meant"`},
	} {
		broken := strings.Replace(text, c.from, c.to, 1)
		if broken == text {
			t.Errorf("%s: the tables have no %q", c.name, c.from)
			continue
		}
		if validate(t, schema, []byte(broken)) == nil {
			t.Errorf("%s: the schema accepts it", c.name)
		}
	}
}

package model

import (
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The model judges the rest of the module, so it must not be built on it, nor
// take text from the routines that it replaces.
func TestIndependence(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			switch path, _ := strconv.Unquote(spec.Path.Value); path {
			case "strings", "strconv", "crypto/md5", "crypto/sha1", "encoding/base64", "math/big":
			default:
				t.Errorf("%s imports %s", entry.Name(), path)
			}
		}
	}
	if files < 5 {
		t.Errorf("only %d files looked at", files)
	}
}

package floors

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var update = flag.Bool("update", false, "write the files named in Markdown into their blocks")

// block is a code block of a Markdown file that shows a file.
var block = regexp.MustCompile("(?s)<!-- file: ([^ ]+) -->\n```go\n(.*?)```\n")

// link is a link of a Markdown file to another file.
var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

func TestReadmeShowsFilesAsTheyAre(t *testing.T) {
	const readme = "../../README.md"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	fresh := block.ReplaceAllFunc(text, func(b []byte) []byte {
		file := string(block.FindSubmatch(b)[1])
		code, err := os.ReadFile(filepath.Join("../..", file))
		if err != nil {
			t.Error(err)
			return b
		}
		shown++
		return []byte("<!-- file: " + file + " -->\n```go\n" + string(code) + "```\n")
	})
	if shown < 3 {
		t.Errorf("README shows %d files", shown)
	}
	if bytes.Equal(fresh, text) {
		return
	}
	if !*update {
		t.Fatal("README shows a file otherwise than it is; go test ./internal/floors -update")
	}
	if err := os.WriteFile(readme, fresh, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../../docs/versions/*.md")
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, file := range append(append(files, more...), "../../README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllSubmatch(text, -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), string(m[1]))); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	if links < 10 {
		t.Errorf("only %d links found", links)
	}
}

package conformance

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var codeSpan = regexp.MustCompile("`([^`]+)`")

// knownBugs compares the table of the bugs of other drivers with the cases: each
// row names cases that are there, and each case of the topic stands in a row.
func knownBugs(table string, all []*Case) (problems []string) {
	isCase, named := map[string]bool{}, map[string]bool{}
	for _, c := range all {
		isCase[c.ID] = true
	}
	for i, line := range strings.Split(table, "\n") {
		cells := strings.Split(strings.Trim(line, "|"), " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) != 3 || cells[0] == " bug" {
			continue
		}
		ids := codeSpan.FindAllStringSubmatch(cells[2], -1)
		if len(ids) == 0 {
			problems = append(problems, fmt.Sprintf("line %d names no case", i+1))
		}
		for _, id := range ids {
			named[id[1]] = true
			if !isCase[id[1]] {
				problems = append(problems, fmt.Sprintf("line %d: there is no case %s", i+1, id[1]))
			}
		}
	}
	for _, c := range all {
		if strings.Contains(c.ID, "/known-bugs/") && !named[c.ID] {
			problems = append(problems, fmt.Sprintf("no row names %s", c.ID))
		}
	}
	return problems
}

func TestKnownBugs(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("../docs/known-bugs.md")
	if err != nil {
		t.Fatal(err)
	}
	all := cases(t)
	for _, problem := range knownBugs(string(table), all) {
		t.Error(problem)
	}
	row := "| planted | driver | `rfc6455/known-bugs/unmasked` |\n"
	for planted, want := range map[string]string{
		"":                         "no row names rfc6455/known-bugs/unmasked",
		row:                        "",
		"| planted | driver | |\n": "line 1 names no case",
		row + "| planted | driver | `rfc6455/no/case` |\n": "line 2: there is no case rfc6455/no/case",
	} {
		got := knownBugs(planted, []*Case{{ID: "rfc6455/known-bugs/unmasked"}})
		if want == "" != (len(got) == 0) || want != "" && !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("%q: %q, want %q", planted, got, want)
		}
	}
}

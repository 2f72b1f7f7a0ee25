package conformance_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write docs/requirements.md anew")

const requirementsPage = "../docs/requirements.md"

// TestRequirementsPage compares docs/requirements.md with the list.
func TestRequirementsPage(t *testing.T) {
	page := requirementsText(requirements(t), specs(t))
	if *update {
		if err := os.WriteFile(requirementsPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if there, err := os.ReadFile(requirementsPage); err != nil || string(there) != page {
		t.Errorf("docs/requirements.md is not what conformance/requirements.yaml says, %v: go test ./conformance -run TestRequirementsPage -update", err)
	}
}

// requirementsText writes the list for people.
func requirementsText(list []requirement, files fstest.MapFS) string {
	var b strings.Builder
	count := map[string]int{}
	for _, r := range list {
		count[r.Level]++
		if r.Reason != "" {
			count["reason"]++
		}
	}
	fmt.Fprintf(&b, `<!-- Made from conformance/requirements.yaml by go test ./conformance -run TestRequirementsPage -update. DO NOT EDIT. -->

# Requirements of RFC 6455

%d normative statements of RFC 6455 in short words: %d MUST, %d SHOULD, %d MAY. A MUST names the case or test that shows it, and how
the rule was broken to see that very case or test fail; TestRequirements in package conformance does so at each run. %d of them
bind no part of this library and say why. A SHOULD or MAY names the choice made.

`, len(list), count["MUST"], count["SHOULD"], count["MAY"], count["reason"])
	section := ""
	for _, r := range list {
		if s := r.section(); s != section {
			section = s
			fmt.Fprintf(&b, "\n## Section %s\n\n| id | level | role | requirement | shown by | broken by |\n|---|---|---|---|---|---|\n", s)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.ID, r.Level, r.Role, cell(r.Text), cell(r.shownBy()), cell(r.Plant.describe(files)))
	}
	return strings.Replace(b.String(), "\n\n\n", "\n\n", -1)
}

// cell escapes what would end a cell of a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// section is the section of the RFC in the id.
func (r *requirement) section() string {
	s := strings.TrimPrefix(r.ID, "R6455-")
	return s[:strings.LastIndexByte(s, '-')]
}

func (r *requirement) shownBy() string {
	var parts []string
	if r.Choice != "" {
		parts = append(parts, r.Choice)
	}
	if r.Case != "" {
		parts = append(parts, fmt.Sprintf("[%s](../conformance/cases/%s.case)", strings.TrimPrefix(r.Case, "rfc6455/"), r.Case))
	}
	if r.Test != "" {
		parts = append(parts, r.Test)
	}
	if r.Reason != "" {
		parts = append(parts, "*not bound:* "+r.Reason)
	}
	return strings.Join(parts, " ")
}

// describe says in short what a plant changes: where, and the words that differ.
func (p plant) describe(files fstest.MapFS) string {
	switch {
	case p.Fault != "":
		return "fault " + p.Fault
	case p.File == "":
		return ""
	}
	was, is := strings.Fields(p.Replace), strings.Fields(p.With)
	for len(was) > 1 && len(is) > 1 && was[0] == is[0] {
		was, is = was[1:], is[1:]
	}
	for len(was) > 1 && len(is) > 1 && was[len(was)-1] == is[len(is)-1] {
		was, is = was[:len(was)-1], is[:len(is)-1]
	}
	return fmt.Sprintf("%s, %s: `%s` becomes `%s`", p.File, p.key(files), strings.Join(was, " "), strings.Join(is, " "))
}

// key is what the first line that a plant changes begins with.
func (p plant) key(files fstest.MapFS) string {
	text := string(files[p.File].Data)
	at := strings.Index(text, p.Replace)
	for i := 0; i < len(p.Replace) && i < len(p.With) && p.Replace[i] == p.With[i]; i++ {
		at++
	}
	line, _, _ := strings.Cut(text[strings.LastIndexByte(text[:at], '\n')+1:], "\n")
	key, _, _ := strings.Cut(strings.Trim(line, ` "`), ": ")
	return strings.Trim(key, `":`)
}

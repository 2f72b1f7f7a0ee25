package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/page"
)

// TestPolicyAllowsThePageOnly takes the inline parts out of the document as a
// browser does and looks for their hashes in the policy.
func TestPolicyAllowsThePageOnly(t *testing.T) {
	p := page.New()
	for _, element := range []string{"script", "style"} {
		found := regexp.MustCompile("(?s)<"+element+">(.*?)</"+element+">").FindAllStringSubmatch(p.Document, -1)
		if len(found) != 1 {
			t.Fatalf("%d elements %s", len(found), element)
		}
		sum := sha256.Sum256([]byte(found[0][1]))
		want := element + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if !strings.Contains(p.Policy, want+";") {
			t.Errorf("the policy %q has no %q", p.Policy, want)
		}
	}
	if !strings.HasPrefix(p.Policy, "default-src 'none';") || strings.Contains(p.Policy, "unsafe") {
		t.Errorf("policy %q", p.Policy)
	}
}

// TestNothingFromElsewhere also holds what the policy would block.
func TestNothingFromElsewhere(t *testing.T) {
	document := page.New().Document
	for _, bad := range []string{"http://", "https://", "{{", " src=", "style=", "onclick", "innerHTML", "@import", "url("} {
		if strings.Contains(document, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

// TestFieldsAreLabelled finds a label for every field.
func TestFieldsAreLabelled(t *testing.T) {
	document := page.New().Document
	fields := regexp.MustCompile(`<(?:input|textarea)[^>]* ?id="([^"]+)"`).FindAllStringSubmatch(document, -1)
	if len(fields) != 5 {
		t.Errorf("%d fields with an id, want 5", len(fields))
	}
	for _, f := range fields {
		if !strings.Contains(document, `for="`+f[1]+`"`) {
			t.Errorf("the field %s has no label", f[1])
		}
	}
}

package check_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

// TestLargest checks a set that fills all bounds at once: it must not take
// more than a moment.
func TestLargest(t *testing.T) {
	v, s := new(strings.Builder), new(strings.Builder)
	v.WriteString("vocabulary: \"1\"\nroles:\n")
	for i := range 8 {
		fmt.Fprintf(v, "  r%d: x\n", i)
	}
	v.WriteString("reads:\n  octet: {takes: class, eats: maybe, yields: [], means: x}\n  check: {takes: limit, eats: never, yields: [], means: x}\n")
	v.WriteString("fields:\n  f: {yields: [], means: x}\nlimits:\n  l: {yields: [e1, e2], counts: a, means: x}\n  w: {yields: [e3], since: a, means: x}\nmachines:\n  m:\n    means: x\n    states:\n")
	for i := range 255 {
		fmt.Fprintf(v, "      s%d: x\n", i)
	}
	v.WriteString("    events:\n      class:\n")
	for i := range 255 {
		if i == 128 {
			v.WriteString("      wire:\n")
		}
		fmt.Fprintf(v, "        e%d: x\n", i)
	}
	v.WriteString("    actions:\n      a: {means: x}\n")
	s.WriteString("version: large\nmachines:\n  m:\n    initial: s1\n    limits: [w]\n    classes:\n      c:\n")
	for i := range 128 {
		fmt.Fprintf(s, "        e%d: \"0x%02X\"\n", i, i)
	}
	s.WriteString("        otherwise: e127\n    when:\n")
	for i := 20; i < 255; i++ {
		fmt.Fprintf(s, "      e%d: {to: s%d}\n", i, i)
	}
	s.WriteString("    states:\n      s0: {final: true}\n")
	for i := 1; i < 255; i++ {
		fmt.Fprintf(s, "      s%d:\n        read: {octet: c, as: f}\n        through: f\n        when:\n", i)
		for e := range 12 {
			fmt.Fprintf(s, "          e%d: {to: s%d}\n", e, (i+e+1)%255)
		}
	}
	files := fstest.MapFS{
		"vocabulary.yaml": {Data: []byte(v.String())},
		"large.yaml":      {Data: []byte(s.String())},
	}
	start := time.Now()
	set, err := spec.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	if err := loadAndCheck(files); err == nil {
		t.Error("a set with mistakes was accepted")
	}
	if _, err := lower.Lower(set.Vocabulary, set.Versions[0]); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("it took %v", took)
	} else {
		t.Log(took)
	}
}

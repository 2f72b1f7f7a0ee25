package check_test

import (
	"os"
	"testing"

	"github.com/wsfsm/wsfsm/gen/check"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

func TestSpecFilesAreRight(t *testing.T) {
	for _, dir := range []string{"../../states", "../testdata/turnstile", "../testdata/small"} {
		set, err := spec.Load(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		if err := check.Check(set); err != nil {
			t.Errorf("%s:\n%v", dir, err)
		}
		for _, ver := range set.Concrete() {
			if _, err := lower.Lower(set.Vocabulary, ver); err != nil {
				t.Error(err)
			}
		}
	}
}

package peer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder notes what Require does to a test.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Helper() {}

func (r *recorder) Skipf(format string, args ...any) {
	r.said = "skip " + args[0].(string)
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.said = "fail " + args[0].(string)
}

func TestRequire(t *testing.T) {
	dir := t.TempDir()
	const knowsOneGem = "#!/bin/sh\n[ \"$3\" = there ]\n"
	for file, text := range map[string]string{
		"bin/node": "#!/bin/sh\n", "bin/python3": "#!/bin/sh\n", "bin/ruby": knowsOneGem,
		"node_modules/there/package.json": "{}", "python/there/__init__.py": "",
	} {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", filepath.Join(dir, "bin"))
	t.Setenv("WSFSM_PEERS", dir)
	for _, c := range []struct{ names, ci, want string }{
		{"node python3 ruby npm:there python:there ruby:there", "", ""},
		{"node python3 ruby npm:there python:there ruby:there", "true", ""},
		{"node absent npm:gone python:gone", "", "skip absent, npm:gone, python:gone"},
		{"npm:gone", "true", "fail npm:gone"},
		{"ruby:there ruby:gone", "true", "fail ruby:gone"},
		{"perl:there", "true", "fail perl:there"},
	} {
		t.Setenv("CI", c.ci)
		r := &recorder{TB: t}
		Require(r, strings.Fields(c.names)...)
		if r.said != c.want {
			t.Errorf("Require(%s) with CI=%q: %q, want %q", c.names, c.ci, r.said, c.want)
		}
	}
}

func TestCommandFindsPeers(t *testing.T) {
	t.Setenv("WSFSM_PEERS", "/somewhere")
	env := strings.Join(Command(t, "node").Env, "\n")
	if !strings.Contains(env, "NODE_PATH=/somewhere/node_modules") || !strings.Contains(env, "PYTHONPATH=/somewhere/python") {
		t.Error(env)
	}
}

func TestProgram(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "somebody")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	if got := Program("somebody"); got != path {
		t.Errorf("somebody is %q", got)
	}
	if got := Program("nobody"); got != "" {
		t.Errorf("nobody is %q", got)
	}
}

// Package peer finds the other implementations that tests talk to. Require is
// the only function in this repository that may skip a test.
package peer

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Require skips the test unless all the peers named are installed, saying which
// is missing; where the environment variable CI is set it fails instead. A name
// is a program ("node", "chromium"), "npm:" with a Node package, or "python:"
// with a Python module. .ci/install installs all of them.
func Require(t testing.TB, names ...string) {
	t.Helper()
	var missing []string
	for _, name := range names {
		if !installed(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return
	}
	const message = "not installed: %s (run: bash .ci/install)"
	if os.Getenv("CI") == "" {
		t.Skipf(message, strings.Join(missing, ", "))
		return
	}
	t.Fatalf(message, strings.Join(missing, ", "))
}

// Command returns a command that finds the installed Node packages and Python
// modules. It ends with the test.
func Command(t testing.TB, program string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+NodeModules(), "PYTHONPATH="+pythonModules())
	return cmd
}

// NodeModules is the directory that the Node packages are installed in.
func NodeModules() string { return filepath.Join(directory(), "node_modules") }

func pythonModules() string { return filepath.Join(directory(), "python") }

// directory is .peers at the root of the repository, or where WSFSM_PEERS says.
func directory() string {
	if dir := os.Getenv("WSFSM_PEERS"); dir != "" {
		return dir
	}
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		return ".peers"
	}
	return filepath.Join(filepath.Dir(file), "..", "..", ".peers")
}

func installed(name string) bool {
	kind, rest, ok := strings.Cut(name, ":")
	switch {
	case !ok:
		_, err := exec.LookPath(name)
		return err == nil
	case kind == "npm":
		return installed("node") && exists(filepath.Join(NodeModules(), rest, "package.json"))
	case kind == "python":
		return installed("python3") && exists(filepath.Join(pythonModules(), rest))
	}
	return false
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

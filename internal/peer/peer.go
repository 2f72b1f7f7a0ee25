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
// is missing; where the environment variable CI is set it fails instead. Names
// are as for Missing. .ci/install installs all of them.
func Require(t testing.TB, names ...string) {
	t.Helper()
	missing := Missing(names...)
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

// Missing returns those of the names whose peers are not installed. A name is a
// program ("node", "squid"), "npm:" with a Node package, "python:" with a Python
// module, or "ruby:" with a gem.
func Missing(names ...string) (missing []string) {
	for _, name := range names {
		if !installed(name) {
			missing = append(missing, name)
		}
	}
	return missing
}

// Command returns a command that finds the installed Node packages and Python
// modules. It ends with the test.
func Command(t testing.TB, program string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), Program(program), args...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+NodeModules(), "PYTHONPATH="+pythonModules())
	return cmd
}

// Program returns the path of a program, "" if it is not installed. Servers are
// found as well, which Debian keeps outside of the PATH of most users.
func Program(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	return ""
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
		return Program(name) != ""
	case kind == "npm":
		return installed("node") && exists(filepath.Join(NodeModules(), rest, "package.json"))
	case kind == "python":
		return installed("python3") && exists(filepath.Join(pythonModules(), rest))
	case kind == "ruby":
		return installed("ruby") && exec.Command(Program("ruby"), "-e", "Gem::Specification.find_by_name(ARGV[0])", rest).Run() == nil
	}
	return false
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
